"""Hold what the ward writes down, before it becomes lines of files."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from benchmarks.plain_ward.year import time_text

Json = dict[str, object]


@dataclass(slots=True)
class Act:
    """Hold one act at a terminal; `event_id` is given when the file is written."""

    at: float
    operator_id: str
    terminal_id: str
    session_id: str | None
    function: str
    action: str
    resident_id: str | None = None
    search: Json | None = None
    case_id: str | None = None
    copies: int | None = None
    warning_overridden: bool = False
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
        if self.search is not None:
            line["search"] = self.search
        if self.case_id is not None:
            line["case_id"] = self.case_id
        if self.copies is not None:
            line["copies"] = self.copies
        if self.warning_overridden:
            line["warning_overridden"] = True
        return line


@dataclass(slots=True)
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


@dataclass(slots=True)
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


@dataclass(slots=True)
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


@dataclass(slots=True)
class Stay:
    """Hold one stretch of an operator at a terminal, from sign-in to lunch or leaving."""

    operator_id: str
    day: date
    section_id: str
    terminal_id: str
    session_id: str
    starts_at: float
    ends_at: float


@dataclass(slots=True)
class Misuse:
    """Hold one insider's case: who did what, by the acts themselves."""

    kind: str
    operator_id: str
    acts: list[Act] = field(default_factory=list)

    def line(self, label_id: str) -> Json:
        """Return the label; the resident only where all acts are about the same one."""
        acts = sorted(self.acts, key=lambda act: act.at)
        residents = {act.resident_id for act in acts if act.resident_id is not None}
        return {
            "label_id": label_id,
            "kind": self.kind,
            "operator_id": self.operator_id,
            "resident_id": residents.pop() if len(residents) == 1 else None,
            "event_ids": [act.event_id for act in acts],
            "starts_at": time_text(acts[0].at),
            "ends_at": time_text(acts[-1].at),
        }
