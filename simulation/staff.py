"""The ward's operators: who they are, and the places that they hold one after another."""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from simulation.desk import functions_of
from simulation.organisation import Section, Terminal
from simulation.plan import WardPlan
from simulation.population import Population, Resident
from simulation.times import clock

DIRECTOR_ID = "ward-director"
"""Whom section heads answer to; not an operator."""
_LIVES_IN_WARD = 0.55
_PLACES_A_SUPERVISOR = 12


@dataclass(slots=True, eq=False)
class Assignment:
    """Hold one assignment; `desk` is the terminal of the place (None: whatever is free)."""

    section: Section
    role: str
    employment: str
    supervisor_id: str
    starts_on: date
    ends_on: date | None = None
    desk: Terminal | None = None
    recorded_from: date | None = None
    """Where the renewal was entered late: the first day that the directory knows."""
    functions: tuple[str, ...] = field(init=False)

    def __post_init__(self) -> None:
        self.functions = functions_of(self.section.desk, self.role)

    def holds_on(self, day: date) -> bool:
        """Tell whether the assignment is in force on a day."""
        return self.starts_on <= day and (self.ends_on is None or day <= self.ends_on)

    def record(self) -> dict[str, Any]:
        """Return the assignment as `directory.operators` lists it."""
        return {
            "section_id": self.section.section_id,
            "role": self.role,
            "employment": self.employment,
            "functions": list(self.functions),
            "supervisor_id": self.supervisor_id,
            "starts_on": (self.recorded_from or self.starts_on).isoformat(),
            "ends_on": self.ends_on.isoformat() if self.ends_on else None,
        }


@dataclass(slots=True, eq=False)
class Operator:
    """Hold one person for good, with the habits that show in the records."""

    operator_id: str
    resident: Resident | None
    trained_until: date | None
    pace: float
    """This person's share of the usual work of a day."""
    finger_failures: float
    """Chance that the fingerprint reader refuses."""
    lunch_s: int
    assignments: list[Assignment] = field(default_factory=list)

    @property
    def joined_on(self) -> date:
        """Return the first day of the first assignment."""
        return min(a.starts_on for a in self.assignments)

    def assignment_on(self, day: date) -> Assignment | None:
        """Return the assignment in force that started last, or None."""
        held = [a for a in self.assignments if a.holds_on(day)]
        return max(held, key=lambda a: a.starts_on) if held else None

    def sections_on(self, day: date) -> list[str]:
        """Return the sections in which an assignment is in force."""
        return [a.section.section_id for a in self.assignments if a.holds_on(day)]

    def record(self) -> dict[str, Any]:
        """Return the record of `directory.operators`."""
        home = self.resident
        return {
            "operator_id": self.operator_id,
            "resident_token": home.resident_id if home else None,
            "household_id": home.household_id if home else None,
            "block_id": home.block_id if home else None,
            "trained_until": self.trained_until.isoformat() if self.trained_until else None,
            "assignments": [
                a.record() for a in sorted(self.assignments, key=lambda a: a.starts_on)
            ],
        }


def prints_of(operator: Operator, day: date) -> list[str]:
    """Return the functions by which an operator may print on a day."""
    assignment = operator.assignment_on(day)
    functions = assignment.functions if assignment else ()
    return [f for f in functions if f.endswith((".print", ".certificate", ".card"))]


class Personnel:
    """Hire persons: give out ids in no telling order, homes in the ward, and habits."""

    def __init__(self, plan: WardPlan, population: Population) -> None:
        self._plan, self._rng = plan, plan.rng("personnel")
        self._numbers = self._rng.sample(range(10_000, 100_000), 20_000)
        homes = [
            r
            for r in population.adults
            if r.decade <= 50 and not r.protected and not r.public_figure
        ]
        self._homes = self._rng.sample(homes, len(homes))
        self.operators: list[Operator] = []

    def new_id(self) -> str:
        """Return an operator id that was not given out before."""
        return f"op-{self._numbers.pop()}"

    def hire(self, operator_id: str | None = None) -> Operator:
        """Add a person, without an assignment yet."""
        rng = self._rng
        lives_here = self._homes and rng.random() < _LIVES_IN_WARD
        trained = self._plan.start + timedelta(days=rng.randint(-200, 900))
        operator = Operator(
            operator_id or self.new_id(),
            self._homes.pop() if lives_here else None,
            None if rng.random() < 0.2 else trained,
            pace=min(1.6, max(0.6, rng.gauss(1.0, 0.17))),
            finger_failures=0.25 if rng.random() < 0.06 else rng.uniform(0.01, 0.06),
            lunch_s=rng.choice((clock(11, 30), clock(12), clock(12), clock(13))),
        )
        self.operators.append(operator)
        return operator


@dataclass(slots=True, eq=False)
class Place:
    """Hold one place of a section, with its desk, that persons hold one after another."""

    section: Section
    role: str
    employment: str
    supervisor_id: str
    desk: Terminal

    def assign(self, operator: Operator, starts_on: date, ends_on: date | None) -> Assignment:
        """Give the place to a person."""
        assignment = Assignment(
            self.section,
            self.role,
            self.employment,
            self.supervisor_id,
            starts_on,
            ends_on,
            self.desk,
        )
        operator.assignments.append(assignment)
        return assignment


def places_of(section: Section, personnel: Personnel, start: date) -> tuple[list[Place], list[str]]:
    """Fill a section's head and supervisors, and return its other places and its supervisors.

    About a quarter of the places are temporary and, where files are typed in, one in twelve
    a contractor's.
    """
    head = personnel.hire(section.head_id)
    since = date(start.year - 6, 4, 1)
    head.assignments.append(
        Assignment(section, "head", "permanent", DIRECTOR_ID, since, None, section.desks[-1])
    )
    count = -(-section.size // _PLACES_A_SUPERVISOR)
    supervisors = []
    for number in range(count):
        supervisor = personnel.hire()
        place = Place(section, "supervisor", "permanent", section.head_id, section.desks[number])
        place.assign(supervisor, since, None)
        supervisors.append(supervisor.operator_id)
    places = []
    for number in range(count, section.size):
        employment, role = _employment(number - count, section.size - count)
        places.append(
            Place(section, role, employment, supervisors[number % count], section.desks[number])
        )
    return places, supervisors


def _employment(number: int, of: int) -> tuple[str, str]:
    """Return employment and role of the n-th of a section's places below the supervisors."""
    contractors = round(of / 12)
    temporary = max(1, round(of / 4)) if of > 2 else 0
    if number < contractors:
        return "contractor", "data_entry"
    if number < contractors + temporary:
        return "temporary", "window"
    return "permanent", "clerk"


def draw_start(rng: random.Random, start: date) -> date:
    """Return the 1 April on which somebody who is already there once began."""
    latest = start.year if start >= date(start.year, 4, 1) else start.year - 1
    return date(latest - rng.choice((0, 1, 1, 2, 2, 3, 4, 5, 7, 9)), 4, 1)
