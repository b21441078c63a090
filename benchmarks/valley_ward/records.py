"""Hold what the ward writes down, before it becomes lines of files."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from benchmarks.valley_ward.days import time_text

Json = dict[str, Any]


@dataclass(slots=True, eq=False)
class Case:
    """Hold one reception number; `case_id` is given when the files are written."""

    section_id: str
    functions: tuple[str, ...]
    residents: list[str]
    assigned_to: tuple[str, ...]
    opened_at: float
    closed_at: float | None
    case_id: str = ""

    def line(self, end_s: float) -> Json:
        """Return the record; what closes after the run is still open."""
        closed = self.closed_at if self.closed_at and self.closed_at < end_s else None
        return {
            "case_id": self.case_id,
            "section_id": self.section_id,
            "functions": list(self.functions),
            "resident_ids": self.residents,
            "assigned_to": list(self.assigned_to),
            "opened_at": time_text(self.opened_at),
            "closed_at": None if closed is None else time_text(closed),
        }


@dataclass(slots=True, eq=False)
class Act:
    """Hold one act at a terminal; `typed` is the case given, or a number that is none."""

    at: float
    operator_id: str
    terminal_id: str
    session_id: str | None
    function: str
    action: str
    resident_id: str | None = None
    search: Json | None = None
    typed: Case | str | None = None
    purpose: str | None = None
    copies: int | None = None
    warned: bool = False
    event_id: str = ""

    def line(self) -> Json:
        """Return the record; fields that say nothing are left out."""
        line: Json = {
            "event_id": self.event_id,
            "occurred_at": time_text(self.at),
            "operator_id": self.operator_id,
            "terminal_id": self.terminal_id,
            "session_id": self.session_id,
            "function": self.function,
            "action": self.action,
            "resident_id": self.resident_id,
        }
        case_id = self.typed.case_id if isinstance(self.typed, Case) else self.typed
        optional = {"search": self.search, "case_id": case_id or None, "purpose": self.purpose}
        line.update({name: value for name, value in optional.items() if value is not None})
        if self.copies is not None:
            line["copies"] = self.copies
        if self.warned:
            line["warning_overridden"] = True
        return line


@dataclass(slots=True, eq=False)
class Sign:
    """Hold one sign-in, failed try or sign-out."""

    at: float
    operator_id: str
    terminal_id: str
    session_id: str | None
    method: str
    outcome: str
    event_id: str = ""

    def line(self) -> Json:
        """Return the record."""
        return {
            "event_id": self.event_id,
            "occurred_at": time_text(self.at),
            "operator_id": self.operator_id,
            "terminal_id": self.terminal_id,
            "session_id": self.session_id,
            "method": self.method,
            "outcome": self.outcome,
        }


@dataclass(slots=True, eq=False)
class Passage:
    """Hold one passage at a door reader."""

    at: float
    operator_id: str
    zone_id: str
    direction: str
    event_id: str = ""

    def line(self) -> Json:
        """Return the record."""
        return {
            "event_id": self.event_id,
            "occurred_at": time_text(self.at),
            "operator_id": self.operator_id,
            "zone_id": self.zone_id,
            "direction": self.direction,
        }


@dataclass(slots=True, eq=False)
class Shift:
    """Hold one approved span of work."""

    operator_id: str
    starts_at: float
    ends_at: float
    kind: str

    def line(self, shift_id: str) -> Json:
        """Return the record."""
        return {
            "shift_id": shift_id,
            "operator_id": self.operator_id,
            "starts_at": time_text(self.starts_at),
            "ends_at": time_text(self.ends_at),
            "kind": self.kind,
        }


@dataclass(slots=True, eq=False)
class Stay:
    """Hold one stretch at a terminal; `gaps` are the moments between two errands."""

    operator_id: str
    day: date
    section_id: str
    role: str
    terminal_id: str
    session_id: str | None
    starts_at: float
    ends_at: float
    is_overtime: bool = False
    gaps: list[float] = field(default_factory=list)


@dataclass(slots=True, eq=False)
class Misuse:
    """Hold one insider's case: who did what, by the acts themselves."""

    kind: str
    operator_id: str
    acts: list[Act] = field(default_factory=list)

    def line(self, label_id: str) -> Json:
        """Return the label; the resident only where all acts are about the same one."""
        acts = sorted(self.acts, key=lambda act: (act.at, act.event_id))
        residents = sorted({act.resident_id for act in acts if act.resident_id is not None})
        return {
            "label_id": label_id,
            "kind": self.kind,
            "operator_id": self.operator_id,
            "resident_id": residents[0] if len(residents) == 1 else None,
            "event_ids": [act.event_id for act in acts],
            "starts_at": time_text(acts[0].at),
            "ends_at": time_text(acts[-1].at),
        }
