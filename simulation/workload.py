"""The honest work of a day at a desk: tickets at the counter, calls, files, and slips."""

from __future__ import annotations

import random
from collections.abc import Sequence

from simulation.acquaintances import Acquaintances
from simulation.calendar import WardCalendar
from simulation.clients import Clients
from simulation.desk import Desk, Task
from simulation.hours import draw_time
from simulation.jobs import Case, Job, Mistyped
from simulation.open_files import OpenFiles
from simulation.plan import WardPlan
from simulation.population import Population, Resident
from simulation.reserved import ReservedResidents
from simulation.roster import Duty
from simulation.screens import SEARCH_SHARE, search_acts, step_acts, view
from simulation.staff import Operator
from simulation.volume import Bench, Volume, in_first_weeks, is_new

_AGAIN_WITH_CASE, _AGAIN_WITHOUT_CASE = 0.03, 0.002
"""How often it is somebody whom the operator saw before."""
_KNOWN_WITH_CASE, _KNOWN_WITHOUT_CASE = 0.004, 0.0006
"""How often it is a neighbour or a colleague, on top of pure chance."""
_DRAWS = 8
_FIRST_WEEKS_SLIPS = 2.5
_FIRST_WEEKS_WRONG_PERSON = 0.03


class Workload:
    """Make the honest jobs of each duty."""

    def __init__(
        self,
        plan: WardPlan,
        calendar: WardCalendar,
        population: Population,
        reserved: ReservedResidents,
        operators: Sequence[Operator],
    ) -> None:
        self._population, self._reserved = population, reserved
        self._rng = plan.rng("workload")
        self.clients = Clients(population, reserved, self._rng)
        self._volume = Volume(plan, calendar, population, self._rng)
        self.files = OpenFiles()
        self._called: set[tuple[str, str]] = set()
        self._known = Acquaintances(operators, population, reserved)

    def jobs_for(self, duty: Duty) -> list[Job]:
        """Return the honest jobs of a day, in no order."""
        bench, rng = self._volume.bench(duty.assignment), self._rng
        if not bench.tasks:
            return []
        span = (duty.starts_s, duty.ends_s, duty.lunch_s)
        evening = (duty.ends_s, duty.stays_until_s)
        times = [draw_time(rng, *span) for _ in range(self._volume.tickets(duty, bench))]
        times += [
            draw_time(rng, *evening) for _ in range(self._volume.evening_tickets(duty, bench))
        ]
        return [self._ticket(duty, bench, at_s) for at_s in times]

    def _ticket(self, duty: Duty, bench: Bench, at_s: float) -> Job:
        """Return one piece of work: an open file again, a ticket with a case, or without."""
        rng, desk = self._rng, duty.assignment.section.desk
        task = rng.choices(bench.tasks, cum_weights=bench.running_weights)[0]
        operator_id = duty.operator.operator_id
        if task.back_office and rng.random() < 0.4:
            case = self.files.take_up(rng, desk.section_id, duty.day)
            if case is not None and not self._avoids(operator_id, case.resident_ids):
                return self._file_again(duty, task, case, at_s)
        if rng.random() < task.uncovered:
            return self._without_case(duty, task, at_s)
        return self._with_case(duty, task, at_s)

    def _somebody_known(self, duty: Duty, again: float, known: float) -> Resident | None:
        """Return, by those chances, somebody seen before or somebody from next door; or None."""
        draw = self._rng.random()
        if draw < again:
            return self.clients.again(duty.operator.operator_id)
        return self._known.draw(self._rng, duty.operator) if draw < again + known else None

    def _first_caller(self, desk: Desk, operator_id: str) -> Resident:
        """Return somebody about whom the operator was not called yet; who calls again is rarer."""
        for _ in range(_DRAWS):
            resident = self.clients.draw_unprotected(desk, operator_id)
            if (operator_id, resident.resident_id) not in self._called:
                break
        self._called.add((operator_id, resident.resident_id))
        return resident

    def _avoids(self, operator_id: str, resident_ids: list[str]) -> bool:
        return any(self._reserved.avoids(operator_id, r) for r in resident_ids)

    def _purpose(self, desk: Desk, task: Task) -> str | None:
        return task.name if desk.asks_purpose and self._rng.random() < 0.97 else None

    def _without_case(self, duty: Duty, task: Task, at_s: float) -> Job:
        """Return a legitimate job that no case ever covers: a call, a colleague's question."""
        rng, desk, operator_id = self._rng, duty.assignment.section.desk, duty.operator.operator_id
        resident = self._somebody_known(duty, _AGAIN_WITHOUT_CASE, _KNOWN_WITHOUT_CASE)
        if resident is None or resident.protected:
            resident = self._first_caller(desk, operator_id)
        self.clients.remember(operator_id, resident)
        home = self._members(task, resident) if rng.random() < 0.5 else [resident]
        members = [m for m in home if not self._reserved.avoids(operator_id, m.resident_id)]
        job = self._job(duty, task, members, at_s)
        draw = rng.random()
        if draw < 0.12:  # done on the side of something else, under its number
            job.borrows = "unrelated" if draw < 0.08 else "open_file" if draw < 0.1 else "mistyped"
        return job

    def _with_case(self, duty: Duty, task: Task, at_s: float) -> Job:
        rng, desk, operator_id = self._rng, duty.assignment.section.desk, duty.operator.operator_id
        lasts_s = _duration_s(rng, task)
        resident = self._somebody_known(duty, _AGAIN_WITH_CASE, _KNOWN_WITH_CASE)
        members = self._members(task, resident or self.clients.draw(desk, operator_id))
        for _ in range(50):
            if not self._barred(duty, members, lasts_s):
                break
            members = self._members(task, self.clients.draw(desk, operator_id))
        else:
            return self._without_case(duty, task, at_s)
        self.clients.remember(operator_id, members[0])
        job = self._job(duty, task, members, at_s)
        case = self._case(duty, task, members, lasts_s)
        job.opens, job.opens_after_s = case, self._opening(task)
        if job.opens_after_s < 0:
            job.reference = self._typed_reference(duty, case)
        self._unlisted(duty, task, job, members)
        if task.back_office:
            self.files.put(desk.section_id, case, duty.day)
        return job

    def _barred(self, duty: Duty, members: list[Resident], lasts_s: float) -> bool:
        section_id, operator_id = duty.assignment.section.section_id, duty.operator.operator_id
        return any(
            self._reserved.avoids(operator_id, m.resident_id)
            or self._reserved.bars_case(section_id, m.resident_id, duty.day, lasts_s)
            for m in members
        )

    def _case(self, duty: Duty, task: Task, members: list[Resident], lasts_s: float) -> Case:
        """Return a new case; now and then only the applicant of a household is listed."""
        listed = members[:1] if self._rng.random() < 0.05 else members
        return Case(
            duty.assignment.section.section_id,
            duty.assignment.section.desk.code,
            tuple(dict.fromkeys(step.function for step in task.steps)),
            [member.resident_id for member in listed],
            [duty.operator.operator_id] if self._rng.random() < 0.9 else [],
            lasts_s,
        )

    def _opening(self, task: Task) -> float:
        """Return when the case opens, in seconds after the first look-up."""
        rng = self._rng
        if rng.random() < (0.5 if task.by_phone else 0.03):
            return 300.0 + rng.expovariate(1 / 5400)
        return -20.0 - 300.0 * rng.random()

    def _typed_reference(self, duty: Duty, case: Case) -> Case | Mistyped | None:
        """Return what is typed: nothing at times, a slip at times, more so in first weeks."""
        slips = _FIRST_WEEKS_SLIPS if in_first_weeks(duty.operator, duty.day) else 1.0
        draw = self._rng.random() / slips
        if draw < 0.05:
            return None
        return Mistyped(case) if draw < 0.065 else case

    def _unlisted(self, duty: Duty, task: Task, job: Job, members: list[Resident]) -> None:
        """Add, rarely, a look at somebody the case does not list: a landlord, a parent."""
        if self._rng.random() < 0.02:
            desk, operator_id = duty.assignment.section.desk, duty.operator.operator_id
            other = self.clients.draw_unprotected(desk, operator_id)
            if other not in members:
                job.acts.append(view(self._rng, task.steps[0].function, other))

    def _file_again(self, duty: Duty, task: Task, case: Case, at_s: float) -> Job:
        members = [self._population.by_id[resident_id] for resident_id in case.resident_ids]
        job = self._job(duty, task, members, at_s)
        if self._rng.random() < 0.93:
            job.reference = self._typed_reference(duty, case)
        return job

    def _members(self, task: Task, resident: Resident) -> list[Resident]:
        """Return who is looked at: the resident, or the household with the resident first."""
        if not task.whole_household:
            return [resident]
        home = self._population.household_of(resident)
        return [resident, *(member for member in home if member is not resident)]

    def _job(self, duty: Duty, task: Task, members: list[Resident], at_s: float) -> Job:
        rng, desk = self._rng, duty.assignment.section.desk
        function, acts, opened = task.steps[0].function, [], False
        if rng.random() < SEARCH_SHARE * (1.3 if is_new(duty.operator, duty.day) else 1.0):
            bystander = self.clients.draw_unprotected(desk, duty.operator.operator_id)
            acts = search_acts(rng, desk, function, members[0], bystander)
            opened = desk.search_opens
        if in_first_weeks(duty.operator, duty.day) and rng.random() < _FIRST_WEEKS_WRONG_PERSON:
            other = self.clients.draw_unprotected(desk, duty.operator.operator_id)
            acts.append(view(rng, function, other))
            opened = False
        for member in members:
            acts += step_acts(rng, task.steps, member, opened)
            opened = False
        return Job(at_s, acts, purpose=self._purpose(desk, task))


def _duration_s(rng: random.Random, task: Task) -> float:
    if task.back_office:
        return rng.uniform(2, 25) * 86_400
    return 600.0 + rng.expovariate(1 / 7200)
