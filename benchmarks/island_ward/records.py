"""What the machines write down: acts at terminals, sign-ins, passages and shifts."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(slots=True, eq=False)
class Act:
    """Hold one act at a terminal; `label` is the number of its misuse, None for honest work."""

    at: int
    operator_id: str
    terminal_id: str
    session_id: str | None
    function: str
    action: str
    resident_id: str | None = None
    search: tuple[str, bool, int, bool] | None = None
    case_id: str | None = None
    purpose: str | None = None
    copies: int | None = None
    overridden: bool = False
    label: int | None = None


@dataclass(slots=True, eq=False)
class Sign:
    """Hold one sign-in, failed try or sign-out."""

    at: int
    operator_id: str
    terminal_id: str
    session_id: str | None
    method: str
    outcome: str


@dataclass(slots=True, eq=False)
class Passage:
    """Hold one passage of a door."""

    at: int
    operator_id: str
    zone_id: str
    direction: str


@dataclass(slots=True, eq=False)
class Shift:
    """Hold one approved span of work."""

    operator_id: str
    starts: int
    ends: int
    kind: str


@dataclass(slots=True)
class Log:
    """Hold all that was written down, in no order."""

    acts: list[Act] = field(default_factory=list)
    signs: list[Sign] = field(default_factory=list)
    passages: list[Passage] = field(default_factory=list)
    shifts: list[Shift] = field(default_factory=list)
