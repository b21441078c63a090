"""What arrives at the store and what it keeps of it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any

from sqlalchemy import Row

from alerting.store.states import AlertState
from alerting.store.tables import REVISIONS
from schemas.alerts import Alert, Evidence


@dataclass(frozen=True)
class Arrival:
    """Hold an alert as it came, with the append time in Kafka (epoch ms) of its look-up.

    `historic`: a backfill raised it, so it is no news to anybody.
    """

    alert: Alert
    appended_at_ms: int | None = None
    historic: bool = False


@dataclass(frozen=True)
class Stored:
    """Hold one stored revision; `body` is the alert's JSON as one line of text."""

    row: int
    body: str
    arrived_at: datetime
    appended_at_ms: int | None
    historic: bool = False

    @cached_property
    def alert(self) -> Alert:
        """Return the alert that the body holds."""
        return Alert.parse(self.body)

    def to_json(self) -> str:
        """Return `{row, appended_at_ms, alert}` as one line of JSON."""
        appended = "null" if self.appended_at_ms is None else str(self.appended_at_ms)
        return f'{{"row":{self.row},"appended_at_ms":{appended},"alert":{self.body}}}'


@dataclass(frozen=True)
class StoredEvidence:
    """Hold the evidence beside one revision; `body` is its JSON."""

    alert_id: str
    revision: int
    body: str

    @cached_property
    def evidence(self) -> Evidence:
        """Return the evidence that the body holds."""
        return Evidence.parse(self.body)


@dataclass(frozen=True)
class Progress:
    """Say where reading goes on: the next offset of each partition of one log."""

    log: str
    next_offsets: Mapping[int, int]


@dataclass(frozen=True)
class News:
    """Say that a revision became an alert's newest; `before` is how the alert stood till then."""

    stored: Stored
    before: AlertState | None


STORED = (
    REVISIONS.c.row,
    REVISIONS.c.body,
    REVISIONS.c.arrived_at,
    REVISIONS.c.appended_at_ms,
    REVISIONS.c.historic,
)
"""The columns of a Stored."""


def stored_rows(rows: Iterable[Row[Any]]) -> list[Stored]:
    """Return the revisions in rows with the columns STORED."""
    return [stored_row(row) for row in rows]


def stored_row(row: Row[Any]) -> Stored:
    """Return the revision in a row with the columns STORED."""
    return Stored(*(row._mapping[column] for column in STORED))
