"""Describe the eight sections, their three buildings, screens and terminals."""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from typing import Any

from benchmarks.hill_ward.seasons import Calendar

SITES = ("hall", "annex", "upper")
"""The city hall by the river, the annex behind it, the welfare centre up the hill."""


@dataclass(frozen=True)
class Office:
    """Hold how one section works."""

    code: str
    name_en: str
    name_ja: str
    site: str
    zone: str
    inquiries: tuple[str, ...]
    issue: str
    update: str
    listing: str
    look_ups_a_day: float
    mix: tuple[float, float, float, float]
    """Shares of tickets, phone calls, files on the desk and files handed over."""
    pool: str
    share_of_staff: float
    hands_to: tuple[str, ...]
    counter: bool = False
    one_record_search: bool = False
    whole_household: float = 0.15
    supervisor: str = ""
    head: str = "D-civic"

    @property
    def functions(self) -> list[str]:
        """Return the screens that a clerk of the section is granted."""
        return [*self.inquiries, self.issue, self.update]


OFFICES: dict[str, Office] = {
    o.code: o
    for o in (
        Office(
            "resid", "Residents' counter", "市民窓口課", "hall", "hall.1f",
            ("juminhyo.inquiry", "koseki.inquiry", "inkan.inquiry"),
            "juminhyo.issue", "juminhyo.idou", "juminhyo.list",
            46, (0.80, 0.03, 0.07, 0.10), "anyone", 0.20, ("nhi", "child", "care", "restax"),
            counter=True, whole_household=0.3, supervisor="V-11",
        ),
        Office(
            "nhi", "Health insurance and pensions", "保険年金課", "hall", "hall.1f",
            ("kokuho.inquiry", "nenkin.inquiry", "juminhyo.inquiry"),
            "kokuho.issue", "kokuho.update", "kokuho.list",
            38, (0.48, 0.22, 0.15, 0.15), "insured", 0.15, ("collect", "care", "livelihood"),
            counter=True, whole_household=0.25, supervisor="V-12",
        ),
        Office(
            "restax", "Residents' tax", "市民税課", "hall", "hall.2f",
            ("juminzei.inquiry", "juminhyo.inquiry"),
            "shotoku.issue", "juminzei.update", "juminzei.list",
            34, (0.18, 0.34, 0.38, 0.10), "adult", 0.13, ("collect", "assets", "nhi"),
            supervisor="V-13", head="D-finance",
        ),
        Office(
            "assets", "Property tax", "資産税課", "annex", "annex.2f",
            ("kotei.inquiry", "juminhyo.inquiry"),
            "hyoka.issue", "kotei.update", "kotei.list",
            24, (0.20, 0.10, 0.60, 0.10), "adult", 0.08, ("restax", "collect"),
            one_record_search=True, supervisor="V-13", head="D-finance",
        ),
        Office(
            "collect", "Arrears", "収納対策課", "annex", "annex.1f",
            ("taino.inquiry", "juminzei.inquiry", "juminhyo.inquiry"),
            "nozei.issue", "taino.update", "taino.list",
            42, (0.10, 0.36, 0.44, 0.10), "adult", 0.12, ("livelihood", "nhi", "restax"),
            one_record_search=True, supervisor="V-14", head="D-finance",
        ),
        Office(
            "care", "Care of the elderly", "高齢介護課", "upper", "upper.1f",
            ("kaigo.inquiry", "juminhyo.inquiry"),
            "kaigo.issue", "kaigo.update", "kaigo.list",
            28, (0.18, 0.13, 0.50, 0.19), "old", 0.12, ("livelihood", "nhi"),
            supervisor="V-15", head="D-welfare",
        ),
        Office(
            "child", "Children and families", "子育て支援課", "upper", "upper.1f",
            ("jido.inquiry", "hoiku.inquiry", "juminhyo.inquiry"),
            "jido.issue", "jido.update", "jido.list",
            32, (0.34, 0.05, 0.43, 0.18), "family", 0.11, ("nhi", "livelihood", "resid"),
            whole_household=0.45, supervisor="V-16", head="D-welfare",
        ),
        Office(
            "livelihood", "Livelihood support", "生活福祉課", "upper", "upper.2f",
            ("seiho.inquiry", "kokuho.inquiry", "juminhyo.inquiry"),
            "seiho.issue", "seiho.update", "seiho.list",
            22, (0.10, 0.10, 0.62, 0.18), "needy", 0.09, ("care", "child", "collect"),
            whole_household=0.3, supervisor="V-15", head="D-welfare",
        ),
    )
}  # fmt: skip

OPERATING_CHIEFS = {"V-12": "nhi", "V-14": "collect", "V-16": "child"}
"""Supervisors who also sit at a terminal, and where."""


@dataclass(frozen=True)
class Terminal:
    """Hold one terminal where it stands."""

    terminal_id: str
    site: str
    zone: str
    code: str

    def record(self, cameras: list[str]) -> dict[str, Any]:
        """Return the terminal as the directory lists it."""
        return {
            "terminal_id": self.terminal_id,
            "site_id": self.site,
            "zone_id": self.zone,
            "section_id": self.code,
            "camera_ids": cameras,
        }


@dataclass
class Premises:
    """Hold all terminals by section."""

    terminals: dict[str, list[Terminal]] = field(default_factory=dict)

    def elsewhere(self, rng: random.Random, site: str) -> Terminal:
        """Return some terminal in another building."""
        codes = [code for code, office in OFFICES.items() if office.site != site]
        return rng.choice(self.terminals[rng.choice(codes)])

    def records(self) -> list[dict[str, Any]]:
        """Return the terminals as the directory lists them; only counters are filmed."""
        filmed = {"hall.1f": ["cam.hall.1"], "upper.1f": ["cam.upper.1", "cam.upper.2"]}
        return [t.record(filmed.get(t.zone, [])) for ts in self.terminals.values() for t in ts]


def furnish(staff_of: dict[str, int]) -> Premises:
    """Return premises with a terminal for each clerk of the back office, fewer at counters."""
    premises = Premises()
    for code, office in OFFICES.items():
        count = max(2, staff_of.get(code, 0) + (0 if office.counter else 2))
        premises.terminals[code] = [
            Terminal(f"pc-{code}-{n:02}", office.site, office.zone, code)
            for n in range(1, count + 1)
        ]
    return premises


def section_records(calendar: Calendar) -> list[dict[str, Any]]:
    """Return the sections as the directory lists them."""
    records = []
    for code, office in OFFICES.items():
        hours = {day: ["08:30", "17:15"] for day in ("mon", "tue", "wed", "thu", "fri")}
        if code == "resid":
            hours["thu"] = ["08:30", "19:00"]
        openings = [
            {"date": calendar.date_of(day).isoformat(), "from": "08:30", "to": "12:30"}
            for day in calendar.extra_openings(code)
        ]
        records.append(
            {
                "section_id": code,
                "name": {"en": office.name_en, "ja": office.name_ja},
                "head_id": office.head,
                "hours": hours,
                "openings": openings,
            }
        )
    return records
