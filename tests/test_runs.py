"""Residents opened one after another without a case: what makes a run, and what ends it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.cohort import CohortView
from models.detectors import UNEXPLAINED
from models.profile import RUN_GAP_S, Profile
from models.shared import SharedState, Snapshot
from tests.scenes import DAY, TEN_S, even_day, seasoned, seen

APART_S = 20.0
HOUSES = st.lists(st.integers(0, 0xFFFF), min_size=1, max_size=25, unique=True)


def lengths(steps: list[tuple[int, float, bool]], profile: Profile | None = None) -> list[int]:
    """Return the run's length at each look-up: (household, seconds after ten, explained)."""
    profile = profile or Profile()
    return [
        profile.run_with(house, TEN_S + at_s, explained=explained)
        for house, at_s, explained in steps
    ]


@given(HOUSES)
def test_each_further_household_makes_a_run_longer(houses: list[int]) -> None:
    """One after another, none of them with a case."""
    steps = [(house, APART_S * n, False) for n, house in enumerate(houses)]
    assert lengths(steps) == list(range(1, len(houses) + 1))


def test_the_same_household_again_makes_no_run_longer() -> None:
    """A family is opened member by member, and a record more than once."""
    steps = [(7, 0.0, False), (7, 10.0, False), (8, 20.0, False), (7, 30.0, False)]
    assert lengths(steps) == [1, 1, 2, 2]


def test_a_look_up_with_a_case_ends_a_run() -> None:
    """It is work of its own, and counts in none."""
    steps = [(1, 0.0, False), (2, 9.0, False), (3, 18.0, True), (4, 27.0, False), (5, 36.0, False)]
    assert lengths(steps) == [1, 2, 0, 1, 2]


@pytest.mark.parametrize(("pause_s", "then"), [(RUN_GAP_S, 3), (RUN_GAP_S + 1.0, 1)])
def test_a_pause_ends_a_run(pause_s: float, then: int) -> None:
    """Five minutes between two look-ups are no working through a list."""
    assert lengths([(1, 0.0, False), (2, 5.0, False), (3, 5.0 + pause_s, False)])[-1] == then


def test_a_pause_is_reckoned_from_the_newest_look_up() -> None:
    """A run of an hour is a run, if no pause in it is long."""
    steps = [(n, 0.9 * RUN_GAP_S * n, False) for n in range(14)]
    assert lengths(steps)[-1] == 14


@given(HOUSES, st.randoms(use_true_random=False))
def test_look_ups_out_of_order_within_a_pause_make_the_same_run(
    houses: list[int], random: object
) -> None:
    """Sources are minutes apart; what a run holds does not depend on who is first."""
    steps = [(house, 10.0 * n, False) for n, house in enumerate(houses)]
    profile = Profile()
    random.shuffle(steps)  # type: ignore[attr-defined]
    assert lengths(steps, profile)[-1] == len(houses)
    assert profile.run_s == TEN_S + max(at_s for _, at_s, _ in steps)
    assert sorted(profile.run) == sorted(houses)


def test_a_look_up_that_comes_hours_late_is_of_no_present_run() -> None:
    """It begins one of its own, and so does what follows in its time."""
    assert lengths([(1, 0.0, False), (2, 9.0, False), (3, -7200.0, False)]) == [1, 2, 1]


def test_a_run_is_remembered_to_the_longest_that_is_told_apart() -> None:
    """A register gone through from A to Z takes no more room than thirty households."""
    profile = Profile()
    told = lengths([(n, APART_S * n, False) for n in range(500)], profile)
    assert told[-1] == len(profile.run) == max(told) == 30


def _office_of_lists(run: int, days: int = 20) -> Snapshot:
    """Return an office in which two open look-ups in ten are so far into a list."""
    state = SharedState()
    for day in range(DAY - days, DAY):
        contribution = even_day(day)
        contribution.cohorts["tax/clerk"].marks[f"u.k.run{run}"] = 4
        state = state.folded(contribution)
    return Snapshot(state)


def test_a_longer_run_is_rarer_until_the_office_has_shown_lists() -> None:
    """Evidence is how rare so long a run is here; a list worked through daily is none."""

    def evidence(run: int, snapshot: Snapshot) -> float:
        finding = UNEXPLAINED.find(seen(resident_id="r-1", run=run, firm=True, snapshot=snapshot))
        assert finding is not None
        return finding.evidence if finding.facts == ("run",) else 0.0

    assert evidence(1, seasoned()) == 0.0
    assert evidence(9, seasoned()) > 2.0
    assert evidence(9, _office_of_lists(9)) < evidence(9, seasoned()) - 1.0


@pytest.mark.parametrize(("run", "mark"), [(2, 2), (3, 3), (5, 4), (8, 6), (14, 9), (30, 30)])
def test_a_run_is_counted_by_its_own_length_and_for_the_cohort_alone(run: int, mark: int) -> None:
    """Not from a length on: a list of thirty passes through three only once."""
    finding = UNEXPLAINED.find(seen(resident_id="r-1", run=run, firm=True))
    assert finding is not None
    assert [m for m in finding.marks if "run" in m] == [f"u.k.run{mark}"]


def test_a_look_up_with_a_case_is_in_no_run() -> None:
    """Whatever its place was: nothing is found."""
    finding = UNEXPLAINED.find(seen(run=9, firm=True))
    assert finding is not None
    assert finding.marks == ()


def test_a_cohort_view_reads_the_share_of_runs_among_open_look_ups() -> None:
    """Marks that begin with `u.` are shares of what no case explains."""
    view: CohortView = _office_of_lists(9).cohort("tax/clerk")
    assert view.mark_share("u.k.run9", 0.03) > view.mark_share("u.k.run6", 0.03)
