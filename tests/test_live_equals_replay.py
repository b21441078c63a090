"""What a worker says of a stream is what replay says of the file: to the byte, over any crash."""

from __future__ import annotations

import os
import random
import shutil
import subprocess
import sys
import time
import uuid
from contextlib import ExitStack
from pathlib import Path

import pytest

from models.recordings import EventFiles
from simulation import WardPlan, simulate_ward, write_ward
from streams.broker import Broker
from tests.beside_replay import (
    Revisions,
    applied_look_ups,
    raised_rows,
    replayed,
    settled,
    unexpected,
)
from tests.processes import eventually
from tests.workers import WorkerProcess

PARTITIONS = 4
EVENTS = ("access.queries", "presence.signins", "presence.doors")


@pytest.fixture(scope="module")
def fortnight(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of a simulated fortnight with cases of misuse."""
    folder = tmp_path_factory.mktemp("fortnight")
    plan = WardPlan(5, days=14, operators=14, residents=1000, lookups_per_day=20, untidy=False)
    write_ward(simulate_ward(plan), folder)
    return folder


@pytest.fixture
def prefix() -> str:
    """Return a topic prefix of this test's own."""
    return f"t{uuid.uuid4().hex[:8]}."


def event_files(folder: Path) -> list[Path]:
    """Return a ward's event files."""
    return [folder / f"{name}.jsonl.gz" for name in EVENTS]


def make_topics(kafka: Broker, prefix: str, folder: Path) -> None:
    """Let a worker make the topics, so that all can stand in Kafka before the next one starts.

    Beside a producer that is still at it, a batch of sign-ins may come after look-ups that are
    later: the worker then judges what it has, as it must live, and replay has more.
    """
    with WorkerProcess(kafka.bootstrap, prefix, folder, PARTITIONS) as worker:
        worker.wait_until_ready()


def produced(bootstrap: str, prefix: str, folder: Path, *speed: str) -> int:
    """Send a ward's files to Kafka and return how many event records there were."""
    environment = {**os.environ, "MONOMI_BOOTSTRAP": bootstrap, "MONOMI_TOPIC_PREFIX": prefix}
    command = [sys.executable, "-m", "monomi.cli", "produce", str(folder), *speed, "--no-progress"]
    subprocess.run(command, env=environment, check=True, capture_output=True, timeout=150)
    return sum(1 for _ in EventFiles(event_files(folder), unexpected))


def raised(bootstrap: str, prefix: str) -> Revisions:
    """Return every revision in Kafka; one that was sent twice must have said the same."""
    revisions: Revisions = {}
    for key, row in raised_rows(bootstrap, prefix):
        first = revisions.setdefault(key, row)
        told_apart = {name: (first[name], row[name]) for name in row if first[name] != row[name]}
        assert not told_apart, f"one id and revision, two contents: {key}, {told_apart}"
    return revisions


def compare(kafka: Broker, prefix: str, folder: Path) -> None:
    """Assert that live comes to agree with replay, on alerts and on every operator's count."""
    expected, look_ups, last = replayed(event_files(folder), folder / "context")
    want = settled(expected, last)
    assert len(want) > 5
    eventually(lambda: settled(raised(kafka.bootstrap, prefix), last) == want, timeout_s=90)
    assert settled(raised(kafka.bootstrap, prefix), last) == want
    counted = applied_look_ups(kafka.bootstrap, prefix)
    assert {o: n for o, n in counted.items() if n} == dict(look_ups)


@pytest.mark.kafka
@pytest.mark.parametrize("chunked", ["true", "false"], ids=["chunks", "faust's own consumer"])
def test_a_fortnight_through_kafka_gives_replays_alerts(
    kafka: Broker, fortnight: Path, tmp_path: Path, prefix: str, chunked: str
) -> None:
    """Several partitions, one worker, everything that stood in Kafka before it started."""
    make_topics(kafka, prefix, tmp_path)
    records = produced(kafka.bootstrap, prefix, fortnight, "--as-fast-as-possible")
    with WorkerProcess(
        kafka.bootstrap, prefix, tmp_path, PARTITIONS, MONOMI_CHUNKED=chunked
    ) as worker:
        worker.wait_until_ready()
        worker.wait_until_applied(records)
        compare(kafka, prefix, fortnight)
        assert worker.stop() == 0


@pytest.mark.kafka
def test_kill_9_loses_nothing_and_doubles_nothing(
    kafka: Broker, fortnight: Path, tmp_path: Path, prefix: str
) -> None:
    """Killed under load again and again, once with its local store gone: replay's answer."""
    chance = random.Random(1)
    make_topics(kafka, prefix, tmp_path)
    produced(kafka.bootstrap, prefix, fortnight, "--as-fast-as-possible")
    for kill in range(4):
        with WorkerProcess(kafka.bootstrap, prefix, tmp_path, PARTITIONS) as worker:
            worker.wait_until_ready()
            time.sleep(chance.uniform(0.1, 1.0))
        if kill == 2:
            shutil.rmtree(tmp_path / "data")
    with WorkerProcess(kafka.bootstrap, prefix, tmp_path, PARTITIONS) as worker:
        worker.wait_until_ready()
        compare(kafka, prefix, fortnight)
        assert worker.stop() == 0


@pytest.mark.kafka
@pytest.mark.timeout(300)
def test_workers_that_come_and_go_say_what_replay_says(
    kafka: Broker, fortnight: Path, tmp_path: Path, prefix: str
) -> None:
    """One worker, then three, then two, with clocks, open days and context on the move."""
    make_topics(kafka, prefix, tmp_path)
    folders = [tmp_path / f"seat-{number}" for number in range(3)]
    with ExitStack() as stack:
        workers = []
        for folder in folders:
            folder.mkdir()
            worker = WorkerProcess(kafka.bootstrap, prefix, folder, PARTITIONS)
            workers.append(stack.enter_context(worker))
            worker.wait_until_ready()  # a partition is at work here, and left another
            if folder is folders[0]:
                produced(kafka.bootstrap, prefix, fortnight, "--as-fast-as-possible")
        assert workers[0].stop() == 0
        compare(kafka, prefix, fortnight)
