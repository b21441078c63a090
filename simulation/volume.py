"""How much work a duty brings: the plan's mean, by person, role, section, weekday and season."""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import accumulate

from simulation.calendar import WardCalendar
from simulation.desk import Task
from simulation.plan import WardPlan
from simulation.population import Population
from simulation.roster import Duty
from simulation.screens import SEARCH_SHARE
from simulation.staff import Assignment, Operator

_NEW_DAYS = 90
_NEW_PACE = 0.65
_FIRST_WEEKS_DAYS = 35
_FIRST_WEEKS_PACE = 0.45
_ROLE_PACE = {"supervisor": 0.4, "window": 1.15, "data_entry": 1.2, "substitute": 0.8}
_USUAL_PACE = 1.04
"""What persons, seasons and large batches come to together, so that the plan's mean holds."""


@dataclass(frozen=True, slots=True)
class Bench:
    """Hold what an assignment lets a person do, ready to draw from; `acts_a_task` is a mean."""

    tasks: tuple[Task, ...]
    running_weights: list[float]
    acts_a_task: float


def is_new(operator: Operator, day: date) -> bool:
    """Tell whether an operator is in the first three months of working for the ward."""
    return day - operator.joined_on < timedelta(days=_NEW_DAYS)


def in_first_weeks(operator: Operator, day: date) -> bool:
    """Tell whether an operator still learns: looks slower, and slips more often."""
    return day - operator.joined_on < timedelta(days=_FIRST_WEEKS_DAYS)


class Volume:
    """Say how many tickets a duty brings, and what its assignment allows to do."""

    def __init__(
        self, plan: WardPlan, calendar: WardCalendar, population: Population, rng: random.Random
    ) -> None:
        self._plan, self._calendar, self._rng = plan, calendar, rng
        self._household_sizes = {
            name: sum(len(population.household_of(r)) for r in pool) / max(1, len(pool))
            for name, pool in population.pools.items()
        }
        self._benches: dict[tuple[str, str], Bench] = {}
        self._moods: dict[tuple[str, date], float] = {}

    def bench(self, assignment: Assignment) -> Bench:
        """Return the tasks of an assignment, reduced to the steps that its functions allow."""
        key = (assignment.section.section_id, assignment.role)
        bench = self._benches.get(key)
        if bench is None:
            size = self._household_sizes[assignment.section.desk.clients]
            bench = self._benches[key] = _bench_of(assignment, size)
        return bench

    def tickets(self, duty: Duty, bench: Bench) -> int:
        """Return how many tickets come within the shift."""
        if duty.kind == "unplanned":
            return 0
        pace = duty.operator.pace * _ROLE_PACE.get(duty.assignment.role, 1.0) / _USUAL_PACE
        if is_new(duty.operator, duty.day):
            pace *= _FIRST_WEEKS_PACE if in_first_weeks(duty.operator, duty.day) else _NEW_PACE
        hours = (duty.ends_s - duty.starts_s) / 3600
        acts = self._plan.lookups_per_day * pace * self._mood(duty) * min(1.0, hours / 8)
        return self._round(acts * self._rng.lognormvariate(0, 0.25) / bench.acts_a_task)

    def evening_tickets(self, duty: Duty, bench: Bench) -> int:
        """Return how many more are done after the shift, approved or not."""
        if duty.kind != "regular" or duty.stays_until_s <= duty.ends_s:
            return 0
        hours = (duty.stays_until_s - duty.ends_s) / 3600
        return self._round(hours * self._plan.lookups_per_day / 12 / bench.acts_a_task)

    def _mood(self, duty: Duty) -> float:
        """Return the section's factor of the day: it has its good and bad days together."""
        desk, day = duty.assignment.section.desk, duty.day
        mood = self._moods.get((desk.section_id, day))
        if mood is None:
            mood = self._calendar.busyness(day, desk.peaks) * self._rng.lognormvariate(0, 0.12)
            self._moods[desk.section_id, day] = mood
        return mood

    def _round(self, number: float) -> int:
        return int(number + self._rng.random())


def _bench_of(assignment: Assignment, household_size: float) -> Bench:
    tasks = [
        task.reduced_to(assignment.functions)
        for task in assignment.section.desk.tasks
        if task.steps[0].function in assignment.functions
    ]
    weights = [task.weight for task in tasks]
    acts = sum(
        task.weight
        * (
            SEARCH_SHARE
            + sum(step.chance for step in task.steps)
            * (household_size if task.whole_household else 1.0)
        )
        for task in tasks
    )
    return Bench(tuple(tasks), list(accumulate(weights)), acts / max(1.0, sum(weights)))
