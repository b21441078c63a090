"""One change of an alert's life: the state, its history and what others hear of it, together."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, insert, update
from sqlalchemy.ext.asyncio import AsyncConnection

from alerting.outbox import Letter, Outbox
from alerting.store import AlertState, Recipient
from alerting.store.states import Kind
from alerting.store.tables import ALERTS, HISTORY
from schemas.alerts import AlertStatus, Disposition

STATUS_TOPIC = "alerts.status"
DISPOSITIONS_TOPIC = "alerts.dispositions"

_LIFE = (
    *("status", "escalation", "version", "assignee_id", "verdict"),
    *("changed_at", "changed_by", "due_at", "routed_at"),
)


@dataclass(frozen=True)
class Change:
    """Say what changes in the life of the alert that stands `before`; `sets` names its columns.

    `tells` are those who are to be told of it outside the console.
    """

    before: AlertState
    kind: Kind
    by: str
    at: datetime
    sets: Mapping[str, Any] = field(default_factory=dict)
    details: Mapping[str, Any] = field(default_factory=dict)
    tells: Sequence[Recipient] = ()

    @property
    def after(self) -> AlertState:
        """Return how the alert stands then."""
        return replace(
            self.before,
            **self.sets,
            version=self.before.version + 1,
            changed_at=self.at,
            changed_by=self.by,
        )


Deliver = Callable[[Change, Recipient], Iterable[Letter]]
"""Returns what to send one recipient of a change, by whatever channels reach that one.

It belongs to the transaction, so it is quick and asks nobody: a letter names the alert, and its
sender puts it in words when it sends it. A recipient may be the privacy officer's office.
"""


def deliver_nothing(change: Change, recipient: Recipient) -> Iterable[Letter]:  # noqa: ARG001
    """Tell nobody outside the console."""
    return ()


@dataclass(frozen=True)
class Chronicle:
    """Write changes: the alert's row, its history, and letters to Kafka and to people."""

    outbox: Outbox
    deliver: Deliver = deliver_nothing

    async def write(
        self, connection: AsyncConnection, changes: Sequence[Change]
    ) -> list[AlertState]:
        """Write changes of different alerts in the caller's transaction; return the states."""
        if not changes:
            return []
        await connection.execute(_UPDATE, [_alert_row(change.after) for change in changes])
        await connection.execute(insert(HISTORY), [_history_row(change) for change in changes])
        letters = [letter for change in changes for letter in self._letters(change)]
        await self.outbox.put(connection, letters, changes[0].at)
        return [change.after for change in changes]

    def _letters(self, change: Change) -> Iterable[Letter]:
        before, after = change.before, change.after
        key = f"{after.alert_id}/{after.version}"
        first = before.version == 0
        if first or (before.status, before.escalation) != (after.status, after.escalation):
            status = AlertStatus(
                alert_id=after.alert_id,
                status=after.status,
                escalation=after.escalation,
                changed_at=after.changed_at,
                changed_by=after.changed_by,
            )
            yield _record(STATUS_TOPIC, key, after.alert_id, status.to_json())
        if change.kind == "resolved" and after.verdict is not None:
            disposition = Disposition(
                alert_id=after.alert_id,
                decided_at=change.at,
                decided_by=change.by,
                verdict=after.verdict,
                note=change.details["note"],
            )
            yield _record(DISPOSITIONS_TOPIC, key, after.alert_id, disposition.to_json())
        for recipient in change.tells:
            yield from self.deliver(change, recipient)


def destination(topic: str) -> str:
    """Return the outbox's destination of a topic."""
    return f"kafka:{topic}"


def _record(topic: str, key: str, alert_id: str, value: bytes) -> Letter:
    # The lane keeps an alert's records in order: the topic's last must be the newest.
    return Letter(destination(topic), key, value.decode(), lane=alert_id)


_UPDATE = (
    update(ALERTS)
    .where(ALERTS.c.alert_id == bindparam("of_alert"))
    .values({name: bindparam(name, type_=ALERTS.c[name].type) for name in _LIFE})
)


def _alert_row(after: AlertState) -> dict[str, Any]:
    return {"of_alert": after.alert_id, **{name: getattr(after, name) for name in _LIFE}}


def _history_row(change: Change) -> dict[str, Any]:
    after = change.after
    return {
        "alert_id": after.alert_id,
        "version": after.version,
        "kind": change.kind,
        "at": change.at,
        "by": change.by,
        "status": after.status,
        "escalation": after.escalation,
        "details": json.dumps(change.details, ensure_ascii=False),
    }
