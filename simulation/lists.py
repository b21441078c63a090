"""Lists and wildcard searches by those whose job it is: mailings, surveys of a street."""

from __future__ import annotations

from simulation.jobs import Act, Case, Job, search_record
from simulation.plan import WardPlan
from simulation.population import Population
from simulation.reserved import ReservedResidents
from simulation.roster import Duty
from simulation.screens import view
from simulation.staff import Operator
from simulation.turnover import Staff

_LIST_MAKERS, _SURVEYORS = 0.3, 0.15  # of the staff
_LIST_CHANCE, _LIST_CHANCE_OF_OTHERS = 0.14, 0.01  # on a day of a month's first week
_SURVEY_CHANCE = 0.03
_SURVEYING_DESKS = ("juminhyo", "tax", "kokuho")
_SURVEY_COVERED = 0.6
_SURVEY_LASTS_S = 5 * 86_400.0
_LONGEST_LIST = 4000


class ListWork:
    """Add lists for mailings, and streets gone through house by house."""

    def __init__(
        self,
        plan: WardPlan,
        population: Population,
        staff: Staff,
        reserved: ReservedResidents,
        scale: float,
    ) -> None:
        self._population, self._reserved, self._scale = population, reserved, scale
        self._rng = plan.rng("lists")
        self._makers = self._some(staff.operators, _LIST_MAKERS)
        self._surveyors = self._some(staff.operators, _SURVEYORS)
        self._blocks = list(population.blocks.values())

    def _some(self, operators: list[Operator], share: float) -> set[str]:
        return {op.operator_id for op in operators if self._rng.random() < share}

    def add(self, duty: Duty, jobs: list[Job]) -> None:
        """Add a day's lists and surveys to an operator's jobs, in place."""
        self._list(duty, jobs)
        self._survey(duty, jobs)

    def _list(self, duty: Duty, jobs: list[Job]) -> None:
        """Let somebody draw a list for a mailing in the first days of the month."""
        rng, makes = self._rng, duty.operator.operator_id in self._makers
        lists = [f for f in duty.assignment.functions if f.endswith(".list")]
        chance = _LIST_CHANCE if makes else _LIST_CHANCE_OF_OTHERS
        if duty.day.day > 7 or not lists or rng.random() >= chance:
            return
        longest = min(_LONGEST_LIST, len(self._population.residents) // 8)
        copies = rng.randint(80, max(100, longest))
        action = "export" if rng.random() < 0.7 else "print"
        act = Act(lists[0], action, None, 30.0, copies=copies)
        at_s = duty.starts_s + 3600.0 * (1 + 2 * rng.random())
        purpose = "mailing" if duty.assignment.section.desk.asks_purpose else None
        jobs.append(Job(at_s, [act], purpose=purpose))

    def _survey(self, duty: Duty, jobs: list[Job]) -> None:
        """Let a surveyor go through a street: who is registered where nobody seems to live."""
        rng, desk = self._rng, duty.assignment.section.desk
        surveys = duty.operator.operator_id in self._surveyors and duty.assignment.role == "clerk"
        if desk.section_id not in _SURVEYING_DESKS or not surveys:
            return
        if rng.random() >= _SURVEY_CHANCE * self._scale:
            return
        covered = rng.random() < _SURVEY_COVERED
        block = rng.choice(self._blocks)
        first, length = rng.randrange(len(block)), rng.randint(8, 30)
        street = [
            resident
            for resident in block[first : first + length]
            if not resident.protected
            and not self._reserved.avoids(duty.operator.operator_id, resident.resident_id)
            and not (
                covered
                and self._reserved.bars_case(
                    desk.section_id, resident.resident_id, duty.day, _SURVEY_LASTS_S
                )
            )
        ]
        function = next(f for f in desk.functions if f.endswith(".inquiry"))
        search = search_record("address", len(street), wildcard=True)
        acts = [Act(function, "search", None, 8.0, search)]
        acts += [view(rng, function, resident) for resident in street]
        at_s = duty.starts_s + 3600.0 * (0.5 + 5 * rng.random())
        job = Job(at_s, acts, purpose="survey" if desk.asks_purpose else None)
        if covered and street:
            tokens = [resident.resident_id for resident in street]
            job.opens = job.reference = Case(
                desk.section_id,
                desk.code,
                (function,),
                tokens,
                [duty.operator.operator_id],
                _SURVEY_LASTS_S,
            )
            job.opens_after_s = -1800.0
        jobs.append(job)
