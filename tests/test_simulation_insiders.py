"""The insiders of the simulated ward: the founding case, the other kinds, their labels."""

from __future__ import annotations

import itertools
from collections import Counter
from datetime import date, timedelta
from typing import Any

import pytest

from simulation import WardPlan, simulate_ward
from simulation.insiders.cast import KINDS
from tests.wards import (
    Coverage,
    crowd,
    fortnight,
    founding_ward,
    labelled,
    long_ward,
    moment,
    once,
)


@pytest.mark.parametrize("seed", [1, 2])
def test_the_founding_case_is_as_it_happened(seed: int) -> None:
    """Three views of one resident: autumn, five months on, a year on in other work."""
    ward = founding_ward(seed)
    (label,) = (label for label in ward.labels if label["kind"] == "founding")
    rows = once(ward.events["access.queries"])
    looks = [row for row in rows if row["event_id"] in label["event_ids"]]
    assert [row["action"] for row in looks] == ["view"] * 3
    assert {row["resident_id"] for row in looks} == {label["resident_id"]}
    first, second, third = (moment(row) for row in looks)
    assert (first.year, first.month) == (2013, 10)
    assert first.day >= 14
    assert timedelta(days=115) < second - first < timedelta(days=160)
    assert timedelta(days=345) < third - second < timedelta(days=385)
    coverage = Coverage(ward)
    before, _, after = (coverage.sections(row) for row in looks)
    assert before.isdisjoint(after)
    for row in looks:
        assert not coverage.covers(row, waiting=timedelta(days=7))
        assert moment(row).weekday() < 5
        assert "08:30" < row["occurred_at"][11:16] < "17:15"


@pytest.mark.parametrize("seed", [1, 2])
def test_the_founding_clerk_is_hired_three_times_with_gaps(seed: int) -> None:
    """Temporary, in three sections; the third contract begins after the last look-up."""
    ward = founding_ward(seed)
    (label,) = (label for label in ward.labels if label["kind"] == "founding")
    (clerk,) = (
        row
        for row in ward.context["directory.operators"]
        if row["operator_id"] == label["operator_id"]
    )
    contracts = clerk["assignments"]
    assert len({contract["section_id"] for contract in contracts}) == len(contracts) == 3
    assert {contract["employment"] for contract in contracts} == {"temporary"}
    for earlier, later in itertools.pairwise(contracts):
        gap = date.fromisoformat(later["starts_on"]) - date.fromisoformat(earlier["ends_on"])
        assert gap > timedelta(days=30)
    assert contracts[2]["starts_on"] > label["ends_at"][:10]


def test_honest_clerks_are_rehired_for_other_work_too() -> None:
    """The founding case's contracts alone give nobody away."""
    ward = long_ward()
    guilty = {label["operator_id"] for label in ward.labels}
    returning = [
        row["operator_id"]
        for row in ward.context["directory.operators"]
        if len({a["section_id"] for a in row["assignments"] if a["role"] == "window"}) > 1
    ]
    assert set(returning) - guilty


def test_a_shorter_plan_compresses_the_founding_case() -> None:
    """A hundred days hold the same three look-ups, and a note says so."""
    ward = simulate_ward(WardPlan(5, days=100, operators=10, residents=600, lookups_per_day=2))
    assert [len(lab["event_ids"]) for lab in ward.labels if lab["kind"] == "founding"] == [3]
    assert any("compressed" in note for note in ward.notes)


def test_a_fortnight_has_short_insiders_only_and_says_why() -> None:
    """No founding case, no slow one, yet six kinds and a note."""
    kinds = {label["kind"] for label in fortnight().labels}
    assert len(kinds) >= 6
    assert kinds.isdisjoint({"founding", "slow_bulk", "after_transfer"})
    assert any("left out" in note for note in fortnight().notes)


def test_six_other_kinds_of_misuse_are_there() -> None:
    """A ward of twenty has eight cases, each by another operator."""
    ward = long_ward()
    assert len({label["kind"] for label in ward.labels} - {"founding"}) >= 6
    assert len({label["operator_id"] for label in ward.labels}) == len(ward.labels) == 8


@pytest.mark.parametrize("seed", [1, 2])
def test_a_bigger_ward_has_every_kind(seed: int) -> None:
    """With eighty operators the fifteen kinds beside the founding one all find somebody."""
    kinds = {label["kind"] for label in crowd(seed).labels}
    assert kinds == {"founding", *KINDS}
    assert len(kinds) == 16


def test_labels_name_their_operators_look_ups() -> None:
    """Event ids exist, are the operator's, belong to one label, and span its times."""
    ward = long_ward()
    by_id = {row["event_id"]: row for row in ward.events["access.queries"]}
    assert len(labelled(ward)) == sum(len(label["event_ids"]) for label in ward.labels)
    for label in ward.labels:
        looks = [by_id[event_id] for event_id in label["event_ids"]]
        assert {row["operator_id"] for row in looks} == {label["operator_id"]}
        times = [row["occurred_at"] for row in looks]
        assert times == sorted(times)
        assert [times[0], times[-1]] == [label["starts_at"], label["ends_at"]]
        if label["resident_id"] is not None:
            subjects = {row["resident_id"] for row in looks} - {None}
            assert subjects == {label["resident_id"]}


@pytest.mark.parametrize("ward", [fortnight, long_ward, lambda: crowd(1)])
def test_no_case_covers_misuse_not_even_a_week_later(ward: Any) -> None:
    """By the contract's rule every labelled look-up of a resident stays uncovered."""
    coverage, kinds = Coverage(ward()), labelled(ward())
    for row in ward().events["access.queries"]:
        if row["event_id"] in kinds and row["resident_id"] is not None:
            assert not coverage.covers(row, waiting=timedelta(days=7)), kinds[row["event_id"]]


def test_some_misuse_gives_a_case_number_and_so_does_honest_uncovered_work() -> None:
    """A number in the field is no mark of either."""
    coverage, kinds = Coverage(long_ward()), labelled(long_ward())
    given = Counter(
        row["event_id"] in kinds
        for row in long_ward().events["access.queries"]
        if row["resident_id"] and row["case_id"] and not coverage.covers(row)
    )
    assert given[True] > 0
    assert given[False] > 0
