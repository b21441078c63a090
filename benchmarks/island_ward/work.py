"""What a piece of work looks like: one person's business, or a batch of many records."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

MORNING = (0, 0, 6, 10, 14, 11, 5, 7, 9, 8, 5, 1, 0)
"""Weights of the hours from 7 o'clock: the ferry lands at 10:20 and leaves at 15:40."""
FLAT = (0, 1, 7, 9, 9, 8, 3, 9, 9, 9, 7, 2, 0)
EARLY = (0, 3, 12, 8, 7, 6, 3, 5, 6, 6, 9, 3, 0)
AFTERNOON = (0, 0, 3, 5, 8, 8, 3, 10, 12, 11, 7, 1, 0)


@dataclass(frozen=True, slots=True)
class Business:
    """Describe one kind of honest business with one person or household.

    Chances: `family` that each other member is opened too, `cased` that a case exists, `late`
    that it is opened after the look-up, `elsewhere` that another section holds it, `partial`
    that it lists the first person alone, `cites` that the clerk keys its number in, `spawns`
    that it goes on for about `visits` more look-ups, `gap_days` apart.
    """

    name: str
    function: str
    weight: float
    who: str = "any"
    searched: Mapping[str, float] = field(default_factory=lambda: {"name": 6, "birthdate": 3})
    one_record: float = 0.0
    wildcard: float = 0.04
    missed: float = 0.1
    family: float = 0.15
    prints: float = 0.0
    updates: float = 0.0
    cased: float = 0.8
    late: float = 0.06
    elsewhere: float = 0.03
    partial: float = 0.25
    cites: float = 0.9
    spawns: float = 0.05
    visits: float = 2.0
    gap_days: float = 8.0
    keeps_clerk: float = 0.6
    minutes: float = 6.0
    purpose: str | None = None
    months: Mapping[int, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Batch:
    """Describe work on many records in a row.

    `chance`: a clerk's of doing it on a day; `cased`: `list` lists everybody, `empty` is a
    case without names, `none`; `order`: `number`, `block` or `mixed`; `ends`: an act with
    copies after the last record, or none.
    """

    name: str
    function: str
    chance: float
    size: tuple[int, int]
    who: str = "any"
    order: str = "mixed"
    searched: str | None = None
    wildcard: float = 0.0
    sequential: float = 0.0
    updates: float = 0.0
    ends: str | None = None
    copies: tuple[int, int] = (0, 0)
    cased: str = "none"
    gap_s: float = 30.0
    needs_mail: bool = False
    months: Mapping[int, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Desk:
    """Describe one section: its place, its hours, its habits and its work."""

    section_id: str
    en: str
    ja: str
    share: float
    zone: str
    prefix: str
    a_day: float
    curve: tuple[float, ...]
    business: tuple[Business, ...]
    batches: tuple[Batch, ...] = ()
    joint: bool = False
    names_sessions: bool = True
    temporary: float = 0.25
    contractor: float = 0.0
    opens: tuple[str, str] = ("08:30", "17:15")
    ferry: float = 1.0
    months: Mapping[int, float] = field(default_factory=dict)
    overtime: Mapping[int, float] = field(default_factory=dict)

    @property
    def site(self) -> str:
        """Return the building."""
        return self.zone.split("-")[0]

    @property
    def functions(self) -> list[str]:
        """Return the functions that the section's staff hold, sorted."""
        kinds: list[Business | Batch] = [*self.business, *self.batches]
        return sorted({kind.function for kind in kinds})
