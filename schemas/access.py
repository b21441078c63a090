"""One act at a terminal: the record that everything here is about."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from schemas.record import EventTime, Id, Record

Count = Annotated[int, Field(ge=0, le=1_000_000_000)]


class Search(Record):
    """Say how a person was searched for."""

    kind: Literal["name", "address", "birthdate", "resident_id", "my_number"]
    wildcard: bool
    hits: Count
    sequential: bool = False
    """The source saw consecutive numbers or a name list."""


class AccessQuery(Record):
    """Hold one look-up; of a resident where `resident_id` is set (topic `access.queries`)."""

    event_id: Id
    occurred_at: EventTime
    operator_id: Id
    terminal_id: Id
    session_id: Id | None = None
    function: Id
    action: Literal["search", "view", "print", "export", "update"]
    resident_id: Id | None = None
    search: Search | None = None
    case_id: Id | None = None
    purpose: Id | None = None
    copies: Count | None = None
    warning_overridden: bool = False

    @property
    def at_s(self) -> float:
        """Return the Unix time of `occurred_at`."""
        return self.occurred_at.timestamp()
