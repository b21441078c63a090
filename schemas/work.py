"""What the office was doing: cases and shifts."""

from __future__ import annotations

from typing import Literal

from schemas.record import Id, Record, Time


class Case(Record):
    """Hold one case; it covers look-ups of its residents by its section (`work.cases`)."""

    case_id: Id
    section_id: Id
    functions: tuple[Id, ...] = ()
    resident_ids: tuple[Id, ...] = ()
    assigned_to: tuple[Id, ...] = ()
    opened_at: Time
    closed_at: Time | None = None


class Shift(Record):
    """Hold one approved span of work of one operator (`work.shifts`)."""

    shift_id: Id
    operator_id: Id
    starts_at: Time
    ends_at: Time
    kind: Literal["regular", "overtime"]
