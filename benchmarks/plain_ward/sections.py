"""Describe the nine sections: size, place, rights, season, and how their desks spend a day."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from random import Random

from benchmarks.plain_ward.records import Json
from benchmarks.plain_ward.year import WEEKDAYS, Year


@dataclass(frozen=True)
class Desk:
    """Describe one kind of work: look-ups a day and the mix of errands they come from."""

    look_ups_a_day: float
    errands: Mapping[str, float]


DESKS: Mapping[str, Desk] = {
    "counter": Desk(44, {"ticket": 0.74, "question": 0.06, "phone": 0.1, "file": 0.1}),
    "window": Desk(46, {"ticket": 0.93, "question": 0.01, "phone": 0.02, "file": 0.04}),
    "telephone": Desk(38, {"phone": 0.5, "ticket": 0.18, "file": 0.32}),
    "back": Desk(33, {"file": 0.58, "intake": 0.24, "phone": 0.12, "check": 0.06}),
    "visits": Desk(22, {"file": 0.42, "round": 0.22, "phone": 0.26, "intake": 0.1}),
    "lists": Desk(30, {"file": 0.55, "intake": 0.2, "listing": 0.13, "phone": 0.12}),
    "approval": Desk(21, {"check": 0.7, "file": 0.22, "phone": 0.08}),
}


@dataclass(frozen=True)
class Section:
    """Describe one section; `phones_logged` is the share of calls that get a case at all."""

    section_id: str
    en: str
    ja: str
    people: int
    site_id: str
    zone_id: str
    supervisor_id: str
    inquiry: tuple[str, ...]
    edits: tuple[str, ...]
    lists: str
    desks: Mapping[str, float]
    phones_logged: float
    season: Mapping[int, float] = field(default_factory=dict)
    late_thursday: bool = False

    @property
    def head_id(self) -> str:
        """Return who answers for the section's supervisor."""
        return "head-public" if self.site_id == "east-hall" else "head-civic"

    def line(self, year: Year) -> Json:
        """Return the record; the citizens' counter is open late and on some Sundays."""
        hours = {name: ["08:30", "17:15"] for name in WEEKDAYS[:5]}
        openings: list[Json] = []
        if self.late_thursday:
            hours["thu"] = ["08:30", "19:00"]
            openings = [
                {"date": day.isoformat(), "from": "09:00", "to": "13:00"}
                for day in year.days
                if year.is_card_sunday(day)
            ]
        return {
            "section_id": self.section_id,
            "name": {"en": self.en, "ja": self.ja},
            "head_id": self.head_id,
            "hours": hours,
            "openings": openings,
        }


_HALL = ("city-hall", "hall-1f")
_UPPER = ("city-hall", "hall-2f")
_EAST = ("east-hall", "east-1f")
_EAST_UPPER = ("east-hall", "east-2f")

SECTIONS: tuple[Section, ...] = (
    Section(
        "citizens",
        "Citizens' Counter",
        "市民課",
        16,
        *_HALL,
        "lead-citizens",
        ("jumin.inquiry", "koseki.inquiry"),
        ("jumin.certificate", "jumin.move", "card.issue"),
        "jumin.list",
        {"counter": 0.72, "telephone": 0.14, "back": 0.14},
        0.12,
        {3: 1.6, 4: 1.5, 6: 0.95, 8: 0.85},
        late_thursday=True,
    ),
    Section(
        "city-tax",
        "City Tax",
        "市民税課",
        11,
        *_UPPER,
        "lead-tax",
        ("jumin.inquiry", "kazei.inquiry"),
        ("kazei.edit", "kazei.certificate"),
        "kazei.list",
        {"back": 0.5, "telephone": 0.3, "counter": 0.2},
        0.06,
        {1: 1.25, 2: 1.5, 3: 1.45, 5: 1.2, 6: 1.45, 7: 1.1},
    ),
    Section(
        "insurance",
        "Health Insurance and Pension",
        "国保年金課",
        9,
        *_HALL,
        "lead-insurance",
        ("jumin.inquiry", "kokuho.inquiry", "nenkin.inquiry"),
        ("kokuho.edit",),
        "kokuho.list",
        {"counter": 0.5, "telephone": 0.3, "back": 0.2},
        0.25,
        {3: 1.2, 4: 1.5, 7: 1.35},
    ),
    Section(
        "children",
        "Children and Families",
        "子育て支援課",
        9,
        *_EAST_UPPER,
        "lead-children",
        ("jumin.inquiry", "jido.inquiry", "hoiku.inquiry"),
        ("jido.allowance", "hoiku.edit"),
        "jido.list",
        {"counter": 0.35, "back": 0.5, "telephone": 0.15},
        0.4,
        {4: 1.3, 6: 1.35, 10: 1.15, 11: 1.3},
    ),
    Section(
        "welfare",
        "Welfare",
        "福祉課",
        8,
        *_EAST,
        "lead-welfare",
        ("jumin.inquiry", "fukushi.inquiry"),
        ("fukushi.benefit",),
        "fukushi.list",
        {"visits": 0.5, "back": 0.3, "telephone": 0.2},
        0.55,
        {12: 1.2},
    ),
    Section(
        "elder-care",
        "Care for the Elderly",
        "介護保険課",
        7,
        *_EAST,
        "lead-welfare",
        ("jumin.inquiry", "kaigo.inquiry"),
        ("kaigo.assess",),
        "kaigo.list",
        {"visits": 0.45, "back": 0.4, "telephone": 0.15},
        0.35,
        {7: 1.25},
    ),
    Section(
        "property-tax",
        "Property Tax",
        "資産税課",
        6,
        *_UPPER,
        "lead-tax",
        ("jumin.inquiry", "shisan.inquiry"),
        ("shisan.edit",),
        "shisan.list",
        {"back": 0.8, "telephone": 0.2},
        0.03,
        {1: 1.2, 4: 1.3, 5: 1.3},
    ),
    Section(
        "branch",
        "East Branch Counter",
        "東支所",
        5,
        *_EAST,
        "lead-branch",
        ("jumin.inquiry", "inkan.inquiry"),
        ("jumin.certificate", "inkan.certificate"),
        "jumin.list",
        {"window": 1.0},
        0.08,
        {3: 1.4, 4: 1.35},
    ),
    Section(
        "collection",
        "Collection",
        "収納課",
        4,
        *_UPPER,
        "lead-collection",
        ("jumin.inquiry", "shuno.inquiry", "kazei.inquiry"),
        ("shuno.edit",),
        "shuno.list",
        {"telephone": 0.5, "back": 0.5},
        0.3,
        {11: 1.2, 12: 1.3, 5: 1.2},
    ),
)

BY_ID: Mapping[str, Section] = {section.section_id: section for section in SECTIONS}


def staff_numbers(rng: Random, operators: int) -> dict[str, int]:
    """Return how many work in each section: the usual shares, a few posts moved by the seed."""
    total = sum(section.people for section in SECTIONS)
    numbers = {one.section_id: max(1, one.people * operators // total) for one in SECTIONS}
    while sum(numbers.values()) < operators:
        numbers[rng.choice(SECTIONS[:4]).section_id] += 1
    for _ in range(2 if operators >= total else 0):
        giver, taker = rng.sample([one.section_id for one in SECTIONS[1:7]], 2)
        if numbers[giver] > 5 and numbers[taker] < 15:
            numbers[giver] -= 1
            numbers[taker] += 1
    return numbers
