"""The held-out ward: the same seed gives the same files, and its labels are true."""

import json
from datetime import timedelta
from pathlib import Path

import pytest

from benchmarks.hill_ward.ward import generate
from schemas.access import AccessQuery
from schemas.files import Label
from schemas.lines import read_records
from schemas.presence import Door, SignIn
from schemas.record import Record
from schemas.topics import CONTEXT_TOPICS

_EVENTS: dict[str, type[Record]] = {
    "access.queries": AccessQuery,
    "presence.signins": SignIn,
    "presence.doors": Door,
}


def _small(out: Path) -> dict[str, int]:
    return generate(out, seed=5, days=64, operators=16, residents=1200)


@pytest.fixture(scope="module")
def ward(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with a small ward."""
    out = tmp_path_factory.mktemp("hill")
    _small(out)
    return out


def test_the_same_seed_gives_the_same_bytes(ward: Path, tmp_path: Path) -> None:
    """Two runs differ in no byte of any file."""
    _small(tmp_path)
    names = sorted(p.relative_to(ward) for p in ward.rglob("*.jsonl*"))
    assert len(names) == 10
    assert all((ward / name).read_bytes() == (tmp_path / name).read_bytes() for name in names)


def test_every_line_is_a_record_of_its_schema(ward: Path) -> None:
    """No file has a malformed line or a field that the schema does not know."""
    files: list[tuple[Path, type[Record]]]
    files = [(ward / f"{name}.jsonl.gz", record) for name, record in _EVENTS.items()]
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


def test_nobody_misuses_anything_in_the_first_forty_days(ward: Path) -> None:
    """The first look-up of every case comes after the fortieth day."""
    look_ups = read_records(ward / "access.queries.jsonl.gz", AccessQuery)
    first = min(r.occurred_at for r in look_ups).replace(hour=0, minute=0, second=0)
    starts = [json.loads(x)["starts_at"] for x in (ward / "labels.jsonl").read_text().splitlines()]
    assert min(starts) >= (first + timedelta(days=40)).isoformat()
