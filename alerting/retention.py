"""Retention: what is older than the policy allows is deleted, a few alerts at a time.

Kafka is left alone: `alerts` and `alerts.evidence` are the monitor's, which alone writes them.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, Table, and_, delete, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from alerting.audit.entry import Act, Verb
from alerting.audit.log import append
from alerting.audit.log import purge as purge_audit
from alerting.audit.signing import Signer
from alerting.audit.tables import ENTRIES
from alerting.clock import Clock, now_utc
from alerting.policy import RetentionPolicy
from alerting.store import MONITOR, Database
from alerting.store.location import failures_explained
from alerting.store.tables import ALERTS, EVIDENCE, HISTORY, OUTBOX, RECIPIENTS, REVISIONS
from schemas.errors import MonomiError

_log = logging.getLogger(__name__)

_BATCH = 200
_DAY_S = 86_400.0


@dataclass(frozen=True)
class Purged:
    """Count what was purged, or would be: alerts with all of theirs, letters, audit entries.

    `audit_kept` says why no audit entry was looked at.
    """

    alerts: int = 0
    evidence: int = 0
    letters: int = 0
    audit_entries: int = 0
    audit_kept: str | None = None

    def as_json(self) -> dict[str, Any]:
        """Return the counts for programs."""
        return asdict(self)


class Retention:
    """Delete what the policy no longer lets be kept.

    An alert's time runs from its last change, whatever its status. `who` is named in the audit
    log. Without a `signer` audit entries are kept: nothing could say that they are gone on
    purpose.
    """

    def __init__(
        self,
        database: Database,
        policy: RetentionPolicy,
        signer: Signer | None = None,
        clock: Clock = now_utc,
        who: str = MONITOR,
    ) -> None:
        self._database = database
        self._policy = policy
        self._signer = signer
        self._clock = clock
        self._who = who

    async def run(self) -> None:
        """Purge now and once a day, until cancelled; raises MonomiError `store_not_usable`.

        An audit log that does not hold is left as it is, and said in the log: alerts go on.
        """
        while True:
            try:
                with failures_explained():
                    await self.purge()
            except MonomiError as error:
                if error.code != "audit_damaged":
                    raise
                _log.error("%s", error)
            await asyncio.sleep(_DAY_S)

    async def due(self) -> Purged:
        """Return what a purge would delete now."""
        alerts_before, audit_before = self._before()

        async def work(connection: AsyncConnection) -> Purged:
            found = Purged(
                await _count(connection, ALERTS, _old_alerts(alerts_before)),
                await _count(connection, EVIDENCE, _old_strays(alerts_before)),
                await _count(connection, OUTBOX, _old_letters(alerts_before)),
            )
            if self._signer is None:
                return replace(found, audit_kept=_NO_SIGNER)
            entries = await _count(connection, ENTRIES, ENTRIES.c.at < audit_before)
            return replace(found, audit_entries=entries)

        return await self._database.write(work)

    async def purge(self) -> Purged:
        """Delete what is due, in many small transactions, each with its own audit entry.

        Raises MonomiError `audit_damaged` where the audit log does not hold.
        """
        alerts_before, audit_before = self._before()
        alerts = await self._purge(ALERTS, ALERTS.c.alert_id, _old_alerts(alerts_before))
        evidence = await self._purge(EVIDENCE, EVIDENCE.c.alert_id, _old_strays(alerts_before))
        letters = await self._purge(OUTBOX, OUTBOX.c.id, _old_letters(alerts_before))
        if self._signer is None:
            return Purged(alerts, evidence, letters, audit_kept=_NO_SIGNER)
        return Purged(alerts, evidence, letters, await self._purge_audit(audit_before))

    def _before(self) -> tuple[datetime, datetime]:
        now = self._clock()
        alerts, audit = self._policy.alerts_years, self._policy.audit_years
        return now - timedelta(days=365.25 * alerts), now - timedelta(days=365.25 * audit)

    async def _purge(self, table: Table, key: Any, which: ColumnElement[bool]) -> int:
        """Delete rows in batches; between two of them others have their turn to write."""
        some: Select[Any] = select(key).where(which).distinct().order_by(key).limit(_BATCH)
        purged = 0

        async def work(connection: AsyncConnection) -> int:
            keys = list(await connection.scalars(some))
            if not keys:
                return 0
            if table is ALERTS:
                await _delete_alerts(connection, keys)
            else:
                await connection.execute(delete(table).where(key.in_(keys)))
            await append(connection, self._act(table.name, {"purged": len(keys)}), self._clock())
            return len(keys)

        # Without a turn to write, where there is nothing to do.
        while await self._database.read(some.limit(1)):
            purged += await self._database.write(work)
        return purged

    async def _purge_audit(self, before: datetime) -> int:
        signer = self._signer
        assert signer is not None

        async def work(connection: AsyncConnection) -> int:
            act = self._act("audit", {})
            done = await purge_audit(connection, before, signer, act, self._clock())
            return 0 if done is None else done.last - done.first + 1

        return await self._database.write(work)

    def _act(self, target: str, details: dict[str, Any]) -> Act:
        return Act(self._who, "system", "", Verb.PURGE, target, details | self._policy.model_dump())


_NO_SIGNER = "without the private key that signs purges, audit entries are kept"


def _old_alerts(before: datetime) -> ColumnElement[bool]:
    newest = select(REVISIONS.c.arrived_at).where(REVISIONS.c.row == ALERTS.c.row)
    return and_(ALERTS.c.changed_at < before, newest.scalar_subquery() < before)


def _old_strays(before: datetime) -> ColumnElement[bool]:
    """Return which evidence is old and of no alert."""
    known = select(ALERTS.c.alert_id)
    return and_(EVIDENCE.c.arrived_at < before, EVIDENCE.c.alert_id.not_in(known))


def _old_letters(before: datetime) -> ColumnElement[bool]:
    """Return which letters are old, whether they were sent, given up, or never could be sent."""
    return OUTBOX.c.created_at < before


async def _delete_alerts(connection: AsyncConnection, alert_ids: Sequence[str]) -> None:
    for table in (RECIPIENTS, HISTORY, EVIDENCE, ALERTS, REVISIONS):
        await connection.execute(delete(table).where(table.c.alert_id.in_(alert_ids)))


async def _count(connection: AsyncConnection, table: Table, which: ColumnElement[bool]) -> int:
    return await connection.scalar(select(func.count()).select_from(table).where(which)) or 0
