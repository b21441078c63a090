"""The alert store: each revision once, the newest in the list, rows in their order."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TypeVar

import anyio
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import DateTime
from sqlalchemy.dialects import postgresql
from sqlalchemy.exc import DBAPIError

from alerting.store import AlertStore, Arrival, Progress
from alerting.store.columns import UtcTime
from schemas.errors import MonomiError
from tests.databases import NewStore
from tests.sample_alerts import JST, alert

T = TypeVar("T")


def with_store(location: str, work: Callable[[AlertStore], Awaitable[T]]) -> T:
    """Run one piece of work on a store."""

    async def run() -> T:
        store = await AlertStore.open(location)
        try:
            return await work(store)
        finally:
            await store.close()

    return asyncio.run(run())


def test_a_revision_is_stored_once_and_its_append_time_is_kept(new_store: NewStore) -> None:
    """Add one alert twice; the second time nothing is new."""

    async def work(store: AlertStore) -> None:
        first = await store.add([Arrival(alert(), 1_425_430_992_123)])
        again = await store.add([Arrival(alert(detected_at=datetime.now(UTC)), 5)])
        assert [stored.alert for stored in first] == [alert()]
        assert again == []
        assert await store.newest(10) == first
        assert first[0].appended_at_ms == 1_425_430_992_123
        assert first[0].arrived_at.tzinfo is UTC

    with_store(new_store(), work)


@settings(
    max_examples=15,
    deadline=None,
    # Each example asks it for another store.
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    st.lists(st.lists(st.tuples(st.sampled_from("abc"), st.integers(1, 4)), max_size=6), max_size=6)
)
def test_any_order_with_doubles_ends_in_the_newest_revisions(
    new_store: NewStore,
    batches: list[list[tuple[str, int]]],
) -> None:
    """Whatever comes how often: all revisions are kept once, and the highest of each listed."""
    came = set(itertools.chain.from_iterable(batches))

    async def work(store: AlertStore) -> None:
        told = []
        for batch in batches:
            told += await store.add([Arrival(alert(*key)) for key in batch])
        assert sorted((s.alert.alert_id, s.alert.revision) for s in told) == sorted(came)
        assert await store.after(0, 100) == told
        assert [s.row for s in told] == sorted({s.row for s in told})
        newest = {s.alert.alert_id: s.alert.revision for s in await store.newest(10)}
        assert newest == {name: max(r for n, r in came if n == name) for name, _ in came}

    with_store(new_store(), work)


def test_rows_are_caught_up_with_by_their_ids(new_store: NewStore) -> None:
    """Ask after a row, with a limit; nothing is left out and nothing comes twice."""

    async def work(store: AlertStore) -> None:
        assert await store.newest_row() == 0
        await store.add([Arrival(alert(f"a-{n}")) for n in range(5)])
        first = await store.after(0, 2)
        rest = await store.after(first[-1].row, 10)
        assert [s.alert.alert_id for s in first + rest] == [f"a-{n}" for n in range(5)]
        assert await store.after(await store.newest_row(), 10) == []

    with_store(new_store(), work)


def test_the_list_is_by_event_time_and_a_revision_keeps_its_place(new_store: NewStore) -> None:
    """Add alerts out of order and revise the oldest; the newest stays first."""
    opened_at = alert().opened_at

    async def work(store: AlertStore) -> list[tuple[str, int]]:
        for name, hours in (("later", 2), ("earlier", 0), ("between", 1)):
            opened = opened_at + timedelta(hours=hours)
            await store.add([Arrival(alert(name, opened_at=opened))])
        await store.add([Arrival(alert("earlier", 2))])
        return [(s.alert.alert_id, s.alert.revision) for s in await store.newest(10)]

    assert with_store(new_store(), work) == [("later", 1), ("between", 1), ("earlier", 2)]


def test_the_revisions_of_one_alert_come_newest_first(new_store: NewStore) -> None:
    """A lower revision that arrives late takes its place in the history, not in the list."""

    async def work(store: AlertStore) -> None:
        for revision in (1, 3, 2):
            await store.add([Arrival(alert("a", revision)), Arrival(alert("b"))])
        assert [s.alert.revision for s in await store.revisions("a")] == [3, 2, 1]
        assert await store.revisions("unknown") == []

    with_store(new_store(), work)


def test_alerts_and_position_survive_a_restart(new_store: NewStore) -> None:
    """What one process stored, the next finds, and goes on behind it."""
    location = new_store()

    async def write(store: AlertStore) -> None:
        await store.add([Arrival(alert())], [Progress("cluster/alerts", {0: 7, 1: 3})])
        await store.add([], [Progress("cluster/alerts", {1: 4})])

    async def read(store: AlertStore) -> None:
        assert [s.alert for s in await store.newest(10)] == [alert()]
        assert await store.progress("cluster/alerts") == Progress("cluster/alerts", {0: 7, 1: 4})
        assert await store.progress("other/alerts") == Progress("other/alerts", {})

    with_store(location, write)
    with_store(location, read)


def test_alerts_and_position_are_stored_together_or_not_at_all(new_store: NewStore) -> None:
    """A position that the database refuses takes the alerts of its batch back with it."""

    async def work(store: AlertStore) -> None:
        with pytest.raises((OverflowError, DBAPIError)):
            await store.add([Arrival(alert())], [Progress("cluster/alerts", {0: 2**80})])
        assert await store.newest(10) == []
        assert await store.newest_row() == 0

    with_store(new_store(), work)


def test_cancelled_queries_leave_the_store_usable(new_store: NewStore) -> None:
    """Cancel readers amid their queries, as asyncio does and as anyio does for a closed page."""

    async def use(store: AlertStore) -> None:
        for revision in range(1, 1000):
            await store.add([Arrival(alert(revision=revision))], [Progress("log", {0: revision})])
            await store.newest(10)

    async def work(store: AlertStore) -> None:
        for turn in range(12):
            pause_s = turn / 1000
            users = [asyncio.ensure_future(use(store)) for _ in range(3)]
            await asyncio.sleep(pause_s)
            for user in users:
                user.cancel()
            await asyncio.gather(*users, return_exceptions=True)
            async with anyio.create_task_group() as pages:
                for _ in range(3):
                    pages.start_soon(use, store)
                await asyncio.sleep(pause_s)
                pages.cancel_scope.cancel()
        assert len(await asyncio.gather(*(store.newest(10) for _ in range(20)))) == 20

    with_store(new_store(), work)


def test_a_time_without_a_zone_is_refused_and_others_become_utc() -> None:
    """Bind times as the database would."""
    dialect = postgresql.dialect()  # type: ignore[no-untyped-call]
    kind = UtcTime()
    assert isinstance(kind.impl, DateTime)
    at_nine = datetime(2015, 3, 4, 9, tzinfo=JST)
    assert kind.process_bind_param(at_nine, dialect) == datetime(2015, 3, 4, tzinfo=UTC)
    assert kind.process_result_value(datetime(2015, 3, 4), dialect) == at_nine  # noqa: DTZ001
    with pytest.raises(ValueError, match="zone"):
        kind.process_bind_param(datetime(2015, 3, 4), dialect)  # noqa: DTZ001


@pytest.mark.parametrize(
    ("location", "code"),
    [
        ("/dev/null/alerts.sqlite3", "folder_not_writable"),
        ("/proc/alerts.sqlite3", "folder_not_writable"),
        ("mysql://localhost/alerts", "bad_store_url"),
        ("://", "bad_store_url"),
        ("postgresql://127.0.0.1:9/alerts", "store_not_usable"),
    ],
)
def test_a_place_that_cannot_hold_a_store_is_explained(location: str, code: str) -> None:
    """Open stores where none can be."""
    with pytest.raises(MonomiError) as raised:
        asyncio.run(AlertStore.open(location))
    assert raised.value.code == code


def test_a_file_that_is_no_database_is_explained(tmp_path: Path) -> None:
    """Open a text file as a store; it stays as it is."""
    path = tmp_path / "notes.txt"
    path.write_text("these are not the alerts that you look for\n" * 100)
    with pytest.raises(MonomiError) as raised:
        asyncio.run(AlertStore.open(str(path)))
    assert raised.value.code == "store_not_usable"
    assert path.read_text().startswith("these are not")
