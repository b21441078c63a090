"""Writing the audit log: in the caller's transaction, one writer at a time."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict, replace
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Table, delete, func, insert, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection

from alerting.audit.chain import BrokenError, Walk
from alerting.audit.entry import GENESIS, Act, Entry
from alerting.audit.signing import Signer
from alerting.audit.statements import Head, Purge
from alerting.audit.tables import ENTRIES, HEAD, PURGES
from schemas.errors import MonomiError

_INSERT: Mapping[str, Callable[[Table], Any]] = {
    "sqlite": sqlite.insert,
    "postgresql": postgresql.insert,
}
ROWS_AT_ONCE = 1000


async def append(connection: AsyncConnection, act: Act, at: datetime | None = None) -> Entry:
    """Append an act in the caller's transaction: it is logged if and only if that commits.

    From here to the transaction's end no other can append, on either database. Raises
    MonomiError `audit_damaged` where the log's head is gone.
    """
    head = await _take_number(connection)
    entry = Entry.following(head.number, head.hash, act, at or datetime.now(UTC))
    await connection.execute(insert(ENTRIES).values(asdict(entry)))
    await connection.execute(update(HEAD).values(hash=entry.hash))
    return entry


async def purge(
    connection: AsyncConnection,
    before: datetime,
    signer: Signer,
    act: Act,
    at: datetime | None = None,
) -> Purge | None:
    """Replace the entries up to the first that is not older by a signed statement of them.

    Appends `act` with their numbers. Returns None where there is nothing to purge. Raises
    MonomiError `audit_damaged` where the entries do not hold: a purge would hide it.
    """
    # Before it reads: no other may append or purge until this commits.
    await connection.execute(update(HEAD).values(number=HEAD.c.number))
    moment = at or datetime.now(UTC)
    first = await connection.scalar(select(func.min(ENTRIES.c.number)))
    young = select(func.min(ENTRIES.c.number)).where(ENTRIES.c.at >= before)
    kept = await connection.scalar(young)
    if first is None or first == kept:
        return None
    last = kept - 1 if kept is not None else await connection.scalar(_LAST_NUMBER)
    start = await _purged_before(connection, first)
    end = await _checked(connection, start, last)
    statement = Purge.signed(first, end, start.hash, moment, signer)
    await connection.execute(insert(PURGES).values(asdict(statement)))
    await connection.execute(delete(ENTRIES).where(ENTRIES.c.number <= last))
    details = {**act.details, "first": first, "last": last, "hash": end.hash}
    await append(connection, replace(act, details=details), moment)
    return statement


async def read_head(connection: AsyncConnection) -> Head | None:
    """Return the newest entry's number and hash, None before the first."""
    row = (await connection.execute(select(HEAD.c.number, HEAD.c.hash))).first()
    return None if row is None else Head(row.number, row.hash)


_LAST_NUMBER = select(func.max(ENTRIES.c.number))


async def _take_number(connection: AsyncConnection) -> Head:
    """Return the next number with the hash before it, and hold the head until the commit.

    The write comes first: SQLite would refuse one that follows a read of an older state, and
    PostgreSQL lets it wait for whoever holds the row.
    """
    take = update(HEAD).values(number=HEAD.c.number + 1).returning(HEAD.c.number, HEAD.c.hash)
    row = (await connection.execute(take)).first()
    if row is None:
        await _make_head(connection)
        row = (await connection.execute(take)).one()
    return Head(row.number, row.hash)


async def _make_head(connection: AsyncConnection) -> None:
    """Make the head of an empty log; where another does so at once, wait until it has."""
    first = _INSERT[connection.dialect.name](HEAD).values(id=1, number=0, hash=GENESIS)
    made = first.on_conflict_do_nothing(index_elements=[HEAD.c.id]).returning(HEAD.c.id)
    if (await connection.execute(made)).first() is None:
        return
    if await connection.scalar(_LAST_NUMBER) or await connection.scalar(select(PURGES.c.first)):
        raise _damaged("its head is gone")


async def _purged_before(connection: AsyncConnection, first: int) -> Head:
    """Return what stood before the first entry that is left."""
    if first == 1:
        return Head(0, GENESIS)
    before = select(PURGES.c.hash).where(PURGES.c.last == first - 1)
    hash_ = await connection.scalar(before)
    if hash_ is None:
        raise _damaged(f"entry {first - 1} is missing")
    return Head(first - 1, hash_)


async def _checked(connection: AsyncConnection, start: Head, last: int) -> Head:
    walk = Walk(start=start)
    rows = await connection.stream(
        select(ENTRIES).where(ENTRIES.c.number <= last).order_by(ENTRIES.c.number),
        execution_options={"yield_per": ROWS_AT_ONCE},
    )
    entry = None
    try:
        async for row in rows:
            entry = Entry(**row._mapping)
            walk.step(entry)
    except BrokenError as error:
        raise _damaged(str(error)) from None
    finally:
        await rows.close()
    if entry is None:
        raise _damaged("it was changed while it was read")
    return Head(entry.number, entry.hash)


def _damaged(why: str) -> MonomiError:
    return MonomiError(
        "audit_damaged", f"the audit log does not hold ({why}): `monomi audit verify` says more"
    )
