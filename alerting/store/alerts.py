"""The alert store: every revision once, the newest of each alert for the list."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, Self

from sqlalchemy import and_, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from alerting.store.database import Database
from alerting.store.listing import AlertQuery, Listed
from alerting.store.states import (
    STATE,
    AlertState,
    HistoryRow,
    Recipient,
    history_query,
    history_row,
    state_of,
    states_of,
)
from alerting.store.stored import (
    STORED,
    Arrival,
    News,
    Progress,
    Stored,
    StoredEvidence,
    stored_row,
    stored_rows,
)
from alerting.store.summary import summary_of
from alerting.store.tables import ALERTS, EVIDENCE, HISTORY, POSITIONS, RECIPIENTS, REVISIONS
from schemas.alerts import Evidence

MONITOR = "monomi"
"""Who changes an alert where no person does."""

Then = Callable[[AsyncConnection, Sequence[News]], Awaitable[None]]


class AlertStore:
    """Keep alerts in a database, each revision once however often it comes."""

    def __init__(self, database: Database) -> None:
        self.database = database

    @classmethod
    async def open(cls, location: str) -> Self:
        """Open the store at a path or SQLAlchemy URL; raises as `Database.open` does."""
        return cls(await Database.open(location))

    async def close(self) -> None:
        """Close all connections."""
        await self.database.close()

    async def add(
        self,
        arrivals: Iterable[Arrival],
        progress: Iterable[Progress] = (),
        evidence: Iterable[Evidence] = (),
        then: Then | None = None,
    ) -> list[Stored]:
        """Store what is new and the progress in one transaction; return the new rows.

        A revision that is stored already is ignored (its first text stays), and one that is
        lower than the current one is kept without taking its place. `then` belongs to the
        same transaction and gets what became current.
        """
        now = datetime.now(UTC)
        rows = [_revision(arrival, now) for arrival in arrivals]
        beside = [_evidence(each, now) for each in evidence]

        async def work(connection: AsyncConnection) -> list[Stored]:
            added = await self._add_revisions(connection, rows)
            news = await self._make_current(connection, added)
            await self._add_evidence(connection, beside)
            if then is not None and news:
                await then(connection, news)
            for each in progress:
                await self._keep_progress(connection, each)
            return added

        return await self.database.write(work)

    async def _add_revisions(
        self, connection: AsyncConnection, rows: Sequence[Mapping[str, Any]]
    ) -> list[Stored]:
        if not rows:
            return []
        statement = self.database.insert(REVISIONS).on_conflict_do_nothing(
            index_elements=[REVISIONS.c.alert_id, REVISIONS.c.revision]
        )
        result = await connection.execute(statement.returning(*STORED), rows)
        return sorted(stored_rows(result), key=lambda stored: stored.row)

    async def _make_current(
        self, connection: AsyncConnection, added: Iterable[Stored]
    ) -> list[News]:
        newest: dict[str, Stored] = {}
        for stored in added:
            known = newest.get(stored.alert.alert_id)
            if known is None or known.alert.revision < stored.alert.revision:
                newest[stored.alert.alert_id] = stored
        before = await states_of(connection, newest)
        news = [
            News(stored, before.get(alert_id))
            for alert_id, stored in newest.items()
            if alert_id not in before or before[alert_id].revision < stored.alert.revision
        ]
        if news:
            statement = self.database.insert(ALERTS)
            excluded = statement.excluded
            # What a live look-up once made news stays news, whatever a backfill adds.
            historic = and_(ALERTS.c.historic, excluded.historic)
            await connection.execute(
                statement.on_conflict_do_update(
                    index_elements=[ALERTS.c.alert_id],
                    set_={name: excluded[name] for name in _OF_REVISION} | {"historic": historic},
                ),
                [_current(each.stored) for each in news],
            )
        return news

    async def _add_evidence(
        self, connection: AsyncConnection, rows: Sequence[Mapping[str, Any]]
    ) -> None:
        if rows:
            await connection.execute(
                self.database.insert(EVIDENCE).on_conflict_do_nothing(
                    index_elements=[EVIDENCE.c.alert_id, EVIDENCE.c.revision]
                ),
                rows,
            )

    async def _keep_progress(self, connection: AsyncConnection, progress: Progress) -> None:
        if not progress.next_offsets:
            return
        statement = self.database.insert(POSITIONS)
        await connection.execute(
            statement.on_conflict_do_update(
                index_elements=[POSITIONS.c.log, POSITIONS.c.partition],
                set_={"next_offset": statement.excluded.next_offset},
            ),
            [
                {"log": progress.log, "partition": partition, "next_offset": next_offset}
                for partition, next_offset in progress.next_offsets.items()
            ],
        )

    async def progress(self, log: str) -> Progress:
        """Return where reading this log goes on; empty where it was never read."""
        query = select(POSITIONS.c.partition, POSITIONS.c.next_offset).where(POSITIONS.c.log == log)
        rows = await self.database.read(query)
        return Progress(log, {row.partition: row.next_offset for row in rows})

    async def newest_row(self) -> int:
        """Return the id of the row that came last, 0 where the store is empty."""
        (newest,) = await self.database.read(select(func.max(REVISIONS.c.row)))
        return newest[0] or 0

    async def after(self, row: int, limit: int) -> list[Stored]:
        """Return the rows after this one, in the order of their arrival."""
        query = select(*STORED).where(REVISIONS.c.row > row).order_by(REVISIONS.c.row)
        return stored_rows(await self.database.read(query.limit(limit)))

    async def newest(self, limit: int) -> list[Stored]:
        """Return the newest revision of each alert, the alert raised last first."""
        query = (
            select(*STORED)
            .join(ALERTS, ALERTS.c.row == REVISIONS.c.row)
            .order_by(ALERTS.c.opened_at.desc(), ALERTS.c.alert_id.desc())
        )
        return stored_rows(await self.database.read(query.limit(limit)))

    async def revisions(self, alert_id: str) -> list[Stored]:
        """Return all revisions of one alert, the newest first; empty where unknown."""
        query = select(*STORED).where(REVISIONS.c.alert_id == alert_id)
        return stored_rows(await self.database.read(query.order_by(REVISIONS.c.revision.desc())))

    async def listed(self, query: AlertQuery) -> list[Listed]:
        """Return the alerts that a query names, the alert raised last first."""
        rows = await self.database.read(query.narrow(select(*STORED, *STATE)))
        return [Listed(stored_row(row), state_of(row)) for row in rows]

    async def states(self, query: AlertQuery) -> list[AlertState]:
        """Return where the alerts stand that a query names, the alert raised last first."""
        rows = await self.database.read(query.narrow(select(*STATE)))
        return [state_of(row) for row in rows]

    async def counts(self, query: AlertQuery, *names: str) -> dict[tuple[Any, ...], int]:
        """Return how many alerts there are by these columns, at most the query's limit in all."""
        rows = await self.database.read(query.counted(*(ALERTS.c[name] for name in names)))
        return {tuple(row[:-1]): row[-1] for row in rows}

    async def state(self, alert_id: str) -> AlertState | None:
        """Return where an alert stands, None where it is unknown."""
        rows = await self.database.read(select(*STATE).where(ALERTS.c.alert_id == alert_id))
        return state_of(rows[0]) if rows else None

    async def recipients(self, alert_id: str) -> list[Recipient]:
        """Return who was told of an alert, the first first."""
        query = select(RECIPIENTS).where(RECIPIENTS.c.alert_id == alert_id)
        rows = await self.database.read(query.order_by(RECIPIENTS.c.since))
        return [Recipient(row.person_id, row.office, row.stands_in_for) for row in rows]

    async def history(self, alert_id: str) -> list[HistoryRow]:
        """Return all changes of an alert's life, the first first."""
        query = history_query().where(HISTORY.c.alert_id == alert_id)
        return [history_row(r) for r in await self.database.read(query.order_by(HISTORY.c.row))]

    async def history_after(self, row: int, limit: int) -> list[HistoryRow]:
        """Return the changes of all alerts after this row, in the order in which they came."""
        query = history_query().where(HISTORY.c.row > row).order_by(HISTORY.c.row)
        return [history_row(r) for r in await self.database.read(query.limit(limit))]

    async def newest_history_row(self) -> int:
        """Return the id of the change that came last, 0 where there is none."""
        (newest,) = await self.database.read(select(func.max(HISTORY.c.row)))
        return newest[0] or 0

    async def evidence(self, alert_id: str) -> StoredEvidence | None:
        """Return the evidence of an alert's newest revision that has any."""
        query = select(EVIDENCE.c.alert_id, EVIDENCE.c.revision, EVIDENCE.c.body)
        query = query.where(EVIDENCE.c.alert_id == alert_id)
        rows = await self.database.read(query.order_by(EVIDENCE.c.revision.desc()).limit(1))
        return next((StoredEvidence(r.alert_id, r.revision, r.body) for r in rows), None)


_OF_REVISION = (
    *("revision", "row", "opened_at", "severity", "operator_id", "section_id", "supervisor_id"),
    *("resident_id", "convergence_on", "reasons_text"),
)


def _revision(arrival: Arrival, now: datetime) -> dict[str, Any]:
    return {
        "alert_id": arrival.alert.alert_id,
        "revision": arrival.alert.revision,
        "body": arrival.alert.to_json().decode(),
        "arrived_at": now,
        "appended_at_ms": arrival.appended_at_ms,
        "historic": arrival.historic,
    }


def _evidence(evidence: Evidence, now: datetime) -> dict[str, Any]:
    return {
        "alert_id": evidence.alert_id,
        "revision": evidence.revision,
        "body": evidence.to_json().decode(),
        "arrived_at": now,
    }


def _current(stored: Stored) -> dict[str, Any]:
    """Return an alert's row as it begins; of one that is there only the revision's part changes."""
    alert = stored.alert
    return {
        "alert_id": alert.alert_id,
        "revision": alert.revision,
        "row": stored.row,
        "opened_at": alert.opened_at,
        "historic": stored.historic,
        **summary_of(alert),
        "status": "open",
        "escalation": 0,
        "version": 0,
        "changed_at": stored.arrived_at,
        "changed_by": MONITOR,
    }
