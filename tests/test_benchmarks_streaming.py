"""The moving half beside its peers: whole loads, honest clocks, peers that do judge and alert."""

from __future__ import annotations

import gzip
import json
import time
import uuid
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.streaming import load as loading
from benchmarks.streaming.contenders import PEERS, Pace, started, wait_until
from benchmarks.streaming.crowd_load import crowd_load
from benchmarks.streaming.ground import Ground
from benchmarks.streaming.load import Load, loads_of
from benchmarks.streaming.peers.judging import Judging
from benchmarks.streaming.readers import AlertReader, Latencies
from benchmarks.streaming.recovery import _changelogs
from benchmarks.streaming.sheets import recovery_sheet, scaling_sheet, throughput_sheet
from benchmarks.streaming.state_filling import fill_changelog
from models.pairs import pair_key
from models.profile import decode_profile
from models.recordings import EventFiles
from schemas.access import AccessQuery
from schemas.lines import read_records
from streams.broker import Broker
from tests.beside_replay import unexpected
from tests.workers import records_of

JUDGES = ("faust_by_the_book", "quixstreams")
LOOK_UPS = 1200
EAGER_TOML = """\
warm_up_days = 1
first_risk = 0.5
lowest_risk = 0.5
budget_per_day = 100
"""


@pytest.fixture(scope="module")
def parts(tmp_path_factory: pytest.TempPathFactory) -> list[Load]:
    """Return two loads of one small ward, one after the other."""
    patch = pytest.MonkeyPatch()
    patch.setattr(loading, "OPERATORS", 20)
    patch.setattr(loading, "RESIDENTS", 1500)
    try:
        return loads_of(tmp_path_factory.mktemp("cache"), LOOK_UPS, 300)
    finally:
        patch.undo()


def test_loads_follow_one_another_and_leave_no_look_up_out(parts: list[Load]) -> None:
    """The second begins where the first ends, in the order of the ward's file."""
    first, second = ([e.event_id for e in read_records(p.look_ups, AccessQuery)] for p in parts)
    assert (len(first), len(second)) == (LOOK_UPS, 300)
    with gzip.open(parts[0].context.parent / "access.queries.jsonl.gz") as lines:
        whole = [json.loads(line)["event_id"] for line, _ in zip(lines, range(1500), strict=False)]
    assert first + second == whole


@given(rate=st.floats(1.0, 5000.0))
def test_an_even_pace_has_each_look_up_due_after_the_one_before(rate: float) -> None:
    """However unevenly they lie in event time."""
    load = Load(Path("x"), Path("y"), [0.0, 1.0, 500.0, 501.0])
    due_s = [load.at_rate(rate)(at_s) for at_s in load.times_s]
    assert due_s == pytest.approx([n / rate for n in (1, 2, 3, 4)])


def test_a_peer_judges_as_replay_does(parts: list[Load]) -> None:
    """Its state is whatever it is given to keep; the profiles in it have counted every look-up."""
    kept: dict[bytes, bytes | None] = {}
    judging = Judging(parts[0].context, None, lambda key: kept.get(key))
    with gzip.open(parts[0].look_ups) as lines:
        for line in lines:
            kept |= judging.judge(line.strip())
    counted = sum(decode_profile(v).look_ups for k, v in kept.items() if k[:1] == b"o" and v)
    events = {event.event_id for _, event in EventFiles([parts[0].look_ups], unexpected)}
    assert counted == len(events)


def test_a_pace_counts_what_was_done_while_it_was_timed() -> None:
    assert Pace(600, 2.0).per_s == 300.0


def test_tables_set_everybody_beside_monomi() -> None:
    """Also who did not come to an end."""
    paces = {"monomi": Pace(10_000, 1.0), "faust_by_the_book": Pace(500, 1.0)}
    assert ("by-the-book Faust", "500", "2,000", "20.00", "500") in throughput_sheet(paces).rows
    curve = scaling_sheet("pairs", {10: Pace(100, 1.0), 100: Pace(50, 1.0)})
    assert [row[-1] for row in curve.rows] == ["1.00", "0.50"]
    figures = {
        "from_changelog_s": 40.0, "from_local_store_s": 9.0, "faust_by_the_book_s": None,
        "operators": 10, "pairs": 100, "peak_rss_mib": 300,
    }  # fmt: skip
    assert [row[1] for row in recovery_sheet(figures).rows] == [
        "9.0",
        "40.0",
        "not in the time given",
    ]


@pytest.mark.kafka
@pytest.mark.timeout(400)
@pytest.mark.parametrize("name", ["monomi", *PEERS])
def test_every_contender_works_off_what_lies_in_kafka(
    kafka: Broker, parts: list[Load], tmp_path: Path, name: str
) -> None:
    """And those that judge raise alerts, which a reader times from the look-up's append."""
    prefix = f"b{uuid.uuid4().hex[:8]}."
    ground = Ground(kafka.bootstrap, tmp_path)
    policy = tmp_path / "policy.toml"
    policy.write_text(
        "warm_up_days = 1\nfirst_risk = 0.5\nlowest_risk = 0.5\nbudget_per_day = 100\n"
    )
    ground.make_topics(prefix)
    for part in parts:
        ground.send(part, prefix, context=True, pace=None)
        ground.send(part, prefix, context=False, pace=None)
    with AlertReader(kafka.bootstrap, f"{prefix}alerts") as reader:
        contender = started(name, ground, parts[0].context, prefix=prefix, policy=policy)
        try:
            wait_until(contender, 1, 120.0)
            if name in ("monomi", *JUDGES):
                deadline_s = time.monotonic() + 60.0
                while not reader.latencies().alerts and time.monotonic() < deadline_s:
                    time.sleep(0.1)
                assert reader.latencies().alerts > 0
        finally:
            contender.end()


def test_no_alerts_are_no_latency() -> None:
    """Zeros, and a count that says so."""
    assert Latencies(0.0, 0.0, 0.0, 0).as_json()["alerts"] == 0


@pytest.mark.kafka
def test_a_filled_changelog_holds_the_operators_and_pairs_asked_for(
    kafka: Broker, parts: list[Load], tmp_path: Path
) -> None:
    """Under the keys that a worker reads."""
    ground = Ground(kafka.bootstrap, tmp_path)
    (topic,) = _changelogs(ground, peers=False)
    fill_changelog(kafka.bootstrap, topic, 4, parts[0], operators=50, pairs=1000)
    keys = {record.key for record in records_of(kafka.bootstrap, topic)}
    assert sum(key[:6] == b"opast-" for key in keys) == 50
    assert sum(key[:1] == b"p" for key in keys) == 1000
    assert pair_key("past-000007", "past-0000003") in keys


def test_a_crowd_goes_round_all_operators(tmp_path: Path) -> None:
    """Before anybody comes a second time."""
    load = crowd_load(tmp_path, 30, 90)
    operators = [e.operator_id for e in read_records(load.look_ups, AccessQuery)]
    assert len(operators) == 90
    assert len(set(operators[:30])) == 30
    assert load.times_s == sorted(load.times_s)
