"""The benchmark of detection: honest baselines, and tables that leave no row out."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from benchmarks.detection import fixed, half_space
from benchmarks.detection.facts import facts_of
from benchmarks.detection.runs import METHODS, MONOMI, Measured, Run, measured
from benchmarks.detection.sheets import sheets_of
from benchmarks.detection.wards import AskedWard, Size, make_ward, ward_folder
from benchmarks.sheet import Sheet
from models.calendar import Calendar
from models.context import Context
from models.replay import TopicEvent
from schemas.alerts import Alert
from schemas.errors import MonomiError
from schemas.events import EVENT_DECODERS
from schemas.files import Label
from schemas.topics import TOPICS

ZONE = ZoneInfo("Asia/Tokyo")
CALENDAR = Calendar(ZONE)
FIRST_DAY = datetime(2014, 9, 1, 9, 0, tzinfo=ZONE)
BURST_DAY = 44
"""A Wednesday, after the warm-up."""

WARD = AskedWard("hill", 1, Size())
ROOT = Path(__file__).parents[1]


def look_up(number: int, at: datetime, resident: str, operator: str = "op1") -> TopicEvent:
    """Return one look-up."""
    fields = {
        "event_id": f"e{number}",
        "occurred_at": at.isoformat(timespec="milliseconds"),
        "operator_id": operator,
        "terminal_id": "t1",
        "function": "juminhyo.inquiry",
        "action": "view",
        "resident_id": resident,
    }
    topic = "access.queries"
    return topic, EVENT_DECODERS[topic].decode(json.dumps(fields).encode())


def office() -> Context:
    """Return a section with one clerk; the residents `known-0` to `known-9` have a case."""
    hours = dict.fromkeys(("mon", "tue", "wed", "thu", "fri"), ("08:30", "17:15"))
    assignment = {
        "section_id": "s1",
        "role": "clerk",
        "employment": "permanent",
        "functions": ["juminhyo.inquiry"],
        "supervisor_id": "sup1",
        "starts_on": "2010-04-01",
    }
    case = {
        "case_id": "c1",
        "section_id": "s1",
        "resident_ids": [f"known-{n}" for n in range(10)],
        "opened_at": "2014-01-06T09:00:00+09:00",
    }
    rows: dict[str, dict[str, Any]] = {
        "directory.operators": {"operator_id": "op1", "assignments": [assignment]},
        "directory.sections": {
            "section_id": "s1",
            "name": {"en": "S", "ja": "S"},
            "hours": hours,
        },
        "work.cases": case,
    }
    context = Context()
    for name, row in rows.items():
        record = TOPICS[name].record.parse(json.dumps(row))
        context.put(name, TOPICS[name].key_of(record), record)
    return context


def quiet_days(days: int) -> Iterator[TopicEvent]:
    """Yield eight look-ups each working day, all of residents with a case."""
    for day in range(days):
        at = FIRST_DAY + timedelta(days=day)
        if at.weekday() < 5 and not CALENDAR.is_closed(at.date()):
            for n in range(8):
                yield look_up(100 * day + n, at + timedelta(minutes=50 * n), f"known-{n}")


def with_burst() -> list[TopicEvent]:
    """Return quiet days, and on one of them forty strangers within half an hour."""
    at = FIRST_DAY + timedelta(days=BURST_DAY, hours=2)
    burst = [look_up(9000 + n, at + timedelta(seconds=40 * n), f"other-{n}") for n in range(40)]
    return sorted([*quiet_days(60), *burst], key=lambda row: row[1].at_s)


def fixed_alerts(events: list[TopicEvent]) -> list[Alert]:
    """Return what the fixed thresholds report."""
    return list(fixed.fixed_alerts(facts_of(events, office(), CALENDAR), CALENDAR))


def label(kind: str, events: tuple[str, ...], operator: str = "op1") -> Label:
    """Return a case of the burst's day."""
    at = FIRST_DAY + timedelta(days=BURST_DAY, hours=2)
    return Label(
        label_id=f"{kind}-1",
        kind=kind,
        operator_id=operator,
        event_ids=events,
        starts_at=at,
        ends_at=at + timedelta(days=3),
    )


def results() -> list[Measured]:
    """Return runs of every method, in which one kind is found and another is not."""
    labels = [
        label("seller", tuple(f"e{9000 + n}" for n in range(40))),
        label("family", ("e1",), "op2"),
    ]
    alerts = fixed_alerts(with_burst())
    runs = [measured(Run(WARD, method), alerts, labels, 1.0) for method in METHODS]
    return [*runs, measured(Run(WARD, MONOMI, "off_hours"), [], labels, 1.0)]


def test_fixed_thresholds_find_a_burst() -> None:
    """Forty strangers in half an hour are too many an hour and without a case, at midnight."""
    alerts = fixed_alerts(with_burst())
    assert {a.reasons[0].detector for a in alerts} == {"look_ups_an_hour", "without_case_a_day"}
    hour = next(a for a in alerts if a.reasons[0].detector == "look_ups_an_hour")
    assert {f"e{9000 + n}" for n in range(40)} <= set(hour.event_ids)
    midnight = (FIRST_DAY + timedelta(days=BURST_DAY + 1)).replace(hour=0)
    assert (hour.supervisor_id, hour.updated_at) == ("sup1", midnight)


def test_fixed_thresholds_leave_a_quiet_ward_alone() -> None:
    """Work on cases, within hours and rights, is no alert."""
    assert fixed_alerts(list(quiet_days(60))) == []


def test_a_third_day_without_a_case_is_reported_and_the_fourth_revises_it() -> None:
    """One alert an operator and resident, with the days before as evidence."""
    days = (BURST_DAY, BURST_DAY + 5, BURST_DAY + 6, BURST_DAY + 12)
    visits = [look_up(d, FIRST_DAY + timedelta(days=d), "other-1") for d in days]
    alerts = fixed_alerts([*quiet_days(1), *visits])
    assert [(a.resident_id, a.event_count) for a in alerts] == [("other-1", 3), ("other-1", 4)]
    assert len({a.alert_id for a in alerts}) == 1
    assert alerts[0].risk < alerts[1].risk


def test_a_look_up_at_night_without_a_shift_is_reported() -> None:
    """The office is dark and nobody approved it."""
    late = look_up(9000, FIRST_DAY + timedelta(days=BURST_DAY, hours=13), "known-1")
    assert [a.reasons[0].detector for a in fixed_alerts([*quiet_days(1), late])] == [
        "outside_hours"
    ]


def test_half_space_trees_rank_the_burst_above_quiet_days() -> None:
    """Every operator-day is an alert; the strangest look-ups of all are those of the burst."""
    facts = facts_of(with_burst(), office(), CALENDAR)
    alerts = list(half_space.half_space_alerts(facts, CALENDAR, seed=1))
    assert len(alerts) == len({a.updated_at for a in alerts}) > 15
    worst = max(alerts, key=lambda alert: alert.risk)
    assert len(worst.event_ids) == half_space.SHOWN_LOOK_UPS
    assert all(event_id.startswith("e90") for event_id in worst.event_ids)


def test_simple_features_lie_between_zero_and_one() -> None:
    """What half-space trees ask of their numbers."""
    features = half_space.SimpleFeatures()
    for fact in facts_of(with_burst(), office(), CALENDAR):
        assert all(0 <= value <= 1 for value in features.of(fact).values())


def test_tables_have_a_row_for_every_kind_also_unfound_ones() -> None:
    """What was missed stands beside what was found."""
    by_method, by_kind, left_out = sheets_of(results())
    assert len(by_method.rows) == len(METHODS) * 4
    rows = {row[0]: row[1:] for row in by_kind.rows}
    assert rows == {"family": ("0/1",) * 6, "seller": ("1/1",) * 6, "all": ("1/2",) * 6}
    assert left_out.rows == (("off_hours", "-50.0", "-50.0"),)


def test_found_before_the_last_look_up_is_a_share_of_all_cases() -> None:
    """The burst's alert comes at midnight, days before the case's end; the other is missed."""
    at = results()[0].budgets[1]
    assert (at.recall, at.found_before_last) == (0.5, 0.5)


def test_markdown_has_as_many_cells_in_each_row() -> None:
    """A table that a README renders."""
    text = Sheet("T", ("a", "b"), (("x", "1"), ("y", "2"))).as_markdown()
    assert text == "**T**\n\n| a | b |\n|---|---:|\n| x | 1 |\n| y | 2 |\n"


def test_a_ward_is_simulated_once(tmp_path: Path) -> None:
    """The second time its folder is there, and stays as it is."""
    ward = AskedWard("own", 1, Size(14, 10, 600))
    folder = ward_folder(tmp_path, ward)
    make_ward(folder, ward)
    (folder / "labels.jsonl").write_text("kept")
    make_ward(folder, ward)
    assert (folder / "labels.jsonl").read_text() == "kept"
    assert [path.name for path in tmp_path.iterdir()] == [folder.name]


def test_a_cache_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    """The sentence says which folder, and which option gives another."""
    (tmp_path / "file").write_text("")
    ward = AskedWard("hill", 1, Size(60, 16, 1000))
    with pytest.raises(MonomiError, match="--cache"):
        make_ward(ward_folder(tmp_path / "file", ward), ward)


@pytest.mark.parametrize("name", ["", "detection", "weigh"])
def test_help_is_given(name: str) -> None:
    """The program and the benchmark have their help; a wrong option exits 2."""
    program = [sys.executable, "-m", "benchmarks", *name.split()]
    done = subprocess.run([*program, "--help"], cwd=ROOT, capture_output=True, check=False)
    assert done.returncode == 0
    assert name.encode() in done.stdout
    wrong = subprocess.run([*program, "--nothing"], cwd=ROOT, capture_output=True, check=False)
    assert wrong.returncode == 2
