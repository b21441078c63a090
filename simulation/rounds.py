"""Work that is no ticket: returned mail, lists and surveys, a former section's loose ends."""

from __future__ import annotations

import math
from datetime import date, timedelta

from simulation.clients import Clients
from simulation.jobs import Act, Case, Job, search_record
from simulation.lists import ListWork
from simulation.open_files import OpenFiles
from simulation.plan import WardPlan
from simulation.population import Population
from simulation.reserved import ReservedResidents
from simulation.roster import Duty
from simulation.screens import any_purpose, view
from simulation.times import clock
from simulation.turnover import Staff, Transfer

_BATCH_SIZES = (120, 400)
_WORK_OF_A_WARD = 60 * 25.0
_COVERED_SHARE = 0.3
_BATCH_LASTS_S = 3 * 86_400.0
_HANDOVER_DAYS = 21


class Rounds:
    """Add to the honest jobs of a day what comes to a section now and then."""

    def __init__(
        self,
        plan: WardPlan,
        population: Population,
        staff: Staff,
        reserved: ReservedResidents,
        files: OpenFiles,
    ) -> None:
        self._plan, self._population, self._reserved = plan, population, reserved
        self._rng = plan.rng("rounds")
        self._clients = Clients(population, reserved, self._rng)
        self._files = files
        self._moved: dict[str, list[Transfer]] = {}
        for transfer in staff.transfers:
            self._moved.setdefault(transfer.operator.operator_id, []).append(transfer)
        work = plan.operators * plan.lookups_per_day
        self._scale = min(1.0, math.sqrt(work / _WORK_OF_A_WARD))  # small wards mail less
        self._mailed: set[tuple[str, date]] = set()
        self._lists = ListWork(plan, population, staff, reserved, self._scale)

    def add(self, duty: Duty, jobs: list[Job]) -> None:
        """Add the day's extra work to an operator's jobs, in place."""
        if duty.kind != "regular":
            return
        self._returned_mail(duty, jobs)
        self._lists.add(duty, jobs)
        self._handover(duty, jobs)

    def _returned_mail(self, duty: Duty, jobs: list[Job]) -> None:
        """Give one clerk of the section an afternoon of addresses to check, hundreds of them."""
        section, rng = duty.assignment.section, self._rng
        if duty.assignment.role != "clerk" or (section.section_id, duty.day) in self._mailed:
            return
        clerks = max(1, round(section.size * 0.6))
        if rng.random() >= section.desk.mail_batches * self._scale / clerks:
            return
        self._mailed.add((section.section_id, duty.day))
        starts_s = duty.lunch_s + clock(1, 10)
        jobs[:] = [job for job in jobs if job.at_s < duty.lunch_s]  # the counter is left to others
        jobs.append(self._batch(duty, starts_s + 1200.0 * rng.random()))

    def _batch(self, duty: Duty, at_s: float) -> Job:
        rng, desk, operator_id = self._rng, duty.assignment.section.desk, duty.operator.operator_id
        count = min(rng.randint(*_BATCH_SIZES), len(self._population.residents) // 15)
        covered = rng.random() < _COVERED_SHARE
        function = next(f for f in desk.functions if f.endswith(".inquiry"))
        chosen: dict[str, Act] = {}
        while len(chosen) < count:
            resident = self._clients.draw(desk, operator_id)
            token = resident.resident_id
            barred = covered and self._reserved.bars_case(
                desk.section_id, token, duty.day, _BATCH_LASTS_S
            )
            if barred or resident.protected or self._reserved.avoids(operator_id, token):
                count -= 1
            else:
                chosen[token] = view(rng, function, resident)
        acts = list(chosen.values())
        if rng.random() < 0.4:  # worked through as a list of names
            hits = len(acts)
            acts.insert(
                0, Act(function, "search", None, 5.0, search_record("name", hits, sequential=True))
            )
        job = Job(at_s, acts, purpose="returned_mail" if desk.asks_purpose else None)
        if covered:
            case = Case(
                desk.section_id, desk.code, (function,), list(chosen), [operator_id], _BATCH_LASTS_S
            )
            job.opens, job.opens_after_s = case, -3600.0 * (1 + 3 * rng.random())
            job.reference = case if rng.random() < 0.9 else None
        return job

    def _handover(self, duty: Duty, jobs: list[Job]) -> None:
        """Let somebody who has just moved finish files of the former section."""
        for transfer in self._moved.get(duty.operator.operator_id, ()):
            began = transfer.after.starts_on
            if not began <= duty.day < began + timedelta(days=_HANDOVER_DAYS):
                continue
            former = transfer.before.section.desk
            if self._rng.random() >= 0.3:
                continue
            case = self._files.take_up(self._rng, former.section_id, duty.day)
            if case is None or any(
                self._reserved.avoids(duty.operator.operator_id, r) for r in case.resident_ids
            ):
                continue
            members = [self._population.by_id[r] for r in case.resident_ids[:2]]
            acts = [view(self._rng, case.functions[0], member) for member in members]
            at_s = duty.starts_s + 3600.0 * (0.5 + 2 * self._rng.random())
            purpose = any_purpose(self._rng, duty.assignment.section.desk)
            jobs.append(Job(at_s, acts, reference=case, purpose=purpose))
