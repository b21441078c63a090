"""What an insider has to work with: the ward, free colleagues to play the part, and jobs."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random

from simulation.calendar import WardCalendar
from simulation.desk import Desk
from simulation.founding_story import FoundingStory
from simulation.hours import draw_time
from simulation.jobs import Act, Job
from simulation.news import News
from simulation.organisation import Section
from simulation.plan import WardPlan
from simulation.population import Population, Resident
from simulation.reserved import ReservedResidents
from simulation.roster import Roster
from simulation.screens import SEARCH_SHARE, any_purpose, search_acts, view
from simulation.staff import Operator
from simulation.turnover import Staff

_LEARNING_DAYS = 35
"""A monitor that starts with the ward has by then seen what is usual."""
_LONG_PLAN_DAYS = 90
_BORROWS = (None, None, None, None, None, None, "unrelated", "unrelated", "mistyped")


@dataclass(slots=True)
class Scene:
    """Hold the ward as the insiders find it, and who is an insider already."""

    plan: WardPlan
    calendar: WardCalendar
    sections: Sequence[Section]
    population: Population
    staff: Staff
    roster: Roster
    reserved: ReservedResidents
    story: FoundingStory | None
    rng: Random
    taken: set[str] = field(default_factory=set)
    news: list[News] = field(default_factory=list)

    @property
    def earliest(self) -> date:
        """Return the first day on which an insider other than the founding one acts."""
        long = self.plan.days >= _LONG_PLAN_DAYS
        return self.plan.start + timedelta(days=_LEARNING_DAYS if long else 1)

    def window(self, days: int) -> tuple[date, date]:
        """Return the first and last day of some `days` days in a row (fewer in a short plan)."""
        room = (self.plan.last_day - self.earliest).days
        offset = self.rng.randint(0, max(0, room - days))
        first = self.earliest + timedelta(days=offset)
        return first, min(self.plan.last_day, first + timedelta(days=days))

    def take(
        self, first: date, last: date, duties: int, suits: Callable[[Operator], bool]
    ) -> Operator | None:
        """Return an operator who is no insider yet, suits, and is on duty often enough."""
        fit = [
            operator
            for operator in self.staff.operators
            if operator.operator_id not in self.taken
            and operator not in self.staff.returning
            and suits(operator)
            and len(self.roster.regular_days(operator, first, last)) >= duties
        ]
        return self.rng.choice(fit) if fit else None

    def days(self, operator: Operator, first: date, last: date, count: int) -> list[date]:
        """Return at most `count` days of regular duty, in order."""
        days = self.roster.regular_days(operator, first, last)
        return sorted(self.rng.sample(days, min(count, len(days))))

    def in_hours(self, operator: Operator, day: date) -> float:
        """Return a second of the day within an operator's regular duty."""
        duty = self.roster.by_operator[operator.operator_id][day]
        return draw_time(self.rng, duty.starts_s + 600, duty.ends_s - 600, duty.lunch_s)

    def desk_of(self, operator: Operator, day: date) -> Desk:
        """Return the desk of the assignment in force, or of the one that ended last."""
        held = operator.assignment_on(day) or max(
            operator.assignments, key=lambda a: a.ends_on or date.max
        )
        return held.section.desk

    def inquiry(self, operator: Operator, day: date) -> str:
        """Return the function by which an operator usually looks people up."""
        assignment = operator.assignment_on(day)
        functions = assignment.functions if assignment else ()
        own = [name for name in functions if name.endswith(".inquiry")]
        return own[0] if self.rng.random() < 0.8 else self.rng.choice(own)

    def look(
        self,
        operator: Operator,
        day: date,
        residents: Sequence[Resident],
        at_s: float,
        function: str | None = None,
    ) -> Job:
        """Return a job that opens some residents, and reserve them: no case covers it."""
        rng, function = self.rng, function or self.inquiry(operator, day)
        desk = self.desk_of(operator, day)
        acts: list[Act] = []
        for resident in residents:
            searches = rng.random() < SEARCH_SHARE
            if searches:
                acts += search_acts(rng, desk, function, resident, None)
            if not (searches and desk.search_opens):
                acts.append(view(rng, function, resident))
            self.reserved.reserve(operator, resident.resident_id, day)
        return Job(at_s, acts, purpose=any_purpose(rng, desk), borrows=rng.choice(_BORROWS))

    def strangers(self, count: int) -> list[Resident]:
        """Return adults who are neither protected nor well known."""
        adults = self.population.adults
        chosen: dict[str, Resident] = {}
        while len(chosen) < count:
            resident = self.rng.choice(adults)
            if not resident.protected and not resident.public_figure:
                chosen[resident.resident_id] = resident
        return list(chosen.values())


def anybody(operator: Operator) -> bool:
    """Accept every operator who is not a supervisor."""
    return all(a.role not in ("supervisor", "head") for a in operator.assignments)


def lives_here(operator: Operator) -> bool:
    """Accept an operator who is a resident of the ward."""
    return operator.resident is not None
