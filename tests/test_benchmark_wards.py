"""The foreign wards, the held-out too: a seed always gives the same files, with true labels."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from benchmarks.harbour_ward.__main__ import main as harbour
from benchmarks.hill_ward.ward import generate as hill
from benchmarks.island_ward.__main__ import main as island
from benchmarks.plain_ward.__main__ import main as plain
from benchmarks.valley_ward.__main__ import main as valley
from schemas.access import AccessQuery
from schemas.files import Label
from schemas.lines import read_records
from schemas.record import Record
from schemas.topics import CONTEXT_TOPICS, EVENT_TOPICS

_SIZE = {"seed": 5, "days": 64, "operators": 16, "residents": 1200}
_OPTIONS = [text for name, size in _SIZE.items() for text in (f"--{name}", str(size))]
_Make = Callable[[Path], object]
_WARDS: dict[str, _Make] = {
    "harbour": lambda out: harbour(["--out", str(out), *_OPTIONS]),
    "hill": lambda out: hill(out, **_SIZE),
    "island": lambda out: island(["--out", str(out), *_OPTIONS]),
    "plain": lambda out: plain(["--out", str(out), *_OPTIONS]),
    "valley": lambda out: valley(["--out", str(out), *_OPTIONS]),
}
_QUIET_DAYS = {"harbour": 39, "hill": 40, "island": 16, "plain": 39, "valley": 16}
"""Days after the first without misuse: island and valley keep 45, or a quarter if so short."""


@pytest.fixture(scope="module", params=sorted(_WARDS))
def kind(request: pytest.FixtureRequest) -> str:
    """Return a ward's name."""
    return str(request.param)


@pytest.fixture(scope="module")
def make(kind: str) -> _Make:
    """Return what writes a small ward of one kind into a folder."""
    return _WARDS[kind]


@pytest.fixture(scope="module")
def ward(make: _Make, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with a small ward."""
    out = tmp_path_factory.mktemp("ward")
    make(out)
    return out


def test_the_same_seed_gives_the_same_bytes(make: _Make, ward: Path, tmp_path: Path) -> None:
    """Two runs differ in no byte of any file."""
    make(tmp_path)
    names = sorted(p.relative_to(ward) for p in ward.rglob("*.jsonl*"))
    assert len(names) == 10
    assert all((ward / name).read_bytes() == (tmp_path / name).read_bytes() for name in names)


def test_every_line_is_a_record_of_its_schema(ward: Path) -> None:
    """No file has a malformed line or a field that the schema does not know."""
    files: list[tuple[Path, type[Record]]]
    files = [(ward / f"{t.name}.jsonl.gz", t.record) for t in EVENT_TOPICS]
    files += [(ward / "context" / f"{t.name}.jsonl", t.record) for t in CONTEXT_TOPICS]
    files.append((ward / "labels.jsonl", Label))
    for path, record in files:
        unknown = [r.unknown_fields() for r in read_records(path, record)]
        assert unknown, f"{path} is empty"
        assert not any(unknown), f"{path} has fields that the schema does not know"


def test_every_labelled_look_up_is_one_of_the_labelled_operator(ward: Path) -> None:
    """Each event id of a label exists, once in all labels, and is that operator's."""
    look_ups = {r.event_id: r for r in read_records(ward / "access.queries.jsonl.gz", AccessQuery)}
    labels = list(read_records(ward / "labels.jsonl", Label))
    labelled = [event_id for label in labels for event_id in label.event_ids]
    assert len(labelled) == len(set(labelled))
    for label in labels:
        assert {look_ups[e].operator_id for e in label.event_ids} == {label.operator_id}
        times = [look_ups[e].occurred_at for e in label.event_ids]
        assert (label.starts_at, label.ends_at) == (min(times), max(times))


def test_nobody_misuses_anything_in_the_first_days(kind: str, ward: Path) -> None:
    """The first look-up of every case comes after the days in which habits are learned."""
    look_ups = read_records(ward / "access.queries.jsonl.gz", AccessQuery)
    first = min(r.occurred_at for r in look_ups).replace(hour=0, minute=0, second=0)
    labels = read_records(ward / "labels.jsonl", Label)
    assert min(label.starts_at for label in labels) >= first + timedelta(days=_QUIET_DAYS[kind])
