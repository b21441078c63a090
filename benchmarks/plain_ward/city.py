"""Settle the city: blocks, households and residents with what is known about them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from random import Random

from benchmarks.plain_ward.records import Json

BLOCKS = 22
EASTERN = tuple(f"c{number:02}" for number in range(17, 23))
"""The blocks beyond the railway, whose people go to the east hall's branch counter."""

# Kind of household: its share, and the age spans of its members.
_HOUSEHOLDS: tuple[tuple[str, float, tuple[tuple[int, int], ...]], ...] = (
    ("young_single", 0.17, ((19, 38),)),
    ("single", 0.11, ((39, 64),)),
    ("old_single", 0.14, ((65, 94),)),
    ("couple", 0.14, ((26, 60), (26, 60))),
    ("old_couple", 0.15, ((65, 92), (65, 92))),
    ("family", 0.14, ((29, 50), (29, 50), (0, 17), (0, 17))),
    ("small_family", 0.08, ((27, 46), (27, 46), (0, 15))),
    ("single_parent", 0.04, ((26, 48), (1, 17))),
    ("grown_child", 0.07, ((58, 80), (56, 80), (24, 48))),
    ("three_generations", 0.02, ((66, 90), (36, 55), (36, 55), (2, 17), (2, 17))),
)


@dataclass(slots=True)
class Resident:
    """Hold one resident; `kana` is the place in an alphabetical list that is never written."""

    resident_id: str
    household_id: str
    block_id: str
    age: int
    sex: str
    kana: float
    traits: tuple[str, ...]
    protected: bool = False
    public_figure: bool = False

    def line(self) -> Json:
        """Return the record of the directory."""
        return {
            "resident_id": self.resident_id,
            "household_id": self.household_id,
            "block_id": self.block_id,
            "protected": self.protected,
            "public_figure": self.public_figure,
            "traits": list(self.traits),
        }


@dataclass
class City:
    """Hold all residents and the ways in which an office comes upon them."""

    residents: list[Resident]
    clients: dict[str, list[Resident]] = field(default_factory=dict)
    """By section: whom it has to do with, those who come often first."""

    def __post_init__(self) -> None:
        self.by_id = {resident.resident_id: resident for resident in self.residents}
        self.households: dict[str, list[Resident]] = defaultdict(list)
        self.blocks: dict[str, list[Resident]] = defaultdict(list)
        for resident in self.residents:
            self.households[resident.household_id].append(resident)
            self.blocks[resident.block_id].append(resident)

    def household_of(self, resident: Resident) -> list[Resident]:
        """Return the resident's household, the resident included."""
        return self.households[resident.household_id]

    def visitor(self, section_id: str, rng: Random) -> Resident:
        """Return who comes to a section next: mostly of its clients, some of them often."""
        clients = self.clients[section_id]
        if rng.random() < 0.06 or not clients:
            return rng.choice(self.residents)
        return clients[int(len(clients) * rng.random() ** 1.15)]


def settle(rng: Random, residents: int) -> City:
    """Return a city of about so many residents."""
    weights = [rng.gammavariate(3.0, 1.0) + 0.5 for _ in range(BLOCKS)]
    blocks = [f"c{number:02}" for number in range(1, BLOCKS + 1)]
    shares = [share for _, share, _ in _HOUSEHOLDS]
    people: list[Resident] = []
    household = 0
    while len(people) < residents:
        household += 1
        block_id = rng.choices(blocks, weights)[0]
        name, _, spans = rng.choices(_HOUSEHOLDS, shares)[0]
        people += _household(rng, f"h{household:05}", block_id, name, spans)
    rng.shuffle(people)
    _mark(rng, people)
    city = City(people)
    _send_to_sections(rng, city)
    return city


def _household(
    rng: Random, household_id: str, block_id: str, name: str, spans: tuple[tuple[int, int], ...]
) -> list[Resident]:
    kana = rng.random()
    common = [
        trait
        for trait, share in (("moved_in", 0.05), ("foreign", 0.03), ("owner", 0.42))
        if rng.random() < share
    ]
    members = []
    for place, (youngest, oldest) in enumerate(spans):
        age = rng.randint(youngest, oldest)
        sex = "fm"[place % 2] if place < 2 and len(spans) > 1 else rng.choice("fm")
        if name == "single_parent" and place == 0:
            sex = "f" if rng.random() < 0.85 else "m"
        traits = [f"age.{age // 10 * 10}s", f"sex.{sex}", *common]
        if len(spans) == 1:
            traits.append("lives_alone")
        if name == "single_parent":
            traits.append("single_parent")
        token = f"r{rng.getrandbits(44):011x}"
        members.append(
            Resident(token, household_id, block_id, age, sex, kana + place * 1e-9, tuple(traits))
        )
    return members


def _mark(rng: Random, people: list[Resident]) -> None:
    """Place some residents under support measures, and make a few known to all."""
    guarded = [one for one in people if one.sex == "f" and 20 <= one.age <= 55]
    for resident in rng.sample(guarded, max(4, len(people) // 340)):
        resident.protected = True
        for other in people:
            if other.household_id == resident.household_id and other.age < 18:
                other.protected = True
    known = [one for one in people if 28 <= one.age <= 75 and not one.protected]
    for resident in rng.sample(known, rng.randint(5, 8)):
        resident.public_figure = True


def _send_to_sections(rng: Random, city: City) -> None:
    """Fill `clients`: whom each section deals with, in the order of how often they come."""
    poor = {name for name in city.households if rng.random() < 0.09}
    late_payers = {name for name in city.households if rng.random() < 0.13}
    self_insured = {name for name in city.households if rng.random() < 0.36}
    with_children = {one.household_id for one in city.residents if one.age < 18}
    rules: dict[str, Callable[[Resident], bool]] = {
        "citizens": lambda one: one.age >= 16 and (one.block_id not in EASTERN or one.age % 3 == 0),
        "branch": lambda one: one.block_id in EASTERN and one.age >= 16,
        "city-tax": lambda one: one.age >= 20,
        "property-tax": lambda one: "owner" in one.traits and one.age >= 30,
        "insurance": lambda one: one.household_id in self_insured or 60 <= one.age <= 76,
        "welfare": lambda one: one.household_id in poor or one.age % 17 == 0,
        "elder-care": lambda one: one.age >= 66,
        "children": lambda one: one.household_id in with_children and one.age < 56,
        "collection": lambda one: one.household_id in late_payers and one.age >= 20,
    }
    for section_id, concerns in rules.items():
        clients = [one for one in city.residents if concerns(one)]
        rng.shuffle(clients)
        city.clients[section_id] = clients
