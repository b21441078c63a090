"""Who works in the town office: persons with their postings, contracts and habits."""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from datetime import date

from benchmarks.island_ward.town import Resident
from benchmarks.island_ward.work import Desk

BEFORE = date(2018, 11, 12)


@dataclass(slots=True)
class Stint:
    """Hold one posting or contract, both ends included; `paper_starts` is what the list says."""

    desk: Desk
    role: str
    employment: str
    starts: date
    ends: date | None
    supervisor: str
    paper_starts: date | None = None

    def holds(self, day: date) -> bool:
        """Return whether a day lies in it."""
        return self.starts <= day and (self.ends is None or day <= self.ends)


@dataclass(slots=True)
class Habits:
    """Hold one person's ways; the numbers multiply what is usual at the desk, or are chances."""

    pace: float
    cites: float
    wildcard: float
    family: float
    prefers: str
    method: str
    finger_fails: float
    forgets_badge: float
    comes_early_min: float
    stays_min: float
    late_lunch: bool
    part_time: bool
    absent: float
    goes_out: float
    typo: float


@dataclass(slots=True, eq=False)
class Operator:
    """Hold one person who may sign in."""

    operator_id: str
    habits: Habits
    stints: list[Stint] = field(default_factory=list)
    resident: Resident | None = None
    trained_until: date | None = None

    def stint_on(self, day: date) -> Stint | None:
        """Return the posting in force that started last."""
        held = [stint for stint in self.stints if stint.holds(day)]
        return max(held, key=lambda stint: stint.starts) if held else None

    @property
    def last_day(self) -> date | None:
        """Return the end of the last contract, None where there is none."""
        ends = [stint.ends for stint in self.stints]
        known = [end for end in ends if end is not None]
        return max(known) if len(known) == len(ends) else None

    @property
    def temporary(self) -> bool:
        """Return whether the person first came on a temporary contract."""
        return self.stints[0].employment == "temporary"


def habits_of(rng: random.Random, employment: str) -> Habits:
    """Return the ways of one more person."""
    temporary = employment == "temporary"
    return Habits(
        pace=min(1.9, max(0.5, rng.lognormvariate(0, 0.28))),
        cites=min(1.1, max(0.6, rng.gauss(0.97, 0.12))),
        wildcard=rng.lognormvariate(0, 0.7),
        family=rng.lognormvariate(0, 0.45),
        prefers=rng.choices(["", "name", "birthdate", "address"], [5, 3, 2, 1])[0],
        method=rng.choices(["fingerprint", "card", "password"], [7, 2, 1])[0],
        finger_fails=rng.choice([0.01, 0.02, 0.03, 0.05, 0.3]),
        forgets_badge=rng.choice([0.005, 0.01, 0.02, 0.08]),
        comes_early_min=rng.uniform(2, 22),
        stays_min=max(1.0, rng.lognormvariate(1.8, 0.9)),
        late_lunch=rng.random() < 0.35,
        part_time=temporary and rng.random() < 0.45,
        absent=rng.uniform(0.02, 0.1),
        goes_out=rng.uniform(0.0, 0.25) if not temporary else 0.02,
        typo=rng.choice([0.002, 0.005, 0.01, 0.02]),
    )
