"""Files on their way to Kafka: what is sent where, in which order, and how it ends."""

from __future__ import annotations

import json
import tempfile
import threading
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from kafka.partitioner.default import murmur2

from schemas.errors import MonomiError
from schemas.topics import TOPICS
from streams.broker import Broker
from streams.line_sender import partition_of
from streams.outgoing import Source, count_lines, find_sources, merge_outgoing, read_outgoing
from streams.producer import produce, same_speed
from tests.feeds import event, file_of, read_back, ready

QUERIES, SIGNINS = TOPICS["access.queries"], TOPICS["presence.signins"]
TEN_O_CLOCK_S = 1413853200.0


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
