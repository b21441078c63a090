"""The alert store: every revision once, the newest of each alert for the list."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from typing import Any, Self, TypeVar

import anyio
import anyio.lowlevel
from sqlalchemy import Row, Select, Table, func, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import DatabaseError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from alerting.database import not_usable, open_engine
from alerting.tables import ALERTS, METADATA, POSITIONS, REVISIONS
from schemas.alerts import Alert

# The same SQL on both; SQLAlchemy only keeps ON CONFLICT with each dialect.
_INSERT: Mapping[str, Callable[[Table], Any]] = {
    "sqlite": sqlite.insert,
    "postgresql": postgresql.insert,
}

_T = TypeVar("_T")


@dataclass(frozen=True)
class Arrival:
    """Hold an alert as it came, with the append time in Kafka (epoch ms) of its look-up."""

    alert: Alert
    appended_at_ms: int | None = None


@dataclass(frozen=True)
class Stored:
    """Hold one stored revision; `body` is the alert's JSON as one line of text."""

    row: int
    body: str
    arrived_at: datetime
    appended_at_ms: int | None

    @cached_property
    def alert(self) -> Alert:
        """Return the alert that the body holds."""
        return Alert.parse(self.body)

    def to_json(self) -> str:
        """Return `{row, appended_at_ms, alert}` as one line of JSON."""
        appended = "null" if self.appended_at_ms is None else str(self.appended_at_ms)
        return f'{{"row":{self.row},"appended_at_ms":{appended},"alert":{self.body}}}'


@dataclass(frozen=True)
class Progress:
    """Say where reading goes on: the next offset of each partition of one log."""

    log: str
    next_offsets: Mapping[int, int]


class AlertStore:
    """Keep alerts in a database, each revision once however often it comes.

    One feed writes. Readers see rows in the order of their ids, because a single writer
    commits them in that order; several writers on PostgreSQL would need a lock first.
    """

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine
        self._insert = _INSERT[engine.dialect.name]

    @classmethod
    async def open(cls, location: str) -> Self:
        """Open the store at a path or SQLAlchemy URL, making folder and tables as needed.

        Raises MonomiError `folder_not_writable`, `store_not_usable` or `bad_store_url`.
        """
        engine = open_engine(location)
        try:
            async with engine.begin() as connection:
                await connection.run_sync(METADATA.create_all)
        except (DatabaseError, OSError) as error:
            await engine.dispose()
            raise not_usable(engine.url.render_as_string(), error) from None
        return cls(engine)

    async def close(self) -> None:
        """Close all connections."""
        await self._engine.dispose()

    async def add(
        self, arrivals: Iterable[Arrival], progress: Progress | None = None
    ) -> list[Stored]:
        """Store what is new and the progress in one transaction; return the new rows.

        A revision that is stored already is ignored (its first text stays), and one that is
        lower than the current one is kept without taking its place.
        """
        arrived_at = datetime.now(UTC)
        rows = [
            {
                "alert_id": arrival.alert.alert_id,
                "revision": arrival.alert.revision,
                "body": arrival.alert.to_json().decode(),
                "arrived_at": arrived_at,
                "appended_at_ms": arrival.appended_at_ms,
            }
            for arrival in arrivals
        ]
        return await _to_its_end(self._write(rows, progress))

    async def _write(
        self, rows: Sequence[Mapping[str, Any]], progress: Progress | None
    ) -> list[Stored]:
        async with self._engine.begin() as connection:
            added = await self._add_revisions(connection, rows)
            await self._make_current(connection, added)
            if progress is not None:
                await self._keep_progress(connection, progress)
        return added

    async def _add_revisions(
        self, connection: AsyncConnection, rows: Sequence[Mapping[str, Any]]
    ) -> list[Stored]:
        if not rows:
            return []
        statement = self._insert(REVISIONS).on_conflict_do_nothing(
            index_elements=[REVISIONS.c.alert_id, REVISIONS.c.revision]
        )
        result = await connection.execute(statement.returning(*_STORED), rows)
        return sorted(_stored(result), key=lambda stored: stored.row)

    async def _make_current(self, connection: AsyncConnection, added: Iterable[Stored]) -> None:
        # One row an alert: PostgreSQL refuses to change a row twice in one statement.
        newest: dict[str, Stored] = {}
        for stored in added:
            before = newest.get(stored.alert.alert_id)
            if before is None or before.alert.revision < stored.alert.revision:
                newest[stored.alert.alert_id] = stored
        if not newest:
            return
        statement = self._insert(ALERTS)
        values = {name: statement.excluded[name] for name in ("revision", "row", "opened_at")}
        await connection.execute(
            statement.on_conflict_do_update(
                index_elements=[ALERTS.c.alert_id],
                set_=values,
                where=statement.excluded.revision > ALERTS.c.revision,
            ),
            [
                {
                    "alert_id": alert_id,
                    "revision": stored.alert.revision,
                    "row": stored.row,
                    "opened_at": stored.alert.opened_at,
                }
                for alert_id, stored in newest.items()
            ],
        )

    async def _keep_progress(self, connection: AsyncConnection, progress: Progress) -> None:
        statement = self._insert(POSITIONS)
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
        rows = await self._read(query)
        return Progress(log, {row.partition: row.next_offset for row in rows})

    async def newest_row(self) -> int:
        """Return the id of the row that came last, 0 where the store is empty."""
        (newest,) = await self._read(select(func.max(REVISIONS.c.row)))
        return newest[0] or 0

    async def after(self, row: int, limit: int) -> list[Stored]:
        """Return the rows after this one, in the order of their arrival."""
        query = select(*_STORED).where(REVISIONS.c.row > row).order_by(REVISIONS.c.row)
        return _stored(await self._read(query.limit(limit)))

    async def newest(self, limit: int) -> list[Stored]:
        """Return the newest revision of each alert, the alert raised last first."""
        query = (
            select(*_STORED)
            .join(ALERTS, ALERTS.c.row == REVISIONS.c.row)
            .order_by(ALERTS.c.opened_at.desc(), ALERTS.c.alert_id.desc())
        )
        return _stored(await self._read(query.limit(limit)))

    async def revisions(self, alert_id: str) -> list[Stored]:
        """Return all revisions of one alert, the newest first; empty where unknown."""
        query = select(*_STORED).where(REVISIONS.c.alert_id == alert_id)
        return _stored(await self._read(query.order_by(REVISIONS.c.revision.desc())))

    async def _read(self, query: Select[Any]) -> Sequence[Row[Any]]:
        async def rows() -> Sequence[Row[Any]]:
            async with self._engine.connect() as connection:
                found: Sequence[Row[Any]] = (await connection.execute(query)).all()
                return found

        return await _to_its_end(rows())


_STORED = (
    REVISIONS.c.row,
    REVISIONS.c.body,
    REVISIONS.c.arrived_at,
    REVISIONS.c.appended_at_ms,
)


def _stored(rows: Iterable[Row[Any]]) -> list[Stored]:
    return [Stored(row.row, row.body, row.arrived_at, row.appended_at_ms) for row in rows]


async def _to_its_end(work: Coroutine[Any, Any, _T]) -> _T:
    """Let a caller that is cancelled wait until the database is done.

    A query cut off leaves SQLAlchemy's aiosqlite connection waiting for ever: pages that are
    closed amid a query would use up the pool, and the feed would not stop.
    """
    task = asyncio.ensure_future(work)
    with anyio.CancelScope(shield=True):  # against anyio's cancel, which comes again and again
        try:
            done = await asyncio.shield(task)  # against asyncio's, which comes once
        finally:
            await asyncio.wait({task})
    await anyio.lowlevel.checkpoint_if_cancelled()
    return done
