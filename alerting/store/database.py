"""The database under the store: read by many, written by one hand at a time, on both kinds."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Coroutine, Mapping, Sequence
from typing import Any, Self, TypeVar

import anyio
import anyio.lowlevel
from sqlalchemy import Connection, Row, Select, Table, event
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import DatabaseError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from alerting.migrations import migrate
from alerting.store.location import not_usable, open_engine

# The same SQL on both; SQLAlchemy only keeps ON CONFLICT with each dialect.
_INSERT: Mapping[str, Callable[[Table], Any]] = {
    "sqlite": sqlite.insert,
    "postgresql": postgresql.insert,
}
_WRITES = "monomi_writes"
_WRITERS_LOCK = 0x6D6F6E6F6D69  # "monomi": an advisory lock of PostgreSQL, this database's own

_T = TypeVar("_T")


class Database:
    """Read from and write to the store's database.

    A transaction that writes begins by taking the only turn there is: SQLite's own lock, an
    advisory lock on PostgreSQL. So what one reads in it still holds when it writes, rows
    become visible in the order of their ids, and both kinds behave alike.
    """

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine
        self._writing = engine.execution_options(**{_WRITES: True})
        self._insert = _INSERT[engine.dialect.name]
        # Within the process, writers queue here: SQLite's would poll for their turn.
        self._turn = asyncio.Lock()

    @classmethod
    async def open(cls, location: str) -> Self:
        """Open the database at a path or SQLAlchemy URL; bring its tables up to date.

        Raises MonomiError `folder_not_writable`, `store_not_usable`, `store_newer` or
        `bad_store_url`.
        """
        engine = open_engine(location)
        event.listen(engine.sync_engine, "begin", _begin)
        database = cls(engine)
        try:
            async with database._writing.begin() as connection:
                await connection.run_sync(migrate)
        except (DatabaseError, OSError) as error:
            await engine.dispose()
            raise not_usable(engine.url.render_as_string(), error) from None
        except BaseException:
            await engine.dispose()
            raise
        return database

    async def close(self) -> None:
        """Close all connections."""
        await self._engine.dispose()

    def insert(self, table: Table) -> Any:
        """Return an INSERT that knows ON CONFLICT."""
        return self._insert(table)

    async def read(self, query: Select[Any]) -> Sequence[Row[Any]]:
        """Return a query's rows."""

        async def rows(connection: AsyncConnection) -> Sequence[Row[Any]]:
            found: Sequence[Row[Any]] = (await connection.execute(query)).all()
            return found

        return await self.look(rows)

    async def look(self, work: Callable[[AsyncConnection], Awaitable[_T]]) -> _T:
        """Do work that only reads; on SQLite it sees one moment, whoever writes meanwhile."""

        async def seen() -> _T:
            async with self._engine.connect() as connection:
                return await work(connection)

        return await _to_its_end(seen())

    async def write(self, work: Callable[[AsyncConnection], Awaitable[_T]]) -> _T:
        """Do work in one transaction, alone; its result once that is committed."""

        async def written() -> _T:
            async with self._turn, self._writing.begin() as connection:
                return await work(connection)

        return await _to_its_end(written())


def _begin(connection: Connection) -> None:
    writes = connection.get_execution_options().get(_WRITES, False)
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")
    elif writes:
        connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_WRITERS_LOCK})")


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
