"""The lookout gives the same answer on any number of partitions and over any crash."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable, Iterator
from functools import cache
from random import Random

import msgspec
import pytest

from models.context import Context
from models.memory import Waiting
from models.organisation import sections_in_force
from models.replay import DictStore
from models.scorer import Judgement
from models.weights import builtin_weights
from schemas.access import AccessQuery
from simulation import WardPlan, simulate_ward
from tests.lookouts import EAGER, Office, alerts_of, context_of, look_ups


@cache
def fortnight() -> tuple[Context, list[AccessQuery]]:
    """Return a fortnight's context and look-ups."""
    ward = simulate_ward(WardPlan(7, days=14, operators=12, residents=800, lookups_per_day=12))
    return context_of(ward), look_ups(ward)


@cache
def alone() -> dict[tuple[str, int], bytes]:
    """Return the alerts of one partition that never crashes."""
    context, events = fortnight()
    return alerts_of(events, Office(context, EAGER, 1))


@pytest.mark.parametrize("partitions", [2, 5, 16])
def test_partitions_do_not_change_an_alert(partitions: int) -> None:
    """Counts are whole and cuts are shared, so alerts are the same to the byte."""
    context, events = fortnight()
    assert len(alone()) > 5
    assert alerts_of(events, Office(context, EAGER, partitions)) == alone()


@pytest.mark.parametrize("seed", range(3))
def test_a_crash_after_any_batch_changes_no_alert(seed: int) -> None:
    """What is kept in the store is all that the lookout needs."""
    context, events = fortnight()
    office, random = Office(context, EAGER, 3), Random(seed)
    for event in events:
        office.apply(event)
        if random.random() < 0.02:
            office.keep()
            office.restart(random.randrange(3))
    office.finish(events[-1].at_s)
    assert office.alerts == alone()


def test_an_alert_names_the_weights_and_the_snapshot_that_scored_it() -> None:
    """Who asks a year later why it came must know by what it was weighed."""
    versions = {json.loads(line)["model_version"].split("/")[0] for line in alone().values()}
    assert versions == {builtin_weights().name}


def test_a_look_ups_place_in_a_run_is_kept_until_its_clock_ends() -> None:
    """Over a restart too: a run is told at once, and weighs in full a working day later."""
    context, events = fortnight()
    office, told = Office(context, EAGER, 1), defaultdict[str, list[int]](list)

    def note(judgement: Judgement, _at_s: float) -> None:
        told[judgement.features.look_up.event_id].append(judgement.features.run)

    for number, event in enumerate(events):
        if number % 200 == 0:
            office.keep()
            office.restart(0)
            office.lookouts[0].on_judged(note)
        office.apply(event)
    in_a_run = [runs for runs in told.values() if len(runs) > 1 and max(runs) > 1]
    assert len(in_a_run) > 3
    assert all(len(set(runs)) == 1 for runs in in_a_run)


def test_a_batch_that_is_done_again_after_a_crash_repeats_its_alerts() -> None:
    """Alerts that went out before the state was kept come out again, id and revision alike."""
    context, events = fortnight()
    office = Office(context, EAGER, 1)
    for start in range(0, len(events), 40):
        office.keep()
        batch = events[start : start + 40]
        alerts_of(batch, office)
        before = dict(office.alerts)
        if start % 200 == 0:
            office.restart(0)
            alerts_of(batch, office)
        assert office.alerts == before
    assert office.alerts == alone()


def changed(event: AccessQuery, **changes: str) -> AccessQuery:
    """Return an event with other fields."""
    return AccessQuery.parse(json.dumps({**json.loads(event.to_json()), **changes}))


def test_a_doubled_record_changes_nothing() -> None:
    """An event id that was applied within seven days is known again."""
    context, events = fortnight()
    office = Office(context, EAGER, 1)
    for event in events:
        office.apply(event)
        before = len(office.alerts)
        assert office.lookouts[0].apply(event).duplicate
        assert len(office.alerts) == before
    assert office.alerts == alone()


@pytest.mark.parametrize(
    ("behind_s", "late", "stale"),
    [(60, False, False), (1200, True, False), (6 * 86400, True, False), (8 * 86400, False, True)],
)
def test_a_late_record_is_judged_and_counted(behind_s: int, late: bool, stale: bool) -> None:
    """Over 15 minutes is late; over a week is scored, counted, and changes no state."""
    context, events = fortnight()
    office = Office(context, EAGER, 1)
    event = events[-1]
    alerts_of(events, office)
    newest = max(e.occurred_at for e in events if e.operator_id == event.operator_id)
    at = newest.fromtimestamp(newest.timestamp() - behind_s, newest.tzinfo)
    office.keep()
    applied = office.lookouts[0].apply(
        changed(event, event_id="e-late", occurred_at=at.isoformat())
    )
    assert (applied.late, applied.stale) == (late, stale)
    assert applied.judgement is not None
    kept: Callable[[bytes], bool] = lambda key: key != b"n"  # noqa: E731
    assert any(map(kept, office.memories[0].changes())) is not stale


def test_an_alert_counts_each_look_up_once() -> None:
    """Judged at arrival and again at its clock's end, a look-up is still one."""
    for line in alone().values():
        row = json.loads(line)
        assert len(set(row["event_ids"])) == len(row["event_ids"])
        assert row["event_count"] == len(row["event_ids"])
        assert row["reasons"]
        assert 0.0 < row["risk"] < 1.0


@pytest.mark.parametrize("at", ["1970-03-05T00:00:00Z", "2148-10-30T23:59:59+09:00"])
def test_extreme_but_valid_records_do_not_stop_the_lookout(at: str) -> None:
    """What the schema lets through, the lookout can take: unknown people, places and times."""
    context, events = fortnight()
    office = Office(context, EAGER, 2)
    alerts_of(events[:200], office)
    hostile = {"occurred_at": at, "operator_id": "nobody", "terminal_id": "nowhere"}
    for i, event in enumerate(events[200:260]):
        office.apply(changed(event, **hostile, event_id=f"h-{i}", function=f"f-{i}"))
    office.keep()
    office.restart(0)
    alerts_of(events[260:300], office)


def clocks_in(store: DictStore) -> Iterator[Waiting]:
    """Yield the look-ups that wait in a store."""
    for _, value in store.scan(b"k"):
        yield msgspec.msgpack.decode(value, type=Waiting)


def test_a_clock_fires_at_its_own_end_and_once() -> None:
    """No look-up that no case explains is forgotten, and none is judged twice."""
    context, events = fortnight()
    office = Office(context, EAGER, 2)
    alerts_of(events, office)
    office.keep()
    kept = [w for store in office.stores for w in clocks_in(store) if not w.for_sign_in]
    fired = sum(lookout.clocks_fired for lookout in office.lookouts)
    begun = sum(
        1
        for event in {event.event_id: event for event in events}.values()
        if event.resident_id is not None
        and context.covering_case(
            sections_in_force(context.operators[event.operator_id], event.occurred_at.date()),
            (event.resident_id,),
            event.at_s,
            30,
            event.at_s,
        )
        is None
    )
    assert fired + len(kept) == begun
    assert fired > 0
