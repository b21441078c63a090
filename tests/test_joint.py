"""How a joint evidence becomes a risk: ranked among operators' days."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.cohort import CohortView
from models.contribution import CohortDay, Contribution
from models.joint import risk_of
from models.shared import WARD, SharedState, Snapshot
from models.tally import EVIDENCE_BIN_NATS, EVIDENCE_BINS, evidence_bin, risk_bin

DAY = 735_000
PLACES = [EVIDENCE_BIN_NATS * step / 2 for step in range(2 * EVIDENCE_BINS)]
bins = st.dictionaries(st.integers(0, EVIDENCE_BINS - 1), st.integers(1, 10_000), max_size=12)
nats = st.floats(0.0, 1e6)


def snapshot(**cohorts: CohortDay) -> Snapshot:
    """Return the snapshot after one day of some cohorts."""
    return Snapshot(SharedState().folded(Contribution(DAY, dict(cohorts))))


def risks(cohort: CohortView, look_ups_a_day: float) -> list[float]:
    """Return a cohort's risks over all evidence."""
    return [risk_of(cohort.survival(e), e, look_ups_a_day) for e in PLACES]


@pytest.mark.parametrize("joint", [{}, {0: 10**6}, {0: 900, 12: 90, 40: 9, 199: 1}, {199: 10**5}])
@pytest.mark.parametrize("look_ups_a_day", [0.0, 1.0, 30.0, 5000.0])
def test_risk_rises_strictly_and_stays_inside_zero_and_one(
    joint: dict[int, int], look_ups_a_day: float
) -> None:
    """Also where a mature cohort's calibration has long ended."""
    seen = sum(joint.values())
    ward = snapshot(tax=CohortDay(operators=seen, look_ups=30 * seen, joint=joint))
    for cohort in (ward.cohort("tax"), ward.ward, ward.cohort("unheard-of")):
        told = risks(cohort, look_ups_a_day)
        assert all(low < high for low, high in pairwise(told))
        assert told[0] > 0.0
        assert told[-1] < 1.0
        assert all(risk_bin(low) <= risk_bin(high) for low, high in pairwise(told))


@settings(max_examples=40, deadline=None)
@given(bins, bins, st.floats(0.0, 1000.0))
def test_survival_never_rises_and_risk_always_does(
    own: dict[int, int], rest: dict[int, int], look_ups_a_day: float
) -> None:
    """Whatever was seen: a share from 1 down to never 0, and risks that can be told apart."""
    tax, welfare = CohortDay(joint=own, look_ups=1), CohortDay(joint=rest, look_ups=1)
    days = snapshot(tax=tax, welfare=welfare)
    for key in ("tax", WARD):
        shares = [days.cohort(key).survival(e) for e in PLACES]
        assert shares[0] == pytest.approx(1.0)
        assert all(high >= low > 0.0 for high, low in pairwise(shares))
        told = risks(days.cohort(key), look_ups_a_day)
        assert all(0.0 < low < high < 1.0 for low, high in pairwise(told))


@given(nats, nats, bins, st.floats(0.0, 5000.0))
def test_evidence_without_bound_has_a_risk_and_a_bin(
    one: float, other: float, joint: dict[int, int], look_ups_a_day: float
) -> None:
    """A script that searches all day gives more nats than any histogram has bins."""
    ward = snapshot(tax=CohortDay(operators=9, look_ups=90, joint=joint)).ward
    low, high = sorted((one, other))
    below, above = (risk_of(ward.survival(e), e, look_ups_a_day) for e in (low, high))
    assert 0.0 < below <= above < 1.0
    assert risk_bin(below) <= risk_bin(above)
    assert evidence_bin(low) <= evidence_bin(high) < EVIDENCE_BINS


def test_a_share_is_read_between_the_bins() -> None:
    """Two look-ups of one bin can be told apart: its days lie evenly in it."""
    ward = snapshot(tax=CohortDay(operators=1000, look_ups=1000, joint={0: 900, 20: 100})).ward
    low, middle, high = (ward.survival(20 * EVIDENCE_BIN_NATS + e) for e in (0.0, 0.125, 0.25))
    assert low > middle > high
    assert middle == pytest.approx((low + high) / 2)


def test_risk_is_the_same_evidence_among_honest_days() -> None:
    """What one day in a hundred reaches is rarer than what one in ten does."""
    common = snapshot(tax=CohortDay(operators=1000, look_ups=30_000, joint={0: 900, 20: 100}))
    rare = snapshot(tax=CohortDay(operators=1000, look_ups=30_000, joint={0: 990, 20: 10}))
    at = 20 * EVIDENCE_BIN_NATS
    of_common, of_rare = (risk_of(s.ward.survival(at), at, 30.0) for s in (common, rare))
    assert 0.99 < of_common < of_rare
