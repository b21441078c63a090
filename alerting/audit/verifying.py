"""Verifying the stored log against itself, its signatures, and the checkpoints kept elsewhere."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, inspect, make_url, select
from sqlalchemy.exc import ArgumentError, DatabaseError
from sqlalchemy.ext.asyncio import AsyncConnection

from alerting.audit.chain import BrokenError, Span, Walk
from alerting.audit.checkpoints import read_checkpoints
from alerting.audit.entry import Entry
from alerting.audit.log import ROWS_AT_ONCE, read_head
from alerting.audit.signing import PublicKeys
from alerting.audit.statements import Checkpoint, Purge
from alerting.audit.tables import CHECKPOINTS, ENTRIES, PURGES
from alerting.store.location import not_usable, open_engine
from schemas.errors import MonomiError


@dataclass(frozen=True)
class Verdict:
    """Say whether the log holds: what was seen, or at which entry it breaks and why.

    `unproven` are the sentences about what could not be looked at.
    """

    span: Span | None
    broken: BrokenError | None
    unproven: tuple[str, ...]

    def as_json(self) -> dict[str, Any]:
        """Return the verdict for programs."""
        span, broken = self.span, self.broken
        return {
            "holds": broken is None,
            "entries": span and span.entries,
            "purged": span and span.purged,
            "last": span and span.head.number,
            "checkpoints": span and span.checkpoints,
            "broken": broken and {"entry": broken.number, "reason": broken.reason},
            "unproven": list(self.unproven),
        }


async def verify_store(
    location: str, checkpoints_file: Path | None, keys: PublicKeys | None
) -> Verdict:
    """Return the verdict on the log in a store, which is only read, in one state of it.

    `checkpoints_file` None: there is none here. Raises MonomiError `no_audit_log`,
    `checkpoints_unreadable`, `store_not_usable`, `folder_not_writable` or `bad_store_url`.
    """
    _see_that_it_is_there(location)
    # Before the state that is looked at: a younger checkpoint would make its end look cut off.
    in_file = () if checkpoints_file is None else read_checkpoints(checkpoints_file)
    engine = open_engine(location)
    try:
        async with engine.connect() as connection:
            await _hold_still(connection)
            if not await connection.run_sync(_has_log):
                raise _no_log(location)
            span = await _span(connection, in_file, checkpoints_file, keys)
            return Verdict(span, None, _unproven(checkpoints_file, keys))
    except BrokenError as broken:
        return Verdict(None, broken, _unproven(checkpoints_file, keys))
    except (DatabaseError, OSError) as error:
        raise not_usable(engine.url.render_as_string(), error) from None
    finally:
        await engine.dispose()


async def _span(
    connection: AsyncConnection,
    in_file: Sequence[Checkpoint],
    checkpoints_file: Path | None,
    keys: PublicKeys | None,
) -> Span:
    in_store = [Checkpoint(**row) for row in await _rows(connection, CHECKPOINTS)]
    if checkpoints_file is not None:
        # After that state: each checkpoint goes into the file first.
        _see_that_file_is_whole(in_store, read_checkpoints(checkpoints_file))
    checkpoints = set() if keys is None else {*in_store, *in_file}
    purges = [Purge(**row) for row in await _rows(connection, PURGES)]
    return await _walk(connection, Walk(purges, checkpoints, keys))


def _unproven(checkpoints_file: Path | None, keys: PublicKeys | None) -> tuple[str, ...]:
    sentences = []
    if keys is None:
        sentences.append("without a public key no checkpoint was looked at")
    if checkpoints_file is None:
        sentences.append("without the checkpoints file an end that was cut off would not be seen")
    return tuple(sentences)


async def _walk(connection: AsyncConnection, walk: Walk) -> Span:
    rows = await connection.stream(
        select(ENTRIES).order_by(ENTRIES.c.number), execution_options={"yield_per": ROWS_AT_ONCE}
    )
    try:
        async for row in rows:
            walk.step(Entry(**row._mapping))
    finally:
        await rows.close()
    return walk.end(await read_head(connection))


async def _rows(connection: AsyncConnection, table: Any) -> list[dict[str, Any]]:
    columns = [column for column in table.c if column.name != "id"]
    return [dict(row._mapping) for row in await connection.execute(select(*columns))]


def _see_that_file_is_whole(in_store: Sequence[Checkpoint], in_file: Sequence[Checkpoint]) -> None:
    lacking = set(in_store) - set(in_file)
    if lacking:
        first = min(lacking, key=lambda checkpoint: checkpoint.number)
        raise BrokenError(
            max(first.number, 1),
            f"the checkpoints file lacks the checkpoint of {first.at.isoformat()} that the store "
            "holds: it is another file, or was cut",
        )


async def _hold_still(connection: AsyncConnection) -> None:
    """Let all queries of the connection see one state, whoever writes meanwhile."""
    if connection.dialect.name == "sqlite":
        await connection.exec_driver_sql("BEGIN")
    else:
        await connection.exec_driver_sql(
            "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY"
        )


def _has_log(connection: Connection) -> bool:
    return {t.name for t in (ENTRIES, PURGES, CHECKPOINTS)} <= set(
        inspect(connection).get_table_names()
    )


def _see_that_it_is_there(location: str) -> None:
    """Refuse a file that is not there, which opening would make."""
    try:
        path = make_url(location).database if "://" in location else location
    except ArgumentError:
        return  # opening says it better
    is_file = "://" not in location or location.startswith("sqlite")
    if is_file and path is not None and not Path(path).exists():
        raise _no_log(location)


def _no_log(location: str) -> MonomiError:
    shown = make_url(location).render_as_string() if "://" in location else location
    return MonomiError("no_audit_log", f"{shown} holds no audit log: choose another with --store")
