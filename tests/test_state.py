"""The keyed store and its changelog, on a real Kafka."""

from __future__ import annotations

import asyncio
import itertools
import shutil
from collections.abc import Callable, Coroutine, Sequence
from pathlib import Path
from typing import Any, NoReturn

import pytest
from aiokafka import AIOKafkaProducer
from aiokafka.admin import AIOKafkaAdminClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from schemas.errors import MonomiError
from streams import changelog_reader, changelog_rewriting, changelog_writer
from streams.broker import Broker
from streams.changelog import Changelog
from streams.state import PartitionStore
from streams.state_folder import Change, LogPosition

pytestmark = pytest.mark.kafka

_names = (f"test{number}" for number in itertools.count())
NewChangelog = Callable[..., Changelog]


@pytest.fixture
def new_changelog(kafka: Broker, tmp_path: Path) -> NewChangelog:
    """Return a maker of changelogs: by default each its own topic, all in one data folder."""

    def make(app_id: str | None = None, folder: str = "data", **more: Any) -> Changelog:
        return Changelog(kafka.bootstrap, app_id or next(_names), 2, tmp_path / folder, **more)

    return make


def run(test: Coroutine[Any, Any, None]) -> None:
    asyncio.run(test)


def content(store: PartitionStore) -> dict[bytes, bytes]:
    return dict(store.scan(b""))


def lose_power(*_: object, **__: object) -> NoReturn:
    raise RuntimeError("killed")


def lose_the_next(store: PartitionStore) -> None:
    """Let the log acknowledge what it then does not have, as a broker does whose disk lost it."""

    async def append(changes: Sequence[Change]) -> LogPosition:
        position = store._folder.position()
        assert position is not None
        return LogPosition(position.next_offset + len(changes), position.at_ms)

    store._log.append = append  # type: ignore[method-assign]


async def reopened(changelog: Changelog, store: PartitionStore) -> PartitionStore:
    await store.close()
    return await changelog.open_partition(store.partition)


def test_a_commit_is_read_back_and_survives_reopening(new_changelog: NewChangelog) -> None:
    """What is committed is there, in key order under its prefix, before and after a restart."""

    async def test() -> None:
        changelog = new_changelog()
        await changelog.start()
        store = await changelog.open_partition(1)
        assert (store.get(b"oA"), store.applied("access.queries")) == (None, -1)
        await store.commit({b"oB": b"2", b"oA": b"1", b"pA": b""}, {"access.queries": 7})
        await store.commit({b"oC": b"3", b"oB": None}, {"access.queries": 9, "presence.doors": 0})
        for _ in range(2):
            assert list(store.scan(b"o")) == [(b"oA", b"1"), (b"oC", b"3")]
            assert (store.get(b"pA"), store.get(b"oB")) == (b"", None)
            assert (store.applied("access.queries"), store.applied("presence.doors")) == (9, 0)
            store = await reopened(changelog, store)
        await store.close()

    run(test())


KEYS = st.sampled_from([b"oA", b"oB", b"pA", b"pB", b"p\xff\xff"])
COMMIT = st.tuples(st.dictionaries(KEYS, st.none() | st.binary(max_size=5)), st.integers(0, 99))
STEP = st.one_of(
    COMMIT,
    st.sampled_from(["reopen", "wipe", "kill in the next commit", "lose the next from the log"]),
)


@settings(
    max_examples=6, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(steps=st.lists(STEP, min_size=3, max_size=9))
def test_the_store_equals_its_commits_whatever_happens_to_the_folder(
    new_changelog: NewChangelog, steps: list[Any]
) -> None:
    """Restarts, lost folders, kills between log and folder, lost ends of logs leave the commits.

    A killed commit counts: the log has it, so the reopened store does. One that the log lost
    counts too: the folder has it.
    """

    async def test() -> None:
        changelog = new_changelog()
        await changelog.start()
        store = await changelog.open_partition(0)
        wanted: dict[bytes, bytes] = {}
        kill = lose = False
        await store.commit({b"oA": b"0"}, {})
        wanted[b"oA"] = b"0"
        for step in steps:
            if step == "kill in the next commit":
                kill = True
            elif step == "lose the next from the log":
                lose = True
            elif isinstance(step, str):
                await store.close()
                if step == "wipe":
                    shutil.rmtree(store._folder.path)
                store = await changelog.open_partition(0)
            else:
                changes, offset = step
                if kill:
                    store._folder.apply = lose_power  # type: ignore[method-assign]
                    with pytest.raises(RuntimeError):
                        await store.commit(changes, {"t": offset})
                    store = await reopened(changelog, store)
                elif lose:
                    lose_the_next(store)
                    await store.commit(changes, {"t": offset})
                    store = await reopened(changelog, store)
                else:
                    await store.commit(changes, {"t": offset})
                kill = lose = False
                wanted |= {**changes, b"mt": offset.to_bytes(8, "big")}
                wanted = {key: value for key, value in wanted.items() if value is not None}
            assert content(store) == wanted
        await store.close()

    run(test())


def test_a_broken_off_commit_closes_the_store(new_changelog: NewChangelog) -> None:
    """After a commit whose end is unknown neither stale reads nor further commits are possible."""

    async def test() -> None:
        changelog = new_changelog()
        await changelog.start()
        store = await changelog.open_partition(0)
        store._folder.apply = lose_power  # type: ignore[method-assign]
        with pytest.raises(RuntimeError):
            await store.commit({b"oA": b"1"}, {"t": 1})
        with pytest.raises(MonomiError, match="state_closed"):
            store.get(b"oA")
        with pytest.raises(MonomiError, match="state_closed"):
            await store.commit({b"oA": b"2"}, {"t": 1})
        store = await reopened(changelog, store)
        assert (store.get(b"oA"), store.applied("t")) == (b"1", 1)
        await store.close()

    run(test())


def test_a_batch_too_large_is_refused_whole(new_changelog: NewChangelog) -> None:
    """A commit that does not fit one record batch writes nothing; the store goes on."""

    async def test() -> None:
        changelog = new_changelog(max_commit_bytes=20_000)
        await changelog.start()
        store = await changelog.open_partition(0)
        await store.commit({b"oA": b"1"}, {"t": 1})
        for too_large in ({b"oA": b"x" * 30_000}, {b"o%03d" % i: b"x" * 100 for i in range(300)}):
            with pytest.raises(MonomiError, match="state_batch_too_large"):
                await store.commit(dict(too_large), {"t": 2})
        await store.commit({b"oB": b"x" * 19_000}, {})
        await store.close()
        shutil.rmtree(store._folder.path)
        store = await changelog.open_partition(0)
        assert (store.get(b"oA"), len(store.get(b"oB") or b""), store.applied("t")) == (
            b"1",
            19_000,
            1,
        )
        await store.close()

    run(test())


def test_own_keys_are_refused(new_changelog: NewChangelog) -> None:
    """No commit may write keys that begin with the store's own byte."""

    async def test() -> None:
        changelog = new_changelog()
        await changelog.start()
        store = await changelog.open_partition(0)
        with pytest.raises(ValueError, match="store's own"):
            await store.commit({b"mt": b"1"}, {})
        await store.close()

    run(test())


def test_a_former_owner_cannot_write(new_changelog: NewChangelog) -> None:
    """Once another worker has opened a partition, commits of the former owner fail, whole."""

    async def test() -> None:
        former = new_changelog("zombie", "former")
        await former.start()
        frozen = await former.open_partition(0)
        await frozen.commit({b"oA": b"1"}, {"t": 1})
        owner = await new_changelog("zombie", "owner").open_partition(0)
        await owner.commit({b"oA": b"2"}, {"t": 2})
        with pytest.raises(MonomiError, match="partition_fenced"):
            await frozen.commit({b"oA": b"old", b"oB": b"old"}, {"t": 3})
        await owner.commit({b"oC": b"3"}, {"t": 4})
        await frozen.close()
        await owner.close()
        witness = await new_changelog("zombie", "witness").open_partition(0)
        assert content(witness) == {b"oA": b"2", b"oC": b"3", b"mt": (4).to_bytes(8, "big")}
        await witness.close()

    run(test())


def test_an_owner_claims_its_partition_again(
    new_changelog: NewChangelog, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A long-lived owner renews its claim at a commit, and keeps its state whole."""
    monkeypatch.setattr(changelog_writer, "_CLAIM_AGAIN_S", 0.0)

    async def test() -> None:
        changelog = new_changelog()
        await changelog.start()
        store = await changelog.open_partition(0)
        for number in range(3):
            await store.commit({b"o%d" % number: b"x"}, {"t": number})
        store = await reopened(changelog, store)
        assert sorted(content(store)) == [b"mt", b"o0", b"o1", b"o2"]
        await store.close()

    run(test())


def test_a_foreign_write_is_noticed(kafka: Broker, new_changelog: NewChangelog) -> None:
    """A commit that does not lie where the last one ended stops the store."""

    async def test() -> None:
        changelog = new_changelog("torn")
        await changelog.start()
        store = await changelog.open_partition(0)
        async with AIOKafkaProducer(bootstrap_servers=kafka.bootstrap) as stranger:
            await stranger.send_and_wait(changelog.topic, b"v", key=b"oA", partition=0)
        with pytest.raises(MonomiError, match="changelog_torn"):
            await store.commit({b"oA": b"1"}, {})
        await store.close()

    run(test())


def test_a_folder_of_another_log_is_rebuilt(kafka: Broker, new_changelog: NewChangelog) -> None:
    """When the topic was deleted and made again, empty or refilled, the folder follows it."""

    async def make_anew(changelog: Changelog) -> None:
        admin = AIOKafkaAdminClient(bootstrap_servers=kafka.bootstrap)
        await admin.start()
        await admin.delete_topics([changelog.topic])
        while changelog.topic in await admin.list_topics():
            await asyncio.sleep(0.05)
        await admin.close()
        await changelog.start()

    async def test() -> None:
        ours, theirs = new_changelog("anew", "ours"), new_changelog("anew", "theirs")
        await ours.start()
        for refill in (0, 20):
            store = await ours.open_partition(0)
            await store.commit({b"oA": b"1"}, {"t": 1})
            await store.close()
            await make_anew(ours)
            other = await theirs.open_partition(0)
            for number in range(refill):
                await other.commit({b"oB": b"%d" % number}, {})
            await other.close()
            store = await ours.open_partition(0)
            assert content(store) == ({b"oB": b"19"} if refill else {})
            await store.close()

    run(test())


def test_a_log_that_is_half_written_anew_is_taken_from_the_folder_with_all_alone(
    new_changelog: NewChangelog, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A worker that dies while it writes a log anew goes on with that; no other takes the half."""

    async def test() -> None:
        ours, theirs = new_changelog("half", "ours"), new_changelog("half", "theirs")
        await ours.start()
        store = await ours.open_partition(0)
        await store.commit({b"oA": b"1", b"oB": b"1"}, {"t": 1})
        lose_the_next(store)
        await store.commit({b"oA": b"2", b"oB": None}, {"t": 2})
        await store.close()
        wanted = {b"oA": b"2", b"mt": (2).to_bytes(8, "big")}
        with monkeypatch.context() as patched:
            patched.setattr(changelog_rewriting, "_batches", lose_power)
            with pytest.raises(RuntimeError):
                await ours.open_partition(0)
        for _ in range(2):
            with pytest.raises(MonomiError) as refused:
                await theirs.open_partition(0)
            assert refused.value.code == "changelog_half_written"
        for changelog in (ours, theirs):
            store = await changelog.open_partition(0)
            assert content(store) == wanted
            await store.close()

    run(test())


@pytest.mark.parametrize("limit_ms", [-1, 1 << 40])
def test_a_folder_left_for_too_long_is_rebuilt(
    new_changelog: NewChangelog, monkeypatch: pytest.MonkeyPatch, limit_ms: int
) -> None:
    """A folder older than the deletions that Kafka keeps is not trusted with a later log."""
    monkeypatch.setattr(changelog_reader, "_FOLDER_GOOD_FOR_MS", limit_ms)

    async def test() -> None:
        app_id = next(_names)
        changelog = new_changelog(app_id)
        await changelog.start()
        store = await changelog.open_partition(0)
        position = store._folder.position()
        assert position is not None
        store._folder.apply([(b"oDeleted", b"1")], position)  # as if the log had dropped it
        await store.close()
        other = await new_changelog(app_id, "elsewhere").open_partition(0)
        await other.commit({b"oA": b"1"}, {})
        await other.close()
        store = await changelog.open_partition(0)
        assert (store.get(b"oDeleted") is None) == (limit_ms < 0)
        assert store.get(b"oA") == b"1"
        await store.close()

    run(test())
