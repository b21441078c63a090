"""The residents of the ward: households in blocks, and what sets some of them apart."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import blake2b
from typing import Any

from simulation.plan import WardPlan

_BLOCK_RESIDENTS = 80
_PROTECTED_SHARE = 0.006  # of the households
_RESIDENTS_PER_PUBLIC_FIGURE = 2500
_SINGLE_AGES = ((20, 25), (30, 20), (40, 13), (50, 11), (60, 10), (70, 11), (80, 10))
_COUPLE_AGES = ((20, 8), (30, 20), (40, 15), (50, 17), (60, 20), (70, 15), (80, 5))
_PARENT_AGES = ((20, 12), (30, 45), (40, 38), (50, 5))


@dataclass(slots=True, eq=False)
class Resident:
    """Hold one resident; `decade` is the age in tens."""

    resident_id: str
    household_id: str
    block_id: str
    decade: int
    sex: str
    lives_alone: bool
    protected: bool = False
    public_figure: bool = False

    def record(self) -> dict[str, Any]:
        """Return the record of `directory.residents`."""
        traits = [f"age.{self.decade}s", f"sex.{self.sex}"]
        if self.lives_alone:
            traits.append("lives_alone")
        return {
            "resident_id": self.resident_id,
            "household_id": self.household_id,
            "block_id": self.block_id,
            "protected": self.protected,
            "public_figure": self.public_figure,
            "traits": traits,
        }


class Population:
    """Hold all residents, by household, by block, and in the pools that desks draw from."""

    def __init__(self, residents: Sequence[Resident]) -> None:
        self.residents = residents
        self.by_id = {resident.resident_id: resident for resident in residents}
        self.households: dict[str, list[Resident]] = {}
        self.blocks: dict[str, list[Resident]] = {}
        for resident in residents:
            self.households.setdefault(resident.household_id, []).append(resident)
            self.blocks.setdefault(resident.block_id, []).append(resident)
        self.adults = [r for r in residents if r.decade >= 20]
        self.public_figures = [r for r in residents if r.public_figure]
        with_children = [
            r for home in self.households.values() if any(m.decade < 20 for m in home) for r in home
        ]
        self.pools: dict[str, list[Resident]] = {
            "adults": self.adults,
            # Young people move most: they stand in the pool twice.
            "movers": self.adults + [r for r in self.adults if r.decade in (20, 30)],
            "families": with_children,
            "pension": [r for r in self.adults if r.decade >= 50],
            "welfare": self.adults[::4] + [r for r in self.adults if r.decade >= 70],
        }

    def household_of(self, resident: Resident) -> list[Resident]:
        """Return everybody at a resident's home, the resident included."""
        return self.households[resident.household_id]


def populate(plan: WardPlan) -> Population:
    """Fill the ward with at least `plan.residents` residents (a last household may add some)."""
    rng = plan.rng("population")
    residents: list[Resident] = []
    household = 0
    while len(residents) < plan.residents:
        household += 1
        home = f"h-{household:06d}"
        block = f"b-{len(residents) // _BLOCK_RESIDENTS + 1:05d}"
        people = _people(rng)
        for decade, sex in people:
            token = blake2b(f"{plan.seed}/r/{len(residents)}".encode(), digest_size=8).hexdigest()
            residents.append(
                Resident(f"r-{token}", home, block, decade, sex, lives_alone=len(people) == 1)
            )
    _set_apart(rng, Population(residents))
    return Population(residents)


def _people(rng: random.Random) -> list[tuple[int, str]]:
    """Draw one household as (decade, sex) of each member."""
    kind = rng.random()
    if kind < 0.46:
        return [(_decade(rng, _SINGLE_AGES), rng.choice("fm"))]
    if kind < 0.66:
        decade = _decade(rng, _COUPLE_AGES)
        return [(decade, "f"), (decade, "m")]
    parent = _decade(rng, _PARENT_AGES)
    children = [
        (rng.choice((0, 10)) if parent >= 40 else 0, rng.choice("fm"))
        for _ in range(rng.choices((1, 2, 3), (50, 40, 10))[0])
    ]
    if kind < 0.91:
        return [(parent, "f"), (parent, "m"), *children]
    if kind < 0.96:
        return [(parent, "f" if rng.random() < 0.85 else "m"), *children]
    return [(parent, "f"), (parent, "m"), (min(parent + 30, 80), "f"), *children]


def _decade(rng: random.Random, ages: Sequence[tuple[int, int]]) -> int:
    return rng.choices([age for age, _ in ages], [weight for _, weight in ages])[0]


def _set_apart(rng: random.Random, population: Population) -> None:
    """Put some households under support measures and make some adults well known."""
    homes = [home for home in population.households.values() if any(_at_risk(m) for m in home)]
    for home in rng.sample(homes, max(2, round(len(population.households) * _PROTECTED_SHARE))):
        for member in home:
            member.protected = member.sex == "f" or member.decade < 20
    count = max(3, len(population.residents) // _RESIDENTS_PER_PUBLIC_FIGURE)
    for resident in rng.sample([r for r in population.adults if not r.protected], count):
        resident.public_figure = True


def _at_risk(resident: Resident) -> bool:
    """Tell whether a resident makes support measures for the household plausible."""
    return resident.sex == "f" and resident.decade in (20, 30, 40)
