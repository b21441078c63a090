"""Replay over files: one order, the same bytes again, faults named, the founding case found."""

from __future__ import annotations

import gzip
import json
import random
from pathlib import Path

import pytest

from models.detectors import DETECTORS
from models.recordings import EventFiles, Fault, load_context
from models.replay import DictStore, Replay
from schemas.alerts import Alert
from schemas.errors import MonomiError
from schemas.files import ScoredLookUp, ScoreLine
from simulation import Ward, WardPlan, simulate_ward, write_ward
from tests.lookouts import CALENDAR, EAGER
from tests.wards import long_ward

FILES = ("access.queries", "presence.signins", "presence.doors")


@pytest.fixture(scope="module")
def fortnight(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of a simulated fortnight."""
    folder = tmp_path_factory.mktemp("fortnight")
    write_ward(simulate_ward(WardPlan(3, days=14, operators=12, residents=800)), folder)
    return folder


def unexpected(fault: Fault) -> None:
    """Fail on a malformed line."""
    pytest.fail(str(fault))


def event_files(folder: Path) -> list[Path]:
    """Return a ward's event files."""
    return [folder / f"{name}.jsonl.gz" for name in FILES]


def replayed(folder: Path, paths: list[Path], **order: bool) -> tuple[list[bytes], list[bytes]]:
    """Return alerts and scores of a replay, as lines."""
    alerts: list[bytes] = []
    scores: list[bytes] = []
    context = load_context(folder / "context", unexpected)
    run = Replay(
        context,
        EAGER,
        CALENDAR,
        lambda alert: alerts.append(alert.to_json(exclude={"detected_at"})),
        lambda line: scores.append(line.to_json()),
    )
    run.run(EventFiles(paths, unexpected, **order))
    return alerts, scores


def test_the_same_files_give_the_same_bytes(fortnight: Path) -> None:
    """Twice the same input, twice the same alerts and scores, as the schemas have them."""
    paths = event_files(fortnight)
    first = replayed(fortnight, paths)
    assert first == replayed(fortnight, paths[::-1])
    assert len(first[0]) > 5
    assert all(Alert.parse(line).detected_at is None for line in first[0])
    assert b"detected_at" not in first[0][0]
    assert all(0 < ScoredLookUp.parse(line).risk < 1 for line in first[1])


def test_a_shuffled_file_is_put_into_order(fortnight: Path, tmp_path: Path) -> None:
    """Event-time order, whatever the order of the lines."""
    paths = event_files(fortnight)
    lines = gzip.decompress(paths[0].read_bytes()).splitlines(keepends=True)
    shuffled = tmp_path / "shuffled.jsonl"
    shuffled.write_bytes(b"".join(lines[::2] + lines[1::2]))
    assert replayed(fortnight, [shuffled, *paths[1:]]) == replayed(fortnight, paths)


def test_as_recorded_keeps_the_order_of_late_records(fortnight: Path, tmp_path: Path) -> None:
    """The order of the file, so that live can be compared with late records in it."""
    lines = gzip.decompress(event_files(fortnight)[0].read_bytes()).splitlines(keepends=True)
    late = tmp_path / "late.jsonl"
    late.write_bytes(b"".join([*lines[1:50], lines[0]]))
    events = [e.event_id for _, e in EventFiles([late], unexpected, as_recorded=True)]
    assert events == [json.loads(line)["event_id"] for line in [*lines[1:50], lines[0]]]


def test_kinds_are_told_apart_within_one_file(fortnight: Path, tmp_path: Path) -> None:
    """One file may hold look-ups, sign-ins and doors."""
    mixed = tmp_path / "all.jsonl"
    mixed.write_bytes(b"".join(gzip.decompress(p.read_bytes()) for p in event_files(fortnight)))
    apart = list(EventFiles(event_files(fortnight), unexpected))
    assert sorted(map(str, EventFiles([mixed], unexpected))) == sorted(map(str, apart))


def test_malformed_lines_are_named_and_the_rest_goes_on(fortnight: Path, tmp_path: Path) -> None:
    """Each fault with its file, line and code."""
    lines = gzip.decompress(event_files(fortnight)[0].read_bytes()).splitlines()[:3]
    broken = tmp_path / "broken.jsonl"
    offset_lost = lines[1].replace(b"+09:00", b"")
    broken.write_bytes(b"\n".join([lines[0], b"{", offset_lost, b"x" * 70_000, lines[2]]))
    faults: list[Fault] = []
    assert len(list(EventFiles([broken], faults.append))) == 2
    assert [(f.number, f.code) for f in sorted(set(faults))] == [
        (2, "not_json"),
        (3, "time_without_offset"),
        (4, "too_large"),
    ]


def test_an_empty_context_switches_detectors_off(fortnight: Path, tmp_path: Path) -> None:
    """What needs a context that is not fed is left out of the scores, not null."""
    alerts: list[Alert] = []
    scores: list[ScoreLine] = []
    (tmp_path / "context").mkdir()
    run = Replay(
        load_context(tmp_path / "context", unexpected),
        EAGER,
        CALENDAR,
        alerts.append,
        scores.append,
    )
    run.run(EventFiles(event_files(fortnight), unexpected))
    on = {detector.name for detector in DETECTORS if not detector.needs}
    assert set(scores[-1].scores) == on
    assert {"lookup_frequency", "out_of_role", "behaviour"} <= on


def test_a_missing_context_folder_is_one_clear_sentence(tmp_path: Path) -> None:
    """A wrong path must not look like an office without context."""
    with pytest.raises(MonomiError, match="no such folder"):
        load_context(tmp_path / "nowhere", unexpected)


def test_the_founding_case_is_caught_at_its_second_or_third_look_up(tmp_path: Path) -> None:
    """Three look-ups of one resident over two contracts and 17 months."""
    ward: Ward = long_ward()
    write_ward(ward, tmp_path)
    (founding,) = (label for label in ward.labels if label["kind"] == "founding")
    alerts = [Alert.parse(line) for line in replayed(tmp_path, event_files(tmp_path))[0]]
    caught = [
        alert
        for alert in alerts
        if alert.operator_id == founding["operator_id"]
        and alert.resident_id == founding["resident_id"]
        and set(alert.event_ids) & set(founding["event_ids"][1:])
    ]
    assert caught
    assert "repeat_access" in {reason.detector for reason in caught[0].reasons}
    # On arrival a case may still come; when none has, the repeat is the first reason.
    revisions = [alert for alert in caught if alert.alert_id == caught[0].alert_id]
    assert revisions[-1].reasons[0].detector == "repeat_access"


def test_pairs_of_a_store_are_those_of_a_dictionary() -> None:
    """Also where a record holds the bytes of another's hash, and where pairs are forgotten."""
    draw, store, plain = random.Random(7), DictStore(), dict[bytes, bytes]()
    for _ in range(5000):
        key = b"p\0\0" + bytes(draw.randrange(2) for _ in range(10))
        value = bytes(draw.randrange(2) for _ in range(17)) if draw.random() < 0.9 else None
        store.write([(key, value)])
        if value is None:
            plain.pop(key, None)
        else:
            plain[key] = value
        asked = b"p\0\0" + bytes(draw.randrange(2) for _ in range(10))
        assert store.get(asked) == plain.get(asked)
    assert all(store.get(key) == value for key, value in plain.items())
