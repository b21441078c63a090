"""Hire the clerks: who they are, where they live, and how they work."""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from typing import Any

from benchmarks.hill_ward.offices import OFFICES, OPERATING_CHIEFS
from benchmarks.hill_ward.seasons import Calendar
from benchmarks.hill_ward.town import Town


@dataclass
class Posting:
    """Hold one span of work in a section, as worked and as the directory records it."""

    code: str
    role: str
    employment: str
    first_day: int
    last_day: int | None
    functions: list[str]
    recorded_first: int
    recorded: bool = True
    helping: bool = False

    def holds(self, day: int) -> bool:
        """Return whether the clerk works under this posting on that day."""
        return self.first_day <= day and (self.last_day is None or day <= self.last_day)

    def recorded_on(self, day: int) -> bool:
        """Return whether the directory knows of the posting on that day."""
        return self.recorded and day >= self.recorded_first and self.holds(day)


@dataclass
class Clerk:
    """Hold one operator."""

    operator_id: str
    order: int
    resident: int | None
    postings: list[Posting]
    pace: float
    carelessness: float
    """From 0 to 1: how often case numbers are left out or typed wrong."""
    wildcard: float
    forgetful: float
    lingers: float
    part_time_weekdays: tuple[int, ...] = ()
    keeps_lists: bool = False
    chief: bool = False
    districts: list[str] = field(default_factory=list)
    trained_until: str | None = None
    away: list[tuple[int, int]] = field(default_factory=list)
    """Long leaves from day to day."""
    story: str = "steady"

    def posting_on(self, day: int) -> Posting | None:
        """Return the posting worked on a day; helping out goes before the home section."""
        held = [p for p in self.postings if p.holds(day)]
        return max(held, key=lambda p: (p.helping, p.first_day)) if held else None

    def codes_on(self, day: int) -> set[str]:
        """Return the sections in which the directory has the clerk on a day."""
        return {p.code for p in self.postings if p.recorded_on(day)}


def posting(
    code: str, employment: str, first_day: int, last_day: int | None = None, lists: bool = False
) -> Posting:
    """Return a posting with the screens that such clerks get in that section."""
    office = OFFICES[code]
    functions = list(office.functions)
    role = "clerk"
    if employment == "contractor":
        functions, role = [*office.inquiries[:2], office.issue], "reception"
    if lists:
        functions, role = [*functions, office.listing], "list_keeper"
    return Posting(code, role, employment, first_day, last_day, functions, first_day)


def hire(rng: random.Random, calendar: Calendar, town: Town, count: int) -> list[Clerk]:
    """Return `count` clerks in their home sections; careers are given to them later."""
    codes = _spread(count)
    adults = [i for i, r in enumerate(town.residents) if 21 <= r.age <= 64 and not r.public]
    homes = rng.sample(adults, min(count, len(adults)))
    seen: dict[str, int] = {}
    clerks = []
    for order, code in enumerate(codes):
        place = seen[code] = seen.get(code, 0) + 1
        chiefs = [chief for chief, home in OPERATING_CHIEFS.items() if home == code]
        chief = chiefs[0] if chiefs and place == 1 and count >= 30 else None
        # Four in ten come up from the plain by train.
        resident = homes[order] if order < len(homes) and rng.random() < 0.6 else None
        clerks.append(_clerk(rng, calendar, order, code, place, chief, resident))
    names = sorted(town.blocks)
    for clerk in clerks:
        if clerk.postings[0].code in ("care", "livelihood", "collect", "assets"):
            clerk.districts = rng.sample(names, min(len(names), rng.randint(4, 8)))
    return clerks


def _spread(count: int) -> list[str]:
    """Return the home sections of `count` clerks by each section's share."""
    codes = list(OFFICES)
    numbers = {code: max(1, round(OFFICES[code].share_of_staff * count)) for code in codes}
    while sum(numbers.values()) > count:
        numbers[max(codes, key=lambda code: numbers[code])] -= 1
    while sum(numbers.values()) < count:
        numbers["resid"] += 1
    return [code for code in codes for _ in range(numbers[code])]


def _clerk(
    rng: random.Random,
    calendar: Calendar,
    order: int,
    code: str,
    place: int,
    chief: str | None,
    resident: int | None,
) -> Clerk:
    employment = "permanent"
    if chief is None and place > 2:
        employment = rng.choices(("permanent", "temporary", "contractor"), (58, 32, 10))[0]
    first_day = -rng.randint(60, 2400)
    lists = place in (2, 5)
    job = posting(code, employment, first_day, None, lists)
    part_time: tuple[int, ...] = ()
    if employment == "temporary" and rng.random() < 0.45:
        part_time = tuple(sorted(rng.sample(range(5), rng.choice((3, 4)))))
    trained = calendar.date_of(rng.randint(-40, 700)).isoformat() if rng.random() < 0.85 else None
    return Clerk(
        operator_id=chief or f"op{rng.getrandbits(32):08x}",
        order=order,
        resident=resident,
        postings=[job],
        pace=rng.lognormvariate(0.0, 0.16) * (0.3 if chief else 1.0),
        carelessness=rng.betavariate(1.6, 9.0),
        wildcard=rng.betavariate(1.2, 16.0),
        forgetful=rng.choice((0.004, 0.008, 0.01, 0.02, 0.06)),
        lingers=rng.choice((0.003, 0.01, 0.02, 0.06)),
        part_time_weekdays=part_time,
        keeps_lists=lists,
        chief=chief is not None,
        trained_until=trained,
    )


def operator_records(calendar: Calendar, town: Town, clerks: list[Clerk]) -> list[dict[str, Any]]:
    """Return the operators as the directory lists them."""
    records = []
    for clerk in clerks:
        home = None if clerk.resident is None else town.residents[clerk.resident]
        records.append(
            {
                "operator_id": clerk.operator_id,
                "resident_token": home.token if home else None,
                "household_id": f"h{home.household:05}" if home else None,
                "block_id": home.block if home else None,
                "trained_until": clerk.trained_until,
                "assignments": [
                    _assignment(calendar, clerk, p) for p in clerk.postings if p.recorded
                ],
            }
        )
    return records


def _assignment(calendar: Calendar, clerk: Clerk, job: Posting) -> dict[str, Any]:
    office = OFFICES[job.code]
    return {
        "section_id": job.code,
        "role": "chief" if clerk.chief else job.role,
        "employment": job.employment,
        "functions": job.functions,
        "supervisor_id": office.head if clerk.chief else office.supervisor,
        "starts_on": calendar.date_of(job.recorded_first).isoformat(),
        "ends_on": None if job.last_day is None else calendar.date_of(job.last_day).isoformat(),
    }
