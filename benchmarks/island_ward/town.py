"""The people of the island: hamlets, households, and who needs the town office how often."""

from __future__ import annotations

import hashlib
import random
from collections.abc import Callable
from dataclasses import dataclass
from itertools import accumulate

_HAMLETS = (
    "minato", "hama", "shiroyama", "ura", "misaki", "oda", "nakamachi", "sakae", "tsurugi",
    "kaji", "ishiki", "tono", "wada", "aoki", "soto", "iso", "kura", "hinata", "taki", "mori",
)  # fmt: skip


@dataclass(slots=True, eq=False)
class Resident:
    """Hold one person; `islet`: lives on the small islet where the branch office stands."""

    token: str
    household: str
    block: str
    age: int
    sex: str
    alone: bool
    islet: bool
    need: float = 1.0
    protected: bool = False
    public_figure: bool = False
    listed: bool = True

    def traits(self) -> list[str]:
        """Return the coarse classes of the directory."""
        decade = min(self.age // 10 * 10, 90)
        traits = [f"age.{decade}s" if decade else "age.0s", f"sex.{self.sex}"]
        return [*traits, "lives_alone"] if self.alone else traits


GROUPS: dict[str, Callable[[Resident], bool]] = {
    "any": lambda r: bool(r.token),
    "adult": lambda r: r.age >= 18,
    "working": lambda r: 20 <= r.age < 65,
    "young": lambda r: 18 <= r.age < 40,
    "elder": lambda r: r.age >= 65,
    "old_alone": lambda r: r.age >= 70 and r.alone,
    "child": lambda r: r.age < 16,
    "starter": lambda r: r.age in (5, 6),
    "parent": lambda r: 22 <= r.age < 50 and not r.alone,
    "women": lambda r: r.sex == "f" and 20 <= r.age < 50,
    "islet": lambda r: r.islet,
    "mainland": lambda r: not r.listed,
}


class Town:
    """Hold all residents; `pick` draws one whom a piece of honest work could be about."""

    def __init__(self, seed: int, residents: int) -> None:
        self._rng = random.Random(f"{seed}:town")
        self._seed = seed
        self.blocks = self._hamlets(max(8, residents // 170))
        self.people: list[Resident] = []
        while len(self.people) < residents:
            self._settle()
        del self.people[residents:]
        self.strangers = [self._stranger() for _ in range(max(20, residents // 12))]
        self._mark()
        self.by_household: dict[str, list[Resident]] = {}
        self.by_block: dict[str, list[Resident]] = {}
        for person in self.people:
            self.by_household.setdefault(person.household, []).append(person)
            self.by_block.setdefault(person.block, []).append(person)
        self._groups: dict[str, tuple[list[Resident], list[float]]] = {}
        everybody = [*self.people, *self.strangers]
        for name, belongs in GROUPS.items():
            source = self.strangers if name == "mainland" else self.people
            group = [p for p in source if belongs(p)] or everybody
            self._groups[name] = (group, list(accumulate(p.need for p in group)))

    def pick(self, rng: random.Random, group: str) -> Resident:
        """Return one of a group, those with more need of the office more often."""
        people, weights = self._groups[group]
        return rng.choices(people, cum_weights=weights)[0]

    def group(self, group: str) -> list[Resident]:
        """Return all of a group."""
        return self._groups[group][0]

    def family(self, resident: Resident) -> list[Resident]:
        """Return the others of the household."""
        return [p for p in self.by_household.get(resident.household, ()) if p is not resident]

    def _hamlets(self, count: int) -> list[tuple[str, float, bool]]:
        blocks = []
        for number in range(count):
            name, part = _HAMLETS[number % len(_HAMLETS)], number // len(_HAMLETS) + 1
            blocks.append((f"{name}-{part}", self._rng.paretovariate(1.3), number % 7 == 4))
        return blocks

    def _token(self, salt: str) -> str:
        return "p" + hashlib.sha256(f"{self._seed}:{salt}".encode()).hexdigest()[:15]

    def _settle(self) -> None:
        rng = self._rng
        shape = rng.choices(
            ["old", "single", "old_pair", "pair", "family", "lone_parent", "three"],
            [20, 12, 18, 12, 20, 4, 12],
        )[0]
        elders = [rng.randint(66, 96)]
        adults = [rng.randint(24, 58)]
        children = [rng.randint(0, 17) for _ in range(rng.choice([1, 1, 2, 2, 3]))]
        ages = {
            "old": elders,
            "single": [rng.randint(19, 64)],
            "old_pair": [*elders, max(60, elders[0] - rng.randint(0, 7))],
            "pair": [*adults, max(20, adults[0] - rng.randint(-3, 6))],
            "family": [*adults, max(20, adults[0] - rng.randint(-3, 6)), *children],
            "lone_parent": [*adults, *children],
            "three": [*elders, *adults, max(20, adults[0] - 3), *children],
        }[shape]
        block, _, islet = rng.choices(self.blocks, [weight for _, weight, _ in self.blocks])[0]
        household = f"h{len(self.people):06d}"
        first = rng.choice("fm")
        need = rng.lognormvariate(0, 0.7)
        for place, age in enumerate(ages):
            sex = ("m" if first == "f" else "f") if place == 1 else rng.choice("fm")
            if place == 0:
                sex = first
            own = need * rng.lognormvariate(0, 0.5)
            token = self._token(f"r{len(self.people)}")
            alone = len(ages) == 1
            self.people.append(Resident(token, household, block, age, sex, alone, islet, own))

    def _stranger(self) -> Resident:
        """Return one who has moved away, or whose family register alone is here."""
        rng = self._rng
        token = self._token(f"s{rng.random()}")
        age, need = rng.randint(20, 90), rng.lognormvariate(0, 0.6)
        return Resident(token, "", "", age, rng.choice("fm"), False, False, need, listed=False)

    def _mark(self) -> None:
        """Put a few under protection, make a few known to all, and leave a few unlisted."""
        rng = self._rng
        adults = [p for p in self.people if p.age >= 18]
        women = [p for p in adults if p.sex == "f" and p.age < 60]
        count = max(5, len(self.people) // 260)
        for person in [*rng.sample(women, count), *rng.sample(adults, count // 5 + 1)]:
            person.protected = True
            if rng.random() < 0.4:
                for other in self.people:
                    if other.household == person.household and other.age < 18:
                        other.protected = True
        known = [p for p in adults if not p.protected and p.age >= 25]
        for person in rng.sample(known, max(4, len(self.people) // 700)):
            person.public_figure = True
            person.need *= 1.6
        for person in rng.sample(self.people, len(self.people) // 40):
            if not person.protected and not person.public_figure:
                person.listed = False
