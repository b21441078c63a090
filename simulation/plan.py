"""What a simulated ward is asked to be: its seed, its size and its days."""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import date, timedelta

from schemas.errors import MonomiError

BOUNDS: dict[str, tuple[int, int]] = {
    "seed": (0, 2**63 - 1),
    "days": (7, 3660),
    "operators": (10, 2000),
    "residents": (500, 500_000),
    "lookups_per_day": (1, 400),
}
"""Least and greatest value of each number in a plan, both ends included."""

FIRST_START, LAST_START = date(1990, 1, 1), date(2060, 12, 31)
"""The range of first days: the law of the holidays is settled and dates stay valid."""


@dataclass(frozen=True, slots=True)
class WardPlan:
    """Name everything that a ward depends on: equal plans make byte-identical wards.

    `operators` is the staff at a time (turnover adds persons; section heads come on top),
    `lookups_per_day` the mean number of `access.queries` records of a person on duty.
    `untidy`: some records reach the files late or twice; else each comes once, by its time.
    The default `start` lets the founding case run as it happened: October 2013 to March 2015.
    Raises MonomiError `plan_out_of_range` on a number outside `BOUNDS`.
    """

    seed: int
    start: date = date(2013, 10, 1)
    days: int = 540
    operators: int = 60
    residents: int = 20_000
    lookups_per_day: float = 25.0
    untidy: bool = True

    def __post_init__(self) -> None:
        for name, (least, greatest) in BOUNDS.items():
            if not least <= getattr(self, name) <= greatest:
                raise MonomiError(
                    "plan_out_of_range", f"Choose {name} between {least} and {greatest}."
                )
        if not FIRST_START <= self.start <= LAST_START:
            raise MonomiError(
                "plan_out_of_range", f"Choose a start between {FIRST_START} and {LAST_START}."
            )

    @property
    def last_day(self) -> date:
        """Return the last simulated day."""
        return self.start + timedelta(days=self.days - 1)

    def rng(self, stream: str) -> random.Random:
        """Return the random stream of one part, so that parts do not disturb one another."""
        return random.Random(f"{self.seed}/{stream}")
