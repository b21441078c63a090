"""Settle the valley: households, blocks, the protected, the known, and who needs the office."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from hashlib import sha256
from itertools import accumulate
from random import Random

from benchmarks.valley_ward.records import Json


@dataclass(slots=True, eq=False)
class Resident:
    """Hold one resident; `need` is how often the office has business with them."""

    number: int
    resident_id: str
    household_id: str
    block_id: str
    age: int
    sex: str
    need: float
    lives_alone: bool = False
    protected: bool = False
    public_figure: bool = False
    listed: bool = True

    def line(self) -> Json:
        """Return the record of the directory."""
        traits = [f"age.{min(self.age // 10 * 10, 90)}s", f"sex.{self.sex}"]
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


class Pool:
    """Draw residents of one sort, those in greater need more often."""

    def __init__(self, residents: list[Resident]) -> None:
        self.residents = residents
        self._weights = list(accumulate(one.need for one in residents))

    def pick(self, rng: Random) -> Resident:
        """Return one resident."""
        return rng.choices(self.residents, cum_weights=self._weights)[0]


class Town:
    """Hold the residents by number, household and block, and the pools that errands draw from."""

    def __init__(self, rng: Random, seed: int, size: int) -> None:
        self.residents: list[Resident] = []
        self.households: dict[str, list[Resident]] = defaultdict(list)
        self.blocks: dict[str, list[Resident]] = defaultdict(list)
        self._settle(rng, seed, size)
        for one in self.residents:
            self.households[one.household_id].append(one)
            self.blocks[one.block_id].append(one)
        self.by_id = {one.resident_id: one for one in self.residents}
        self._mark(rng)
        self.pools = self._pools(rng)

    def _settle(self, rng: Random, seed: int, size: int) -> None:
        """Fill household after household; old hamlets up the valley are small, new flats big."""
        block_count = max(8, size // 62)
        weights = [rng.paretovariate(2.2) for _ in range(block_count)]
        while len(self.residents) < size:
            household = f"h{len(self.residents):06}"
            block = f"b{rng.choices(range(block_count), weights)[0]:03}"
            for age, sex in _household(rng)[: size - len(self.residents)]:
                number = len(self.residents)
                digest = sha256(f"valley:{seed}:{number}".encode()).hexdigest()[:16]
                need = min(rng.lognormvariate(0.0, 0.8), 9.0)
                one = Resident(number, f"r{digest}", household, block, age, sex, need)
                self.residents.append(one)

    def _mark(self, rng: Random) -> None:
        """Choose who is protected, known to all, or missing from the directory."""
        count = len(self.residents)
        for household in rng.sample(sorted(self.households), max(3, count // 550)):
            for one in self.households[household]:
                one.protected = one.sex == "f" or one.age < 18
        for one in rng.sample([r for r in self.residents if r.age > 30], max(4, count // 600)):
            one.public_figure = True
        for one in self.residents:
            one.lives_alone = len(self.households[one.household_id]) == 1
            # Those who moved away stay in the ledgers, but the export of the directory drops them.
            one.listed = one.protected or one.public_figure or rng.random() > 0.015

    def _pools(self, rng: Random) -> dict[str, Pool]:
        """Return who comes for what."""
        adults = [one for one in self.residents if one.age >= 18]
        insured = [r for r in adults if r.age < 75 and (r.age >= 62 or rng.random() < 0.24)]
        needy = set(rng.sample(sorted(self.households), max(20, len(self.households) // 8)))
        parents = [r for r in adults if r.age < 56 and self.has_child(r)]
        indebted = rng.sample(adults, max(30, len(adults) // 9))
        return {
            "everyone": Pool(adults),
            "taxed": Pool([one for one in adults if one.age < 80]),
            "insured": Pool(insured),
            "elderly": Pool([one for one in adults if one.age >= 65]),
            "parents": Pool(parents),
            "needy": Pool([one for one in adults if one.household_id in needy]),
            "indebted": Pool(indebted),
        }

    def has_child(self, resident: Resident) -> bool:
        """Return whether a child lives in the resident's household."""
        return any(one.age < 16 for one in self.households[resident.household_id])


def _household(rng: Random) -> list[tuple[int, str]]:
    """Return the ages and sexes of one household."""
    draw = rng.random()
    if draw < 0.36:
        age = rng.choice((rng.randint(19, 34), rng.randint(30, 64), rng.randint(66, 93)))
        return [(age, rng.choice("mf"))]
    age = rng.randint(25, 85)
    couple = [(age, "m"), (max(20, age - rng.randint(-3, 6)), "f")]
    if draw < 0.42:
        # One parent, one or two children.
        parent = (rng.randint(24, 48), "f" if rng.random() < 0.85 else "m")
        return [parent, *((rng.randint(0, 17), rng.choice("mf")) for _ in range(rng.randint(1, 2)))]
    children = rng.choice((0, 1, 2, 2, 3)) if age < 55 else rng.choice((0, 0, 0, 1))
    older = age - 24
    couple += [(rng.randint(max(0, older - 12), older), rng.choice("mf")) for _ in range(children)]
    if draw > 0.93:
        couple.append((min(98, age + rng.randint(22, 30)), "f"))
    return couple
