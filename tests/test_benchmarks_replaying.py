"""The benchmark of replay: what it measures is a whole replay, and nothing is counted twice."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from benchmarks.__main__ import app
from benchmarks.replaying.crowd import Crowd, context_of, events_of
from benchmarks.replaying.meter import THE_REST, Cost, Meter
from benchmarks.replaying.parts import PARTS, PLACES, metered_by
from models.detectors import DETECTORS
from models.scorer import Scorer
from schemas.events import LookUpEvent

NO_COST = Cost(0.0, 0.0)
TINY = Crowd(operators=6, pairs=300, residents=100, whole=True)


def run(*options: str) -> Result:
    """Run `benchmarks replay`."""
    return CliRunner().invoke(app, ["replay", *options])


def spin(times: int) -> int:
    """Take time."""
    return sum(range(times))


def test_a_meter_counts_each_moment_to_the_innermost_part() -> None:
    """Also where a part calls itself, or an error passes through."""
    meter = Meter()
    inner = meter.metered("inner", spin)
    outer = meter.metered("outer", lambda: inner(200_000))

    def fails() -> None:
        raise ValueError

    with meter.running():
        outer()
        with pytest.raises(ValueError, match=r"^$"):
            meter.metered("failing", fails)()
        inner(10)
    parts = meter.own_ns(NO_COST, 1.0)
    assert set(parts) == {THE_REST, "outer", "inner", "failing"}
    assert parts["inner"] > parts["outer"]
    assert meter.cells["inner"].calls == 2
    assert meter.cells["outer"].within == 1


def test_a_whole_part_keeps_what_it_calls() -> None:
    """A look-up judged again is the clock's, not the detectors'."""
    meter = Meter()
    inner = meter.metered("inner", spin)
    with meter.running():
        meter.metered("outer", lambda: inner(1000), whole=True)()
    parts = meter.own_ns(NO_COST, 1.0)
    assert parts["inner"] == 0.0
    assert parts["outer"] > 0.0


def test_what_the_meter_costs_is_taken_off() -> None:
    """Once a call from the called, once from the caller; never below nothing."""
    meter = Meter()
    inner = meter.metered("inner", spin)
    with meter.running():
        for _ in range(3):
            inner(10)
    plain = meter.own_ns(NO_COST, 1.0)
    less = meter.own_ns(Cost(5.0, 7.0), 1.0)
    assert plain["inner"] - less["inner"] == pytest.approx(15.0)
    assert plain[THE_REST] - less[THE_REST] == pytest.approx(21.0)
    assert set(meter.own_ns(Cost(1e9, 1e9), 1.0).values()) == {0.0}


def test_every_detector_is_a_part_and_all_is_as_before_afterwards() -> None:
    """The table leaves out no detector."""
    plain = Scorer.judge
    with metered_by(Meter()):
        assert Scorer.judge is not plain
    assert Scorer.judge is plain
    assert {f"detector {d.name}" for d in DETECTORS} <= set(PARTS)
    assert len({(place.owner, place.name) for place in PLACES}) == len(PLACES)


def test_a_crowd_looks_once_at_each_of_its_pairs_in_the_order_of_time() -> None:
    """So that so many pairs are remembered."""
    events = [event for _, event in events_of(TINY) if isinstance(event, LookUpEvent)]
    assert len({(event.operator_id, event.resident_id) for event in events}) == TINY.pairs
    assert len({event.event_id for event in events}) == TINY.pairs
    times = [event.at_s for event in events]
    assert times == sorted(times)
    assert all(event.occurred_at.timestamp() == event.at_s for event in events)
    context = context_of(TINY)
    assert {event.operator_id for event in events} == set(context.operators)
    assert {event.resident_id for event in events} <= set(context.residents)
    assert all(context.on_shift(event.operator_id, event.at_s) for event in events)


def test_memory_is_that_of_a_process_of_its_own(tmp_path: Path) -> None:
    """The table and the file say what program, context and replay held."""
    out = tmp_path / "memory.json"
    sizes = ("--pairs", "1000", "--operators", "4", "--residents", "300")
    result = run("--memory", *sizes, "--markdown", "--json", str(out))
    assert result.exit_code == 0, result.output
    assert "| peak of the replay |" in result.stdout
    held = json.loads(out.read_text())
    assert held["look_ups"] == held["pairs"] == 1000
    assert 0 < held["bare_mib"] <= held["with_context_mib"] <= held["peak_mib"]


def test_a_ward_is_replayed_beside_a_forest_and_its_time_is_split(tmp_path: Path) -> None:
    """The parts add up to the replay; no part that a ward must need is missing."""
    out = tmp_path / "replay.json"
    where = ("--cache", str(tmp_path), "--json", str(out))
    result = run("--look-ups", "1000", "--rounds", "1", "--markdown", *where)
    assert result.exit_code == 0, result.output
    figures = json.loads(out.read_text())
    parts = figures["microseconds"]
    assert list(parts) == list(PARTS)
    took = 1e6 * figures["passes"]["monomi"][0]["cpu_s"] / figures["look_ups"]
    assert sum(parts.values()) == pytest.approx(took, rel=0.01)
    # What is small may come out at 0 where the meter cost as much; a clock never runs back.
    assert all(took >= 0.0 for took in parts.values())
    assert sum(parts.values()) > 0.0
    assert f"{figures['look_ups']:,} look-ups on one core" in result.stdout
    assert all(f"| {part} |" in result.stdout for part in parts)
