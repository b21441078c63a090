"""How the program ends: by one sentence where it cannot start, and in order where it is asked."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import socket
import subprocess
import sys
import uuid
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import NamedTuple

import pytest
from kafka import KafkaProducer

from streams.broker import Broker
from streams.topics import create_topics
from tests.beside_replay import applied_look_ups
from tests.processes import eventually
from tests.workers import WorkerProcess

pytestmark = pytest.mark.kafka

PARTITIONS = 4
OPERATORS = 24
FIRST = datetime(2014, 10, 21, 8, 30, tzinfo=UTC)
NOBODY = "127.0.0.1:9"
"""Where no Kafka is."""


class Program(NamedTuple):
    """A run of `monomi` that must fail: its arguments and settings, its code, what it names."""

    arguments: list[str]
    settings: dict[str, str]
    code: str
    named: str


def programs(bootstrap: str, folder: Path, taken_port: int) -> dict[str, Program]:
    """Return the runs that must fail, by what is wrong."""
    plain = folder / "plain"
    plain.write_text("no folder")
    policy, broken = folder / "policy.toml", folder / "broken.toml"
    policy.write_text("warm_up_days = -1\n")
    broken.write_text("warm_up_days = \n")
    events = folder / "access.queries.jsonl"
    events.write_bytes(look_up(0))
    there, port = {"MONOMI_BOOTSTRAP": bootstrap}, str(taken_port)
    return {
        "a worker without Kafka": Program(["worker"], {}, "broker_unreachable", NOBODY),
        "a producer without Kafka": Program(
            ["produce", str(events)], {}, "broker_unreachable", NOBODY
        ),
        "a console without Kafka": Program(
            ["console", "--port", "0"], {}, "broker_unreachable", NOBODY
        ),
        "a console on a port that is taken": Program(
            ["console", "--port", port], there, "port_taken", port
        ),
        "metrics on a port that is taken": Program(
            ["worker", "--metrics-port", port], there, "port_taken", port
        ),
        "a data folder below a file": Program(
            ["worker", "--data-dir", f"{plain}/data"], there, "folder_not_writable", str(plain)
        ),
        "a policy out of its bounds": Program(
            ["worker", "--policy", str(policy)], there, "bad_policy", "warm_up_days"
        ),
        "a policy that is no TOML": Program(
            ["worker"], there | {"MONOMI_POLICY": str(broken)}, "bad_policy", str(broken)
        ),
        "a setting that is no number": Program(
            ["worker"], there | {"MONOMI_PARTITIONS": "abc"}, "bad_setting", "MONOMI_PARTITIONS"
        ),
    }


WRONG = (
    "a worker without Kafka",
    "a producer without Kafka",
    "a console without Kafka",
    "a console on a port that is taken",
    "metrics on a port that is taken",
    "a data folder below a file",
    "a policy out of its bounds",
    "a policy that is no TOML",
    "a setting that is no number",
)
Runs = dict[str, tuple[Program, Future[subprocess.CompletedProcess[str]]]]


def run(program: Program, folder: Path, prefix: str) -> subprocess.CompletedProcess[str]:
    """Run `monomi` to its end."""
    environment = {
        **os.environ,
        "MONOMI_BOOTSTRAP": NOBODY,
        "MONOMI_TOPIC_PREFIX": prefix,
        "MONOMI_DATA_DIR": str(folder / "data"),
        **program.settings,
    }
    return subprocess.run(
        [sys.executable, "-m", "monomi.cli", *program.arguments],
        env=environment,
        capture_output=True,
        text=True,
        timeout=90,
        check=False,
    )


@pytest.fixture(scope="module")
def runs(kafka: Broker, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Runs]:
    """Run all that must fail, two at a time: most of each is the start of Python."""
    folder, prefix = tmp_path_factory.mktemp("failures"), f"t{uuid.uuid4().hex[:8]}."
    with socket.socket() as taken, ThreadPoolExecutor(2) as pool:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        wrong = programs(kafka.bootstrap, folder, taken.getsockname()[1])
        yield {name: (p, pool.submit(run, p, folder, prefix)) for name, p in wrong.items()}


@pytest.mark.parametrize("wrong", WRONG)
def test_what_cannot_start_says_why_in_one_sentence(runs: Runs, wrong: str) -> None:
    """On standard error, with its code and what it is about, no traceback, and exits with 1."""
    program, future = runs[wrong]
    ended = future.result()
    assert ended.returncode == 1, ended.stderr
    (sentence,) = ended.stderr.splitlines()
    assert sentence.startswith("monomi: ")
    assert sentence.endswith(f"[{program.code}]")
    assert program.named in sentence
    assert ended.stdout == ""


def test_an_unknown_option_is_a_bad_argument(tmp_path: Path) -> None:
    """It exits with 2 and names the option."""
    ended = run(Program(["worker", "--nope"], {}, "", ""), tmp_path, "")
    assert ended.returncode == 2
    assert "--nope" in ended.stderr
    assert "Traceback" not in ended.stderr


def operator_of(number: int) -> str:
    """Return whose look-up it is."""
    return f"op-{number % OPERATORS:02}"


def look_up(number: int) -> bytes:
    """Return a look-up of one long day: half a second after the one before."""
    row = {
        "event_id": f"e-{number}",
        "occurred_at": (FIRST + timedelta(seconds=number / 2)).isoformat(),
        "operator_id": operator_of(number),
        "terminal_id": "t-1",
        "function": "juminhyo.inquiry",
        "action": "view",
        "resident_id": f"r-{number % 977}",
    }
    return json.dumps(row).encode()


class Stream:
    """The look-ups of one deployment, sent when a test wants more of them."""

    def __init__(self, bootstrap: str, prefix: str) -> None:
        self.bootstrap, self.prefix = bootstrap, prefix
        self.sent = 0

    def send(self, count: int) -> None:
        """Send so many further look-ups."""
        producer = KafkaProducer(bootstrap_servers=self.bootstrap, linger_ms=20)
        for number in range(self.sent, self.sent + count):
            key = operator_of(number).encode()
            producer.send(f"{self.prefix}access.queries", look_up(number), key)
        producer.flush(60)
        producer.close()
        self.sent += count

    def applied(self) -> Counter[str]:
        """Return how many look-ups of each operator are in the state."""
        return applied_look_ups(self.bootstrap, self.prefix)

    def expected(self) -> Counter[str]:
        """Return how many look-ups of each operator were sent."""
        return Counter(map(operator_of, range(self.sent)))


@pytest.fixture(scope="module")
def stream(kafka: Broker) -> Stream:
    """Make a deployment's topics and its stream."""
    prefix = f"t{uuid.uuid4().hex[:8]}."
    asyncio.run(create_topics(kafka.bootstrap, prefix, PARTITIONS))
    return Stream(kafka.bootstrap, prefix)


def stopped(worker: WorkerProcess, number: signal.Signals) -> int:
    """Ask a worker to stop, and return its exit code; it has 5 s, twice that where others work."""
    worker.process.send_signal(number)
    return worker.process.wait(10)


def test_a_signal_amid_a_backlog_ends_a_worker_in_order(stream: Stream, tmp_path: Path) -> None:
    """Ctrl-C: exit code 0, nothing on standard error that alarms, and work left for the next."""
    stream.send(40_000)
    with WorkerProcess(stream.bootstrap, stream.prefix, tmp_path, PARTITIONS) as worker:
        worker.wait_until_ready()
        assert eventually(lambda: stream.applied().total() > 0, 60)
        assert stopped(worker, signal.SIGINT) == 0, worker.log_path.read_text()
        assert "Traceback" not in worker.log_path.read_text()
    assert 0 < stream.applied().total() < stream.sent


def test_a_second_worker_in_the_same_folder_is_refused(stream: Stream, tmp_path: Path) -> None:
    """Before it can disturb the first."""
    with WorkerProcess(stream.bootstrap, stream.prefix, tmp_path, PARTITIONS) as worker:
        worker.wait_until_ready()
        second = Program(["worker"], {"MONOMI_BOOTSTRAP": stream.bootstrap}, "folder_in_use", "")
        ended = run(second, tmp_path, stream.prefix)
        assert ended.returncode == 1
        (sentence,) = ended.stderr.splitlines()
        assert f"{tmp_path}/data" in sentence
        assert sentence.endswith("[folder_in_use]")
        assert stopped(worker, signal.SIGTERM) == 0, worker.log_path.read_text()
        assert "Traceback" not in worker.log_path.read_text()


def test_a_signal_during_its_start_ends_a_worker_in_order(stream: Stream, tmp_path: Path) -> None:
    """From when it serves its metrics on, before its partitions are open."""
    with WorkerProcess(stream.bootstrap, stream.prefix, tmp_path, PARTITIONS) as worker:
        assert eventually(lambda: listens(worker.metrics_port), 60)
        assert stopped(worker, signal.SIGTERM) == 0, worker.log_path.read_text()
        assert "Traceback" not in worker.log_path.read_text()


def listens(port: int) -> bool:
    """Tell whether somebody listens on a port of this machine."""
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def test_two_workers_share_the_partitions_and_apply_each_look_up_once(
    stream: Stream, tmp_path: Path
) -> None:
    """Each with its own folder; when one is stopped amid its work the other takes all over."""
    folders = tmp_path / "a", tmp_path / "b"
    for folder in folders:
        folder.mkdir()
    with (
        ThreadPoolExecutor(1) as pool,
        WorkerProcess(stream.bootstrap, stream.prefix, folders[0], PARTITIONS) as one,
        WorkerProcess(stream.bootstrap, stream.prefix, folders[1], PARTITIONS) as other,
    ):

        def owned() -> tuple[float, float]:
            return one.metric("monomi_partitions_open"), other.metric("monomi_partitions_open")

        assert eventually(lambda: min(owned()) > 0 and sum(owned()) == PARTITIONS, 90), owned()
        before = one.metric("monomi_records_total")
        sending = pool.submit(stream.send, 6000)
        assert eventually(lambda: one.metric("monomi_records_total") > before + 100)
        assert stopped(one, signal.SIGTERM) == 0, one.log_path.read_text()
        assert eventually(lambda: owned() == (0, PARTITIONS), 60), owned()
        sending.result()
        eventually(lambda: stream.applied() == stream.expected(), 90)
        assert stream.applied() == stream.expected()
        assert stopped(other, signal.SIGTERM) == 0, other.log_path.read_text()
