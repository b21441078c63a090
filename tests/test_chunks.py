"""Chunks through Faust on a real Kafka, in worker processes that are killed and joined."""

from __future__ import annotations

import asyncio
import json
import signal
import subprocess
import sys
from collections import defaultdict
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from aiokafka import AIOKafkaProducer, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient, NewTopic
from aiokafka.errors import GroupCoordinatorNotAvailableError

from streams.broker import Broker
from tests.processes import eventually

pytestmark = pytest.mark.kafka

PARTITIONS = 4
Record = tuple[str, int, bytes | None, bytes | None]


class Bench:
    """Hold topics with records, workers that read them, and what each worker wrote down."""

    def __init__(self, bootstrap: str, folder: Path, name: str) -> None:
        self.bootstrap = bootstrap
        self.trace = folder / "trace"
        self.trace.touch()
        self.app_id = name
        self.topics = [f"{name}.{topic}" for topic in ("queries", "signins", "orders")]
        self.workers: list[subprocess.Popen[bytes]] = []
        asyncio.run(self._create())

    async def _create(self) -> None:
        admin = AIOKafkaAdminClient(bootstrap_servers=self.bootstrap)
        await admin.start()
        await admin.create_topics([NewTopic(topic, PARTITIONS, 1) for topic in self.topics])
        await admin.close()

    def send(self, *records: Record) -> None:
        async def send() -> None:
            async with AIOKafkaProducer(bootstrap_servers=self.bootstrap, linger_ms=5) as producer:
                for topic, partition, key, value in records:
                    sent = await producer.send(
                        f"{self.app_id}.{topic}", value, key, partition=partition
                    )
                await sent

        asyncio.run(send())

    def fill(self, number: int) -> None:
        """Send a number of records, spread over the partitions of two topics."""
        self.send(
            *(
                ("queries" if i % 3 else "signins", i % PARTITIONS, b"op%d" % (i % 7), b"%d" % i)
                for i in range(number)
            )
        )

    def start(self, *options: str, app_id: str | None = None) -> subprocess.Popen[bytes]:
        where = [self.bootstrap, app_id or self.app_id, str(self.trace), ",".join(self.topics)]
        worker = subprocess.Popen(
            [sys.executable, "-m", "tests.chunk_worker", *where, *options],
            cwd=Path(__file__).parents[1],
            stderr=subprocess.PIPE,
        )
        self.workers.append(worker)
        return worker

    def stop(self, worker: subprocess.Popen[bytes]) -> int:
        worker.send_signal(signal.SIGTERM)
        worker.communicate(timeout=30)
        return worker.returncode

    def lines(self, key: str, pid: int | None = None) -> list[Any]:
        """Return the lines that have a key; of one process where `pid` says which."""
        # The last line may be half-written: a worker is writing, or was killed while it did.
        found = [json.loads(line) for line in self.trace.read_text().split("\n")[:-1]]
        return [line for line in found if key in line and pid in (None, line["pid"])]

    def taken(self, pid: int | None = None) -> dict[tuple[str, int], list[list[Any]]]:
        """Return what was taken of each partition, in the order taken: offset, key, value."""
        taken = defaultdict(list)
        for line in self.lines("events", pid):
            for topic, partition, *rest in line["events"]:
                taken[topic.removeprefix(f"{self.app_id}."), partition].append(rest)
        return dict(taken)

    def has_taken(self, number: int, pid: int | None = None) -> Callable[[], bool]:
        """Return a condition: so many different records were taken."""
        return lambda: (
            number <= sum(len({offset for offset, *_ in rows}) for rows in self.taken(pid).values())
        )

    def committed(self, app_id: str | None = None) -> dict[tuple[str, int], int]:
        """Return the offsets that a group has committed; empty while Kafka knows of no group."""

        async def ask() -> dict[TopicPartition, Any]:
            admin = AIOKafkaAdminClient(bootstrap_servers=self.bootstrap)
            await admin.start()
            try:
                return dict(await admin.list_consumer_group_offsets(app_id or self.app_id))
            except GroupCoordinatorNotAvailableError:
                return {}
            finally:
                await admin.close()

        return {
            (tp.topic.removeprefix(f"{self.app_id}."), tp.partition): place.offset
            for tp, place in asyncio.run(ask()).items()
            if place.offset >= 0
        }


@pytest.fixture
def bench(kafka: Broker, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Bench]:
    """Give a bench of the test's own; no worker outlives it."""
    bench = Bench(kafka.bootstrap, tmp_path, request.node.name.split("[")[0][:60])
    yield bench
    for worker in bench.workers:
        worker.kill()
        worker.communicate()


def test_both_transports_give_the_same(bench: Bench) -> None:
    """Our transport and Faust's own deliver the same records in the same order, and commit them.

    Records without a key or a value are among them.
    """
    bench.fill(3000)
    bench.send(("signins", 1, None, b"no key"), ("signins", 1, b"no value", None))
    taken: list[dict[tuple[str, int], list[list[Any]]]] = []
    for name, options in ("ours", []), ("theirs", ["--faust"]):
        worker = bench.start(*options, app_id=name)
        assert eventually(bench.has_taken(3002))
        taken.append(bench.taken())
        ends = {place: len(rows) for place, rows in taken[-1].items()}
        assert eventually(lambda: bench.committed(name) == ends)  # noqa: B023 - called at once
        assert bench.stop(worker) == 0
        bench.trace.write_text("")
    assert taken[0] == taken[1]
    assert taken[0]["signins", 1][-2:] == [[250, None, "no key"], [251, "no value", None]]
    for rows in taken[0].values():
        assert [offset for offset, *_ in rows] == list(range(len(rows)))


def test_a_killed_worker_resumes_from_what_was_committed(bench: Bench) -> None:
    """After kill -9 nothing is missed, and nothing before the committed offsets comes again."""
    bench.fill(6000)
    killed = bench.start("--slow", "0.2")
    assert eventually(lambda: sum(bench.committed().values()) >= 500)
    committed = bench.committed()
    killed.kill()
    killed.wait()
    before = bench.taken(killed.pid)
    follower = bench.start()
    assert eventually(bench.has_taken(6000))
    assert bench.stop(follower) == 0
    for place, rows in bench.taken(follower.pid).items():
        offsets = [offset for offset, *_ in rows]
        assert committed.get(place, 0) <= offsets[0] <= len(before.get(place, ()))
        assert offsets == list(range(offsets[0], offsets[-1] + 1))


def test_workers_that_come_and_go_miss_nothing(bench: Bench) -> None:
    """From one worker to three to two: all records are taken, in order, co-partitioned."""
    bench.fill(3000)
    first = bench.start("--slow", "0.05")
    assert eventually(bench.has_taken(500))
    others = [bench.start("--slow", "0.05") for _ in range(2)]
    assert eventually(lambda: all(bench.lines("assigned", worker.pid) for worker in others))
    bench.fill(3000)
    assert eventually(lambda: all(bench.taken(worker.pid) for worker in others))
    others[0].kill()
    bench.fill(600)
    assert eventually(bench.has_taken(6600))
    for line in bench.lines("assigned"):
        by_topic = defaultdict(set)
        for topic, partition in line["assigned"]:
            by_topic[topic].add(partition)
        assert len({frozenset(numbers) for numbers in by_topic.values()}) == 1
    by_assignment = defaultdict(list)
    for line in bench.lines("events"):
        for topic, partition, offset, *_ in line["events"]:
            by_assignment[line["pid"], line["generation"], topic, partition].append(offset)
    for offsets in by_assignment.values():
        assert offsets == list(range(offsets[0], offsets[-1] + 1))
    assert [bench.stop(worker) for worker in (first, others[1])] == [0, 0]


def test_an_agent_that_fails_stops_the_worker(bench: Bench) -> None:
    """A failure in the agent ends the process with an error; what was not done comes again."""
    bench.fill(400)
    worker = bench.start("--fail-at", "1")
    _, told = worker.communicate(timeout=30)
    assert worker.returncode == 1
    assert told.endswith(b"this worker was told to fail [told_to_fail]\n")
    assert not bench.committed()
    follower = bench.start()
    assert eventually(bench.has_taken(400, follower.pid))
    assert bench.stop(follower) == 0


@pytest.mark.parametrize("options", [(), ("--faust",)])
def test_a_paused_partition_waits_and_catches_up(bench: Bench, options: tuple[str, ...]) -> None:
    """A paused topic gives nothing until it is resumed; then the worker sees that it caught up."""
    worker = bench.start(*options)
    bench.send(("orders", 0, bench.topics[0].encode(), b"pause"))
    assert eventually(bench.has_taken(1))
    bench.send(*(("queries", n % PARTITIONS, b"op", b"%d" % n) for n in range(200)))
    bench.send(*(("signins", n % PARTITIONS, b"op", b"%d" % n) for n in range(200)))
    assert eventually(bench.has_taken(201))
    assert {topic for topic, _ in bench.taken()} == {"orders", "signins"}
    bench.send(
        ("orders", 0, bench.topics[0].encode(), b"resume"),
        ("orders", 0, bench.topics[1].encode(), b"caught up?"),
    )
    assert eventually(bench.has_taken(403))
    bench.send(("orders", 0, bench.topics[0].encode(), b"caught up?"))
    assert eventually(lambda: len(bench.lines("caught_up")) == 2)
    assert bench.stop(worker) == 0
