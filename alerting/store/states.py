"""Where an alert stands with its people, as the store keeps it."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import Row, Select, select
from sqlalchemy.ext.asyncio import AsyncConnection

from alerting.store.tables import ALERTS, HISTORY, RECIPIENTS
from schemas.alerts import Severity

Status = Literal["open", "acknowledged", "resolved"]
Verdict = Literal["justified", "misuse", "false_alarm", "undetermined"]
Office = Literal["supervisor", "head", "privacy_officer", "assignee"]
Kind = Literal[
    "opened",
    "raised",
    "acknowledged",
    "assigned",
    "commented",
    "resolved",
    "reopened",
    "escalated",
    "came_back",
    "withdrawn",
]

_IDS_A_QUERY = 500


@dataclass(frozen=True)
class AlertState:
    """Hold where one alert stands; `version` grows with each change, and guards the next.

    `historic`: a backfill alone raised it; nobody is told of it, and nobody's time runs.
    """

    alert_id: str
    revision: int
    opened_at: datetime
    severity: Severity
    operator_id: str
    section_id: str | None
    supervisor_id: str | None
    convergence_on: str | None
    status: Status
    escalation: int
    version: int
    assignee_id: str | None
    verdict: Verdict | None
    changed_at: datetime
    changed_by: str
    due_at: datetime | None
    routed_at: datetime | None
    historic: bool


@dataclass(frozen=True)
class Recipient:
    """Name one who is told of an alert: a person, or the office of the privacy officer.

    `stands_in_for` is whom a deputy stands in for.
    """

    person_id: str
    office: Office
    stands_in_for: str | None = None


@dataclass(frozen=True)
class HistoryRow:
    """Hold one change of an alert's life; `status` and `escalation` are those after it."""

    row: int
    alert_id: str
    version: int
    kind: Kind
    at: datetime
    by: str
    status: Status
    escalation: int
    details: Mapping[str, Any]


STATE = tuple(ALERTS.c[name] for name in AlertState.__dataclass_fields__)
"""The columns of an AlertState."""

_HISTORY = tuple(HISTORY.c[name] for name in HistoryRow.__dataclass_fields__)


def state_of(row: Row[Any]) -> AlertState:
    """Return the state in a row with the columns STATE."""
    return AlertState(*(row._mapping[column] for column in STATE))


async def states_of(
    connection: AsyncConnection, alert_ids: Collection[str]
) -> dict[str, AlertState]:
    """Return the states of these alerts, of those that are stored."""
    found: dict[str, AlertState] = {}
    for lot in lots_of(alert_ids):
        rows = await connection.execute(select(*STATE).where(ALERTS.c.alert_id.in_(lot)))
        found |= {row.alert_id: state_of(row) for row in rows}
    return found


async def recipients_of(
    connection: AsyncConnection, alert_ids: Collection[str]
) -> dict[str, list[Recipient]]:
    """Return who was told of each of these alerts, the first first."""
    found: dict[str, list[Recipient]] = {alert_id: [] for alert_id in alert_ids}
    for lot in lots_of(alert_ids):
        query = select(RECIPIENTS).where(RECIPIENTS.c.alert_id.in_(lot))
        for row in await connection.execute(query.order_by(RECIPIENTS.c.since)):
            found[row.alert_id].append(Recipient(row.person_id, row.office, row.stands_in_for))
    return found


def lots_of(ids: Collection[str]) -> list[list[str]]:
    """Return ids in lots that one query can name, in one order always."""
    ordered = sorted(ids)
    return [ordered[i : i + _IDS_A_QUERY] for i in range(0, len(ordered), _IDS_A_QUERY)]


def history_query() -> Select[Any]:
    """Return the query of history rows, to be narrowed."""
    return select(*_HISTORY)


def history_row(row: Row[Any]) -> HistoryRow:
    """Return the change in a row of `history_query`."""
    values = dict(row._mapping)
    return HistoryRow(**(values | {"details": json.loads(values["details"])}))
