"""What must hold for whatever order, number and crash of records: Hypothesis over small wards."""

from __future__ import annotations

import json
from functools import cache
from random import Random
from typing import NamedTuple

from hypothesis import given, settings
from hypothesis import strategies as st

from models.context import Context
from models.pairs import pair_key
from models.profile import decode_profile
from schemas.access import AccessQuery
from simulation import Ward, WardPlan, simulate_ward
from tests.lookouts import EAGER, Event, Office, alerts_of, context_of, look_ups, presence

LATE_S = 14 * 60.0
SEEDS = st.integers(0, 10**6)
few = settings(max_examples=8, deadline=None)

Alerts = dict[tuple[str, int], bytes]


class Stream(NamedTuple):
    """Hold a ward's context and its records in the order of their times."""

    context: Context
    events: list[Event]

    @property
    def look_ups(self) -> list[AccessQuery]:
        """Return the look-ups among the records."""
        return [event for event in self.events if isinstance(event, AccessQuery)]


@cache
def ward() -> Stream:
    """Return ten days of a small ward, with its sign-ins and doors, each record once."""
    made: Ward = simulate_ward(WardPlan(7, days=10, operators=10, residents=600, lookups_per_day=9))
    events: list[Event] = [*presence(made), *look_ups(made)]
    once = {(type(event), event.event_id): event for event in reversed(events)}
    # Presence first at the same moment, as sources send it.
    return Stream(context_of(made), sorted(once.values(), key=lambda e: (e.at_s, e.event_id)))


@cache
def alone() -> tuple[Alerts, list[dict[bytes, bytes]]]:
    """Return the alerts and the state of one partition that never stops."""
    office = Office(ward().context, EAGER, 1)
    alerts = alerts_of(ward().events, office)
    return alerts, state_of(office)


def state_of(office: Office) -> list[dict[bytes, bytes]]:
    """Return every partition's state as bytes, without pairs: see `pairs_of`."""
    office.keep()
    return [dict(store.scan(b"")) for store in office.stores]


def counts_of(office: Office) -> dict[str, tuple[int, int, dict[int, list[int]]]]:
    """Return what whole numbers a profile holds: no rates, which depend on the order."""
    counts = {}
    for store in office.stores:
        for key, value in store.scan(b"o"):
            profile = decode_profile(value)
            counts[key[1:].decode()] = (profile.look_ups, profile.day, profile.days)
    return counts


def pairs_of(office: Office) -> dict[tuple[str, str], bytes | None]:
    """Return every pair's record."""
    named = {(e.operator_id, e.resident_id) for e in ward().look_ups if e.resident_id}
    return {pair: office.stores[office.number_of(pair[0])].get(pair_key(*pair)) for pair in named}


def test_the_ward_is_worth_the_trouble() -> None:
    """There are alerts, signs of presence and clocks that ended; else nothing is shown here."""
    alerts, state = alone()
    assert len(alerts) > 10
    assert {type(event).__name__ for event in ward().events} == {"AccessQuery", "SignIn", "Door"}
    assert any(key[:1] == b"k" for key in state[0])
    told = {r["detector"] for line in alerts.values() for r in json.loads(line)["reasons"]}
    assert len(told) > 4


@few
@given(seed=SEEDS)
def test_records_reordered_within_fifteen_minutes_leave_the_same_counts(seed: int) -> None:
    """Kafka keeps the order of one source; several sources are minutes apart."""
    random = Random(seed)
    events = ward().events
    shaken = sorted(events, key=lambda event: event.at_s + random.random() * LATE_S)
    assert shaken != events
    straight, late = Office(ward().context, EAGER, 1), Office(ward().context, EAGER, 1)
    alerts_of(events, straight)
    alerts_of(shaken, late)
    for office in (straight, late):
        office.keep()
    assert counts_of(late) == counts_of(straight)
    assert pairs_of(late) == pairs_of(straight)


@few
@given(seed=SEEDS, share=st.sampled_from([0.05, 0.5, 1.0]))
def test_doubled_records_change_nothing(seed: int, share: float) -> None:
    """At once or days later, look-ups, sign-ins and doors: not a byte of alerts and state."""
    random = Random(seed)
    dated = [(event.at_s, n, event) for n, event in enumerate(ward().events)]
    newest_s = dated[-1][0]
    for at_s, n, event in list(dated):
        if random.random() < share:
            again_s = min(newest_s, at_s + random.choice((0.0, 60.0, 3 * 86_400.0)))
            dated.append((again_s, n + len(dated), event))
    dated.sort(key=lambda row: row[:2])
    office = Office(ward().context, EAGER, 1)
    alerts = alerts_of([event for _, _, event in dated], office)
    assert (alerts, state_of(office)) == alone()
    assert pairs_of(office) == _pairs_alone()


@cache
def _pairs_alone() -> dict[tuple[str, str], bytes | None]:
    office = Office(ward().context, EAGER, 1)
    alerts_of(ward().events, office)
    office.keep()
    return pairs_of(office)


@few
@given(partitions=st.integers(1, 12), batch=st.integers(1, 400))
def test_partitions_and_batches_change_no_alert(partitions: int, batch: int) -> None:
    """However many workers share the work, and however often they write."""
    office = Office(ward().context, EAGER, partitions)
    for n, event in enumerate(ward().events):
        office.apply(event)
        if n % batch == 0:
            office.keep()
    office.finish(ward().look_ups[-1].at_s)
    assert office.alerts == alone()[0]
    office.keep()
    assert pairs_of(office) == _pairs_alone()


@few
@given(
    partitions=st.integers(1, 4),
    restarts=st.lists(st.tuples(st.floats(0, 1), st.integers(0, 3)), min_size=1, max_size=12),
)
def test_a_state_that_is_read_back_judges_the_same(
    partitions: int, restarts: list[tuple[float, int]]
) -> None:
    """A restart of a partition at any point, also between a sign-in and its look-up."""
    events = ward().events
    at = {int(share * (len(events) - 1)): number for share, number in restarts}
    office = Office(ward().context, EAGER, partitions)
    for n, event in enumerate(events):
        office.apply(event)
        if n in at:
            office.keep()
            office.restart(at[n] % partitions)
    office.finish(ward().look_ups[-1].at_s)
    assert office.alerts == alone()[0]
    if partitions == 1:
        assert state_of(office) == alone()[1]


def test_a_restart_after_each_hundredth_record_scores_the_same() -> None:
    """Every risk and every detector's score, not only what alerts."""

    def scores(every: int) -> list[object]:
        told: list[object] = []
        office = Office(ward().context, EAGER, 1)
        for n, event in enumerate(ward().events):
            if n % every == every - 1:
                office.keep()
                office.restart(0)
            judgement = office.apply(event).judgement
            if judgement is not None:
                told.append((judgement.risk, judgement.scores, judgement.ready))
        return told

    assert scores(100) == scores(10**9)
