"""Files on their way to Kafka: what is sent where, in which order, and how it ends."""

from __future__ import annotations

import asyncio
import gzip
import json
import os
import signal
import subprocess
import sys
import tempfile
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import typer
from hypothesis import given
from hypothesis import strategies as st
from kafka.partitioner.default import murmur2
from typer.testing import CliRunner

from monomi.verbs.produce import produce as produce_verb
from schemas.errors import MonomiError
from schemas.topics import TOPICS
from streams.broker import Broker, start_broker
from streams.outgoing import Source, count_lines, find_sources, merge_outgoing, read_outgoing
from streams.producer import partition_of, produce, same_speed
from streams.topic_reader import TopicReader
from streams.topics import create_topics
from tests.processes import eventually

QUERIES, SIGNINS = TOPICS["access.queries"], TOPICS["presence.signins"]
TEN_O_CLOCK_S = 1413853200.0
PROGRAM = """
import sys, typer
from monomi.verbs.produce import produce
from schemas.errors import MonomiError
app = typer.Typer()
app.command()(produce)
try:
    app()
except MonomiError as error:
    sys.exit(f"monomi: {error}")
"""


def event(second: int, operator: str = "op1", **more: object) -> bytes:
    """Return a line of an event, some seconds after ten o'clock."""
    time = f"2014-10-21T10:{second // 60:02}:{second % 60:02}+09:00"
    return json.dumps({"occurred_at": time, "operator_id": operator, **more}).encode()


def file_of(folder: Path, name: str, *lines: bytes) -> Path:
    """Write a file of lines, packed where its name says so."""
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    data = b"".join(line + b"\n" for line in lines)
    path.write_bytes(gzip.compress(data) if name.endswith(".gz") else data)
    return path


async def _read_back(bootstrap: str, topic: str) -> list[Any]:
    reader = TopicReader(bootstrap, [topic])
    await reader.start()
    try:
        return [record async for record in reader.to_the_end()]
    finally:
        await reader.stop()


def read_back(kafka: Broker, topic: str) -> list[Any]:
    """Return all records of a topic, each partition's in its order."""
    return asyncio.run(_read_back(kafka.bootstrap, topic))


def ready(kafka: Broker, prefix: str, partitions: int = 3) -> str:
    """Make the topics of a deployment of its own; return its prefix."""
    asyncio.run(create_topics(kafka.bootstrap, prefix, partitions))
    return prefix


@pytest.mark.parametrize(
    ("key", "value"),
    [  # of Apache Kafka's own test, UtilsTest.testMurmur2
        (b"21", -973932308),
        (b"foobar", -790332482),
        (b"a-little-bit-long-string", -985981536),
        (b"a-little-bit-longer-string", -1486304829),
        (b"lkjh234lh9fiuh90y23oiuhsafujhadof229phr9h19h89h8", -58897971),
        (b"abc", 479470107),
    ],
)
def test_keys_are_hashed_as_kafkas_java_client_does(key: bytes, value: int) -> None:
    """Any producer of a municipality finds the same partitions."""
    assert murmur2(key) == value % 2**32
    assert partition_of(key, 7) == (value & 0x7FFFFFFF) % 7


def test_files_find_their_topics_context_first(tmp_path: Path) -> None:
    """A folder stands for its files and its context; other files in it are left alone."""
    file_of(tmp_path, "presence.signins.jsonl.gz", event(0))
    file_of(tmp_path, "access.queries.jsonl.zst")
    file_of(tmp_path, "labels.jsonl", b"{}")
    file_of(tmp_path, "context/work.cases.jsonl", b"{}")
    file_of(tmp_path, "context/directory.operators.jsonl", b"{}")
    names = [source.topic.name for source in find_sources([tmp_path])]
    assert names == ["directory.operators", "work.cases", "access.queries", "presence.signins"]


def test_a_file_of_another_name_needs_its_topic(tmp_path: Path) -> None:
    """The sentence lists what there is; `--topic` helps; results are not for files."""
    path = file_of(tmp_path, "october.jsonl", event(0))
    for wrong in (None, "alerts", "access.dead-letters"):
        with pytest.raises(MonomiError, match=r"one of .*access\.queries") as caught:
            find_sources([path], wrong)
        assert caught.value.code == "topic_unknown"
    assert find_sources([path], "presence.doors") == [Source(path, TOPICS["presence.doors"])]


def test_a_missing_file_and_an_empty_folder_are_named(tmp_path: Path) -> None:
    """Nothing is taken for nothing to do."""
    with pytest.raises(MonomiError, match=r"gone\.jsonl: no such file"):
        find_sources([tmp_path / "gone.jsonl"])
    with pytest.raises(MonomiError, match="no file in it has a topic's name"):
        find_sources([tmp_path])


@pytest.mark.parametrize(
    ("line", "key"),
    [
        (event(0, "op1"), b"op1"),
        (event(0, "係長"), "係長".encode()),
        (b'{"operator_id":"op1","x":"\xff"}', b"op1"),
        (b'{"operator_id":7}', None),
        (b'{"operator_id":""}', None),
        (b'{"operator_id":"\xff"}', None),
        (json.dumps({"operator_id": "x" * 2000}).encode(), None),
        (b'{"operator_id":', None),
        (b'["op1"]', None),
    ],
)
def test_a_line_has_the_key_that_it_names_or_none(
    line: bytes, key: bytes | None, tmp_path: Path
) -> None:
    """Malformed lines stay as they stand: to refuse them is the monitor's."""
    path = file_of(tmp_path, "access.queries.jsonl", line)
    (outgoing,) = read_outgoing(Source(path, QUERIES))
    assert (outgoing.key, outgoing.value, outgoing.number) == (key, line, 1)


def test_times_that_cannot_be_do_not_hold_up_what_follows(tmp_path: Path) -> None:
    """A mistyped year counts as its neighbour's time, a line without one as that before it."""
    lines = (
        event(1),
        event(5).replace(b"2014", b"2104"),
        b"broken",
        event(6, occurred_at="2014-10-21T10:00:06"),
        event(7),
        event(3),
    )
    path = file_of(tmp_path, "access.queries.jsonl", *lines)
    times = [line.time_s - TEN_O_CLOCK_S for line in read_outgoing(Source(path, QUERIES))]
    assert times == [1, 7, 7, 7, 3, 3]


@given(st.lists(st.lists(st.integers(0, 99), max_size=8), min_size=1, max_size=3))
def test_files_are_merged_by_time_each_in_its_own_order(seconds: list[list[int]]) -> None:
    """Nothing is lost or doubled, and no file overtakes itself."""
    with tempfile.TemporaryDirectory() as folder:
        sources = [
            Source(file_of(Path(folder), f"{n}.jsonl", *map(event, times)), QUERIES)
            for n, times in enumerate(seconds)
        ]
        merged = list(merge_outgoing(sources))
        assert count_lines(sources) == len(merged)
    for source, times in zip(sources, seconds, strict=True):
        assert [line.value for line in merged if line.source == source] == [*map(event, times)]
    if all(times == sorted(times) for times in seconds):
        assert [line.time_s for line in merged] == sorted(line.time_s for line in merged)


def test_a_speed_divides_the_time() -> None:
    """An hour at sixty times its speed is a minute."""
    assert same_speed(60)(3600) == 60


@pytest.mark.kafka
def test_kafka_gets_every_byte_under_its_key_in_order(kafka: Broker, tmp_path: Path) -> None:
    """Packed files of several topics, context and broken lines: values as they stand."""
    prefix = ready(kafka, "tp-bytes.")
    large = event(3, note="x" * 900_000)
    queries = [event(n, f"op{n % 5}", n=n) + b" \r" for n in range(100)] + [large, b"{broken"]
    file_of(tmp_path, "access.queries.jsonl.gz", *queries)
    file_of(tmp_path, "presence.signins.jsonl", event(50))
    file_of(tmp_path, "context/work.cases.jsonl", b'{"case_id":"c1"}')
    done = produce(find_sources([tmp_path]), kafka.bootstrap, prefix)
    assert done.records == {"work.cases": 1, "access.queries": 102, "presence.signins": 1}
    assert (done.keyless, done.stopped, done.too_long) == (1, False, [])
    records = read_back(kafka, f"{prefix}access.queries")
    assert Counter(record.value for record in records) == Counter(queries)
    for record in records:
        if record.key is not None:
            assert json.loads(record.value)["operator_id"].encode() == record.key
            assert partition_of(record.key, 3) == record.partition
    assert {record.value for record in records if record.key is None} == {b"{broken"}
    for operator in {record.key for record in records}:
        mine = [record.value for record in records if record.key == operator]
        assert mine == [value for value in queries if value in set(mine)]
    (case,) = read_back(kafka, f"{prefix}work.cases")
    assert (case.key, case.value) == (b"c1", b'{"case_id":"c1"}')


@pytest.mark.kafka
def test_a_line_that_no_topic_takes_is_named_and_the_rest_is_sent(
    kafka: Broker, tmp_path: Path
) -> None:
    """Two mebibytes are more than Kafka takes; the lines around them arrive."""
    prefix = ready(kafka, "tp-long.")
    lines = (event(0), event(1, note="x" * (2 << 20)), event(2))
    path = file_of(tmp_path, "access.queries.jsonl", *lines)
    done = produce(find_sources([path]), kafka.bootstrap, prefix)
    assert done.too_long == [f"{path}, line 2"]
    sent = {record.value for record in read_back(kafka, f"{prefix}access.queries")}
    assert sent == {lines[0], lines[2]}


@pytest.mark.kafka
def test_lines_go_out_when_the_pace_says_and_stop_when_told(kafka: Broker, tmp_path: Path) -> None:
    """The pace sees seconds since the first event, of all files; stopping loses nothing sent."""
    prefix = ready(kafka, "tp-pace.")
    file_of(tmp_path, "access.queries.jsonl", event(10), event(40), event(99))
    file_of(tmp_path, "presence.signins.jsonl", event(20))
    asked: list[float] = []
    stop = threading.Event()

    def pace(event_s: float) -> float:
        asked.append(event_s)
        return 0.0 if event_s < 60 else 3600.0

    def when_waiting(sent: int, event_time_s: float | None) -> None:
        if sent == 3:
            stop.set()

    sources = find_sources([tmp_path])
    done = produce(sources, kafka.bootstrap, prefix, pace=pace, on_progress=when_waiting, stop=stop)
    assert asked == [0, 10, 30, 89]
    assert done.stopped
    assert list(done.reached.values()) == [2, 1]
    assert done.event_time_s == TEN_O_CLOCK_S + 40
    assert len(read_back(kafka, f"{prefix}access.queries")) == 2


@pytest.mark.kafka
def test_the_verb_makes_the_topics_and_ends_with_a_count(
    kafka: Broker, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On an empty Kafka: context and events, by settings from the environment."""
    monkeypatch.setenv("MONOMI_BOOTSTRAP", kafka.bootstrap)
    monkeypatch.setenv("MONOMI_TOPIC_PREFIX", "tp-verb.")
    monkeypatch.setenv("MONOMI_PARTITIONS", "2")
    file_of(tmp_path, "access.queries.jsonl", event(0), event(3600), b"{")
    app = typer.Typer()
    app.command()(produce_verb)
    arguments = [str(tmp_path), "--speed", "1000000", "--progress"]
    result = CliRunner().invoke(app, [*arguments, "--json"])
    assert result.exit_code == 0, result.stderr
    found = json.loads(result.stdout.splitlines()[-1])
    assert found.pop("seconds") > 0
    assert found.pop("records_per_s") > 0
    assert found == {"records": {"access.queries": 3}, "keyless": 1, "too_long": 0}
    assert {r.partition for r in read_back(kafka, "tp-verb.access.queries")} <= {0, 1}
    words = CliRunner().invoke(app, arguments).stdout
    assert "3 records in" in words
    assert "1 of them had no JSON or no key" in words


@pytest.mark.parametrize(
    "arguments",
    [["--speed", "0"], ["--speed", "nan"], ["--speed", "2", "--as-fast-as-possible"], []],
)
def test_bad_arguments_are_exit_2(arguments: list[str], tmp_path: Path) -> None:
    """No speed, two speeds, or a file that is named for no topic."""
    path = file_of(tmp_path, "october.jsonl" if not arguments else "access.queries.jsonl")
    app = typer.Typer()
    app.command()(produce_verb)
    assert CliRunner().invoke(app, [str(path), *arguments]).exit_code == 2


@contextmanager
def running(
    path: Path, bootstrap: str, prefix: str, *arguments: str
) -> Iterator[subprocess.Popen[str]]:
    """Run the verb as a process of its own, which does not outlive the test."""
    environment = os.environ | {"MONOMI_BOOTSTRAP": bootstrap, "MONOMI_TOPIC_PREFIX": prefix}
    with subprocess.Popen(
        [sys.executable, "-c", PROGRAM, str(path), *arguments],
        env=environment,
        cwd=Path(__file__).parent.parent,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        try:
            yield process
        finally:
            process.kill()


@pytest.mark.kafka
def test_ctrl_c_says_where_it_stopped_and_loses_nothing(kafka: Broker, tmp_path: Path) -> None:
    """What was sent before is in Kafka; one sentence; exit 1."""
    prefix = ready(kafka, "tp-stop.")
    path = file_of(tmp_path, "access.queries.jsonl", event(0), event(1800))
    with running(path, kafka.bootstrap, prefix) as process:
        assert eventually(lambda: len(read_back(kafka, f"{prefix}access.queries")) == 1)
        process.send_signal(signal.SIGINT)
        output, errors = process.communicate(timeout=30)
    assert process.returncode == 1
    assert "1 records in" in output
    assert errors == (
        f"monomi: stopped in {path} after line 1; Kafka has all that was sent [stopped]\n"
    )


@pytest.mark.kafka
def test_a_kafka_that_goes_away_is_one_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Once the records that wait have waited too long."""
    monkeypatch.setenv("MONOMI_DELIVERY_TIMEOUT_S", "2")
    path = file_of(tmp_path, "access.queries.jsonl", *(event(n) for n in range(3600)))
    with (
        start_broker() as broker,
        running(path, broker.bootstrap, ready(broker, "gone."), "--speed", "60") as process,
    ):
        assert eventually(lambda: len(read_back(broker, "gone.access.queries")) > 0)
        broker.stop()
        output, errors = process.communicate(timeout=60)
    assert process.returncode == 1
    assert output == ""
    assert errors.startswith("monomi: Kafka at 127.0.0.1:")
    assert errors.count("\n") == 1
    assert "does not take records any more" in errors
