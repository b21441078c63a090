"""The store's tables through time: nothing is lost on the way, and the end is what code expects."""

from __future__ import annotations

import asyncio
from datetime import datetime
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import (
    BigInteger,
    Column,
    Connection,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
    insert,
    inspect,
    text,
)

from alerting.store import AlertQuery, AlertStore, Arrival, Database, Progress
from alerting.store.columns import RowId, UtcTime
from alerting.store.location import open_engine
from alerting.store.tables import METADATA
from schemas.alerts import Alert
from schemas.errors import MonomiError
from tests.databases import NewStore
from tests.offices import CONVERGED, MORNING
from tests.sample_alerts import alert, morning


def first_tables() -> MetaData:
    """Return the tables as the first console made them, without a migration."""
    made = MetaData(naming_convention=METADATA.naming_convention)
    revisions = Table(
        "alert_revisions",
        made,
        Column("row", RowId, primary_key=True, autoincrement=True),
        Column("alert_id", String(64), nullable=False),
        Column("revision", Integer, nullable=False),
        Column("body", Text, nullable=False),
        Column("arrived_at", UtcTime, nullable=False),
        Column("appended_at_ms", BigInteger),
        UniqueConstraint("alert_id", "revision"),
        sqlite_autoincrement=True,
    )
    alerts = Table(
        "alerts",
        made,
        Column("alert_id", String(64), primary_key=True),
        Column("revision", Integer, nullable=False),
        Column("row", RowId, ForeignKey(revisions.c.row), nullable=False, index=True),
        Column("opened_at", UtcTime, nullable=False),
    )
    Index("ix_alerts_newest", alerts.c.opened_at, alerts.c.alert_id)
    Table(
        "feed_positions",
        made,
        Column("log", String(320), primary_key=True),
        Column("partition", Integer, primary_key=True, autoincrement=False),
        Column("next_offset", BigInteger, nullable=False),
    )
    return made


async def make_first_store(location: str, alerts: list[Alert]) -> None:
    """Fill a store as the first console did."""
    made = first_tables()
    engine = open_engine(location)
    async with engine.begin() as connection:
        await connection.run_sync(made.create_all)
        for row, each in enumerate(alerts, 1):
            values: dict[str, Any] = {"alert_id": each.alert_id, "revision": each.revision}
            kept = {"body": each.to_json().decode(), "arrived_at": MORNING, "appended_at_ms": 7}
            await connection.execute(insert(made.tables["alert_revisions"]).values(values | kept))
            place = {"row": row, "opened_at": each.opened_at}
            await connection.execute(insert(made.tables["alerts"]).values(values | place))
        position = {"log": "c/alerts", "partition": 3, "next_offset": 42}
        await connection.execute(insert(made.tables["feed_positions"]).values(position))
        await connection.commit()
    await engine.dispose()


async def on_tables(location: str, look: Any) -> Any:
    """Return what a look at the database's tables finds."""
    engine = open_engine(location)
    async with engine.connect() as connection:
        found = await connection.run_sync(look)
    await engine.dispose()
    return found


def differences(connection: Connection) -> list[Any]:
    """Return how the database's tables differ from those in code."""
    context = MigrationContext.configure(connection, opts={"compare_type": True})
    return list(compare_metadata(context, METADATA))


def test_the_migrations_end_at_the_tables_that_code_uses(new_store: NewStore) -> None:
    """A new store, opened twice."""
    location = new_store()

    async def run() -> None:
        for _ in range(2):
            await (await Database.open(location)).close()
        assert await on_tables(location, differences) == []

    asyncio.run(run())


def test_a_store_of_the_first_console_is_taken_over_without_loss(new_store: NewStore) -> None:
    """Alerts, rows, times and the position stay; the new columns say what the alerts say."""
    location = new_store()
    alerts = [*morning(), alert("a-many", reasons=(CONVERGED,))]

    async def run() -> None:
        await make_first_store(location, alerts)
        store = await AlertStore.open(location)
        assert [s.alert for s in await store.after(0, 100)] == alerts
        assert {s.arrived_at for s in await store.newest(100)} == {MORNING}
        assert {s.appended_at_ms for s in await store.newest(100)} == {7}
        assert await store.progress("c/alerts") == Progress("c/alerts", {3: 42})
        assert await store.newest_row() == 4
        found = await store.listed(
            AlertQuery(section_id="welfare", text="閉庁後", statuses=("open",))
        )
        assert [each.stored.alert.alert_id for each in found] == ["a-evening"]
        many = await store.state("a-many")
        assert many is not None
        assert (many.convergence_on, many.changed_at) == ("r-8f2c41d09b7e", MORNING)
        assert (many.severity, many.version, many.routed_at) == ("high", 0, None)
        # What was there and what comes now read the same.
        await store.add([Arrival(alert("a-many", 2, reasons=(CONVERGED,)))])
        assert [s.row for s in await store.after(4, 100)] == [5]
        await store.close()
        assert await on_tables(location, differences) == []

    asyncio.run(run())


def test_a_migration_that_fails_leaves_the_store_as_it_was(new_store: NewStore) -> None:
    """An alert that cannot be read stops it; no table has changed, and it can be tried again."""
    location = new_store()

    async def run() -> None:
        await make_first_store(location, [alert()])
        await spoil(location, "UPDATE alert_revisions SET body = '{'")
        with pytest.raises(ValueError, match="property name"):
            await AlertStore.open(location)
        columns = await on_tables(location, lambda c: inspect(c).get_columns("alerts"))
        assert len(columns) == 4
        body = alert().to_json().decode()
        await spoil(location, f"UPDATE alert_revisions SET body = '{body}'")
        store = await AlertStore.open(location)
        assert [s.alert for s in await store.newest(10)] == [alert()]
        await store.close()

    asyncio.run(run())


def test_a_store_of_a_newer_monomi_is_refused_and_left_alone(new_store: NewStore) -> None:
    """It knows a migration that this one does not."""
    location = new_store()

    async def run() -> None:
        await (await Database.open(location)).close()
        await spoil(location, "UPDATE alembic_version SET version_num = '9999'")
        with pytest.raises(MonomiError) as raised:
            await Database.open(location)
        assert raised.value.code == "store_newer"

    asyncio.run(run())


def test_two_consoles_that_start_at_once_make_one_store(new_store: NewStore) -> None:
    """Both find nothing, one makes the tables."""
    location = new_store()

    async def run() -> None:
        stores = await asyncio.gather(*(AlertStore.open(location) for _ in range(3)))
        await stores[0].add([Arrival(alert(opened_at=datetime.fromisoformat("2015-03-04T00:00Z")))])
        assert await stores[2].newest_row() == 1
        for store in stores:
            await store.close()

    asyncio.run(run())


async def spoil(location: str, sql: str) -> None:
    """Do to a database what no console does."""
    engine = open_engine(location)
    async with engine.connect() as connection:
        await connection.execute(text(sql.replace(":", "\\:")))
        await connection.commit()
    await engine.dispose()
