"""Simulated wards for tests, made once a run, and the contract's rule of coverage."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from simulation import Ward, WardPlan, simulate_ward

Row = dict[str, Any]
FOUNDING_DAYS = 540
COVERED_AFTER_CLOSING = timedelta(days=30)


@cache
def long_ward() -> Ward:
    """Return a small ward over the founding case's days."""
    return simulate_ward(
        WardPlan(1, days=FOUNDING_DAYS, operators=20, residents=3000, lookups_per_day=3)
    )


@cache
def founding_ward(seed: int) -> Ward:
    """Return the smallest ward over the founding case's days."""
    return simulate_ward(
        WardPlan(seed, days=FOUNDING_DAYS, operators=10, residents=800, lookups_per_day=1)
    )


@cache
def fortnight() -> Ward:
    """Return a fortnight of a small ward at its full pace."""
    return simulate_ward(WardPlan(4, days=14, operators=20, residents=2000))


def tiny_plan(seed: int) -> WardPlan:
    """Return a plan that takes no time."""
    return WardPlan(seed, days=14, operators=10, residents=600, lookups_per_day=4)


@cache
def office() -> Ward:
    """Return half a year, with the moving season in it, of a ward that has all seven sections."""
    return simulate_ward(
        WardPlan(3, date(2013, 11, 1), days=180, operators=60, residents=8000, lookups_per_day=10)
    )


@cache
def crowd(seed: int) -> Ward:
    """Return a ward of many who do little, so that every kind of insider finds its place."""
    return simulate_ward(WardPlan(seed, days=240, operators=80, residents=3000, lookups_per_day=1))


def once(rows: Iterable[Row]) -> list[Row]:
    """Return records by time without the second copies, which are equal to the first."""
    return sorted({row["event_id"]: row for row in rows}.values(), key=lambda r: r["occurred_at"])


def moment(row: Row, field: str = "occurred_at") -> datetime:
    """Return a time of a record."""
    return datetime.fromisoformat(row[field])


def labelled(ward: Ward) -> dict[str, str]:
    """Return the kind of misuse by event id."""
    return {event_id: label["kind"] for label in ward.labels for event_id in label["event_ids"]}


def digests(folder: Path) -> dict[str, str]:
    """Return the SHA-256 of every file below a folder."""
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


class Coverage:
    """Apply the contract's rule: which look-ups of residents a case covers."""

    def __init__(self, ward: Ward) -> None:
        self._held: dict[str, list[tuple[str, str, str]]] = {
            operator["operator_id"]: [
                (a["section_id"], a["starts_on"], a["ends_on"] or "9999-12-31")
                for a in operator["assignments"]
            ]
            for operator in ward.context["directory.operators"]
        }
        self._cases: dict[str, list[Row]] = defaultdict(list)
        for case in ward.context["work.cases"]:
            for resident_id in case["resident_ids"]:
                self._cases[resident_id].append(case)

    def sections(self, look_up: Row) -> set[str]:
        """Return the sections in which the operator has an assignment at that time."""
        day = look_up["occurred_at"][:10]
        held = self._held[look_up["operator_id"]]
        return {section for section, starts, ends in held if starts <= day <= ends}

    def covers(self, look_up: Row, waiting: timedelta = timedelta(0)) -> bool:
        """Tell whether a case covers a look-up, or does so after waiting."""
        at, sections = moment(look_up), self.sections(look_up)
        return any(
            case["section_id"] in sections
            and moment(case, "opened_at") <= at + waiting
            and (
                case["closed_at"] is None or at <= moment(case, "closed_at") + COVERED_AFTER_CLOSING
            )
            for case in self._cases[look_up["resident_id"]]
        )
