"""Settle residents into households and blocks of a city that climbs a hill."""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from typing import Any


@dataclass(slots=True)
class Resident:
    """Hold one resident; other modules name residents by their place in `Town.residents`."""

    token: str
    household: int
    block: str
    age: int
    female: bool
    alone: bool
    protected: bool = False
    public: bool = False
    extra: list[str] = field(default_factory=list)

    def traits(self) -> list[str]:
        """Return the coarse classes that the directory tells."""
        decade = min(self.age // 10 * 10, 90)
        traits = [f"age.{decade}s", "sex.f" if self.female else "sex.m"]
        return traits + (["lives_alone"] if self.alone else []) + self.extra


@dataclass
class Town:
    """Hold all residents, their households and blocks, and whom which desk mostly serves."""

    residents: list[Resident] = field(default_factory=list)
    households: list[list[int]] = field(default_factory=list)
    blocks: dict[str, list[int]] = field(default_factory=dict)
    pools: dict[str, list[int]] = field(default_factory=dict)
    by_name: list[int] = field(default_factory=list)
    """All residents in the order of their (untold) names."""
    figures: list[int] = field(default_factory=list)

    def household_of(self, resident: int) -> list[int]:
        """Return everybody in a resident's household, the resident included."""
        return self.households[self.residents[resident].household]

    def of_class(self, wanted: set[str]) -> list[int]:
        """Return the residents who have all the wanted traits."""
        return [i for i, r in enumerate(self.residents) if wanted <= set(r.traits())]

    def records(self) -> list[dict[str, Any]]:
        """Return the residents as the directory lists them."""
        return [
            {
                "resident_id": r.token,
                "household_id": f"h{r.household:05}",
                "block_id": r.block,
                "protected": r.protected,
                "public_figure": r.public,
                "traits": r.traits(),
            }
            for r in self.residents
        ]


def settle(rng: random.Random, count: int) -> Town:
    """Return a town of `count` residents."""
    town = Town()
    names = [
        f"{tier}.{n:02}"
        for tier, streets in (("river", 16), ("slope", 22), ("ridge", 14))
        for n in range(1, streets + 1)
    ][: max(4, count // 170)]
    # Streets near the river are denser than those on the ridge.
    weights = [{"river": 1.5, "slope": 1.0, "ridge": 0.6}[name.split(".")[0]] for name in names]
    while len(town.residents) < count:
        block = rng.choices(names, weights)[0]
        _move_in(rng, town, block, count)
    for place, resident in enumerate(town.residents):
        town.blocks.setdefault(resident.block, []).append(place)
    _mark(rng, town)
    _sort_into_pools(rng, town)
    return town


def _move_in(rng: random.Random, town: Town, block: str, count: int) -> None:
    people = _family(rng)[: count - len(town.residents)]
    household = len(town.households)
    places = []
    adults = [age for age, _ in people if age >= 18]
    children = len(people) - len(adults)
    extra = ["single_parent"] if len(adults) == 1 and children else []
    if rng.random() < 0.06:
        extra = [*extra, "moved_in"]
    for age, female in people:
        places.append(len(town.residents))
        token = f"r{rng.getrandbits(60):015x}"
        alone = len(people) == 1
        mine = list(extra) if age >= 18 else [e for e in extra if e == "moved_in"]
        town.residents.append(Resident(token, household, block, age, female, alone, extra=mine))
    town.households.append(places)


def _family(rng: random.Random) -> list[tuple[int, bool]]:
    """Return ages and sexes of a household; a third of the hill lives alone."""
    kind = rng.choices(("young", "old", "couple", "children", "parent", "three"),
                       (14, 19, 25, 26, 7, 9))[0]  # fmt: skip
    if kind == "young":
        return [(rng.randint(18, 59), rng.random() < 0.45)]
    if kind == "old":
        return [(rng.randint(62, 97), rng.random() < 0.68)]
    if kind == "couple":
        age = rng.randint(28, 86)
        return [(age, False), (max(20, age - rng.randint(-3, 6)), True)]
    parent = rng.randint(24, 52)
    brood = [
        (max(0, parent - rng.randint(22, 36)), rng.random() < 0.49)
        for _ in range(rng.choice((1, 1, 2, 2, 3)))
    ]
    if kind == "parent":
        return [(parent, rng.random() < 0.86), *brood]
    couple = [(parent, False), (max(20, parent - rng.randint(-2, 5)), True)]
    if kind == "three":
        elder = parent + rng.randint(23, 34)
        return [*couple, *brood, (elder, True), *([(elder + 2, False)] if elder < 78 else [])]
    return couple + brood


def _mark(rng: random.Random, town: Town) -> None:
    """Give some households protection and make a few residents known to the public."""
    adults = [i for i, r in enumerate(town.residents) if 22 <= r.age <= 75]
    count = len(town.residents)
    for place in rng.sample(adults, max(3, count // 420)):
        for member in town.household_of(place):
            if member == place or town.residents[member].age < 18:
                town.residents[member].protected = True
    free = [i for i in adults if not town.residents[i].protected]
    town.figures = rng.sample(free, max(2, count // 2000))
    for place in town.figures:
        town.residents[place].public = True
    town.by_name = list(range(count))
    rng.shuffle(town.by_name)


def _sort_into_pools(rng: random.Random, town: Town) -> None:
    residents = list(enumerate(town.residents))
    town.pools = {
        "anyone": [i for i, _ in residents],
        "adult": [i for i, r in residents if r.age >= 20],
        "insured": [i for i, r in residents if r.age >= 60 or rng.random() < 0.3],
        "old": [i for i, r in residents if r.age >= 65],
        "family": [
            i for i, r in residents if any(town.residents[m].age < 19 for m in town.household_of(i))
        ],
        "needy": [i for i, r in residents if rng.random() < (0.18 if r.alone else 0.06)],
    }
    for pool in town.pools.values():
        if not pool:
            pool.append(0)
