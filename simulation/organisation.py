"""The sections of the ward with their opening hours, their terminals, zones and cameras."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from simulation.calendar import WardCalendar
from simulation.desk import Desk
from simulation.desks import desks_for
from simulation.plan import WardPlan
from simulation.times import clock

OPENS_S, CLOSES_S = clock(8, 30), clock(17, 15)
LATE_CLOSES_S = clock(19)
SUNDAY_OPENS_S, SUNDAY_CLOSES_S = clock(9), clock(12, 30)
_WEEKDAYS = ("mon", "tue", "wed", "thu", "fri")
_SPARE_DESKS = 4  # for persons between two places, as in any office


@dataclass(frozen=True, slots=True)
class Terminal:
    """Hold one terminal; `section_id` names whose it is."""

    terminal_id: str
    section_id: str
    site_id: str
    zone_id: str
    camera_ids: tuple[str, ...]

    def record(self) -> dict[str, Any]:
        """Return the record of `directory.terminals`."""
        return {
            "terminal_id": self.terminal_id,
            "site_id": self.site_id,
            "zone_id": self.zone_id,
            "section_id": self.section_id,
            "camera_ids": list(self.camera_ids),
        }


@dataclass(frozen=True, slots=True)
class Section:
    """Hold one section: its desk's description, its size and its terminals."""

    desk: Desk
    size: int
    head_id: str
    zone_id: str
    desks: tuple[Terminal, ...]
    """One a place, and a few spare."""
    counters: tuple[Terminal, ...]
    """Shared, at the public counter."""

    @property
    def section_id(self) -> str:
        """Return the section's id."""
        return self.desk.section_id

    def closes_s(self, weekday: int) -> int:
        """Return the second of the day at which the section closes on a working day."""
        return LATE_CLOSES_S if self.desk.late_thursday and weekday == 3 else CLOSES_S

    def record(self, calendar: WardCalendar) -> dict[str, Any]:
        """Return the record of `directory.sections`."""
        openings = calendar.sunday_openings() if self.desk.sundays else []
        return {
            "section_id": self.section_id,
            "name": {"en": self.desk.en, "ja": self.desk.ja},
            "head_id": self.head_id,
            "hours": {
                name: [_hhmm(OPENS_S), _hhmm(self.closes_s(weekday))]
                for weekday, name in enumerate(_WEEKDAYS)
            },
            "openings": [
                {
                    "date": day.isoformat(),
                    "from": _hhmm(SUNDAY_OPENS_S),
                    "to": _hhmm(SUNDAY_CLOSES_S),
                }
                for day in openings
            ],
        }


def build_sections(plan: WardPlan, head_ids: Sequence[str]) -> list[Section]:
    """Divide the ward's staff among its sections and set up their rooms.

    `head_ids`: at least as many ids as there are sections.
    """
    desks = desks_for(plan.operators)
    sizes = _sizes(plan.operators, [desk.share for desk in desks])
    return [
        _section(desk, size, head_id)
        for desk, size, head_id in zip(desks, sizes, head_ids, strict=False)
    ]


def _sizes(operators: int, shares: Sequence[float]) -> list[int]:
    """Split the staff by shares, at least 3 a section; the first section takes the rest."""
    total = sum(shares)
    sizes = [max(3, math.floor(operators * share / total)) for share in shares]
    sizes[0] += operators - sum(sizes)
    return sizes


def _section(desk: Desk, size: int, head_id: str) -> Section:
    place = f"{desk.site_id}-{desk.floor}"
    zone = f"z-{place}-{desk.section_id}"
    office = (f"cam-{place}-{desk.section_id}-office",)
    counter = (f"cam-{place}-{desk.section_id}-counter", f"cam-{place}-lobby")

    def terminal(number: int, cameras: tuple[str, ...]) -> Terminal:
        return Terminal(
            f"{desk.code.lower()}-{number:03d}", desk.section_id, desk.site_id, zone, cameras
        )

    desk_count = size + _SPARE_DESKS
    counter_count = max(2, size // 3)
    return Section(
        desk,
        size,
        head_id,
        zone,
        tuple(terminal(i + 1, office) for i in range(desk_count)),
        tuple(terminal(desk_count + i + 1, counter) for i in range(counter_count)),
    )


def _hhmm(second_s: int) -> str:
    return f"{second_s // 3600:02}:{second_s % 3600 // 60:02}"
