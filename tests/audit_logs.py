"""Audit logs in stores, filled, witnessed and changed, for the tests of the audit log."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import Connection, event
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from alerting.audit.checkpoints import Checkpointer
from alerting.audit.entry import Act, Verb
from alerting.audit.log import append
from alerting.audit.signing import Signer
from alerting.store.location import open_engine
from alerting.store.tables import METADATA

AT = datetime(2015, 3, 4, 1, 3, tzinfo=UTC)
SIGNER = Signer(Ed25519PrivateKey.generate())
PURGER = Act("system", "system", "", Verb.PURGE, "audit", {"policy_years": 7})


def act(number: int = 0) -> Act:
    """Return a supervisor's look at an alert."""
    return Act(f"op-{number}", "supervisor", "192.0.2.7", Verb.VIEW, f"alert:al-{number}", {"n": 1})


@asynccontextmanager
async def opened(location: str) -> AsyncIterator[AsyncEngine]:
    """Open a store with the log's tables; its transactions begin as the alert store's do."""
    engine = open_engine(location)
    event.listen(engine.sync_engine, "begin", _begin)
    try:
        async with engine.begin() as connection:
            await connection.run_sync(METADATA.create_all)
        yield engine
    finally:
        await engine.dispose()


def _begin(connection: Connection) -> None:
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql("BEGIN IMMEDIATE")


def changed(location: str, work: Callable[[AsyncConnection], Awaitable[Any]]) -> None:
    """Do work in one transaction on a store."""

    async def run() -> None:
        async with opened(location) as engine, engine.begin() as connection:
            await work(connection)

    asyncio.run(run())


def filled(location: str, count: int, witness: Path | None = None) -> str:
    """Return the location of a store with so many entries, one a day, and a checkpoint of them."""

    async def run() -> None:
        async with opened(location) as engine:
            async with engine.begin() as connection:
                for number in range(count):
                    await append(connection, act(number), AT + timedelta(days=number))
            if witness is not None:
                await checkpointer(engine, witness).write()

    asyncio.run(run())
    return location


def checkpointer(engine: AsyncEngine, path: Path, signer: Signer = SIGNER) -> Checkpointer:
    """Return what writes checkpoints of a store into a file."""

    async def in_transaction(work: Callable[[AsyncConnection], Awaitable[None]]) -> None:
        async with engine.begin() as connection:
            await work(connection)

    return Checkpointer(in_transaction, signer, path)
