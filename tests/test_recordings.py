"""Recorded files: read as they stand, put into one order, whatever forms their times take."""

from __future__ import annotations

import json
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.recordings import EventFiles, Fault
from schemas.record import parse_time
from tests.test_events import GOOD, joined

SECONDS = st.integers(0, 20).map(lambda s: f"2014-10-21T10:03:{s:02}")
UTC_SECONDS = st.integers(0, 20).map(lambda s: f"2014-10-21T01:03:{s:02}")
FRACTIONS = st.sampled_from(["", ".1", ".10", ".123", ".123456", ".9"])
TIMES = (
    st.builds("{}{}+09:00".format, SECONDS, FRACTIONS)
    | st.builds("{}{}Z".format, UTC_SECONDS, FRACTIONS)
    | st.builds("{}{}z".format, UTC_SECONDS.map(str.lower), FRACTIONS)
    | st.builds("{}{}-09:00".format, SECONDS, FRACTIONS)
)
ALIKE = st.sampled_from(["+09:00", "-03:30", "Z", "z"]).flatmap(
    lambda offset: st.lists(st.builds("{}{}{}".format, SECONDS, FRACTIONS, st.just(offset)))
)
KINDS = st.sampled_from(sorted(GOOD))
Rows = list[tuple[str, str]]


@st.composite
def recorded(draw: st.DrawFn) -> Rows:
    """Draw the topics and times of a file of one kind; without a time, the line is malformed."""
    topic = draw(KINDS)
    times = draw(st.lists(TIMES | st.just(""), max_size=12) | ALIKE)
    return [(topic, at) for at in (sorted(times) if draw(st.booleans()) else times)]


def line(topic: str, name: str, time: str) -> bytes:
    """Return a record's line; without a time, a malformed one."""
    return joined(topic, event_id=json.dumps(name), occurred_at=json.dumps(time)) + b"\n"


def written(folder: Path, files: list[Rows]) -> list[Path]:
    """Write files of records, whose names are their places."""
    paths = [folder / f"{number}.jsonl" for number in range(len(files))]
    for file, (path, rows) in enumerate(zip(paths, files, strict=True)):
        path.write_bytes(b"".join(line(t, f"{file}.{n}", at) for n, (t, at) in enumerate(rows)))
    return paths


@settings(max_examples=300, deadline=None)
@given(st.lists(recorded(), max_size=3))
def test_events_come_by_time_then_topic_then_place(files: list[Rows]) -> None:
    """Over all files, also where a file is in disorder or one instant is written in two ways."""
    faults: list[Fault] = []
    with TemporaryDirectory() as folder:
        events = list(EventFiles(written(Path(folder), files), faults.append))
    rows = [
        (parse_time(at).timestamp(), topic, file, number)
        for file, rows in enumerate(files)
        for number, (topic, at) in enumerate(rows)
        if at
    ]
    assert [(t, e.event_id) for t, e in events] == [(t, f"{f}.{n}") for _, t, f, n in sorted(rows)]
    assert len(faults) == sum(len(rows) for rows in files) - len(rows)


@settings(max_examples=50, deadline=None)
@given(st.lists(st.tuples(KINDS, TIMES | st.just("")), max_size=12))
def test_as_recorded_keeps_the_order_of_a_file(rows: Rows) -> None:
    """Whatever its times."""
    with TemporaryDirectory() as folder:
        events = EventFiles(written(Path(folder), [rows]), lambda _: None, as_recorded=True)
        names = [event.event_id for _, event in events]
    assert names == [f"0.{number}" for number, (_, at) in enumerate(rows) if at]


def test_lines_are_counted_over_blank_and_broken_ones(tmp_path: Path) -> None:
    """A fault names the line that an editor shows."""
    good = line("presence.doors", "e-1", "2014-10-21T10:03:12Z")
    (tmp_path / "a.jsonl").write_bytes(good + b"\n \n{\n" + good + b"\r\n[]")
    faults: list[Fault] = []
    assert len(list(EventFiles([tmp_path / "a.jsonl"], faults.append))) == 2
    assert [fault.number for fault in faults] == [4, 7]


@pytest.mark.parametrize("topic", sorted(GOOD))
def test_an_unknown_field_does_not_hide_a_records_kind(topic: str, tmp_path: Path) -> None:
    """A kind is told by its own field, after a record of any other kind."""
    odd = line(topic, "odd", "2014-10-21T10:03:13Z").replace(b"{", b'{"mood":NaN,', 1)
    faults: list[Fault] = []
    for other in GOOD:
        (tmp_path / "a.jsonl").write_bytes(line(other, "e-1", "2014-10-21T10:03:12Z") + odd)
        kinds = [kind for kind, _ in EventFiles([tmp_path / "a.jsonl"], faults.append)]
        assert not faults
        assert kinds == [other, topic]
