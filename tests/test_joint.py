"""How findings become one evidence, and an evidence a risk."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.cohort import CohortView
from models.contribution import CohortDay, Contribution
from models.detectors import DETECTORS
from models.finding import EVIDENCE_CAP, Among, Finding
from models.joint import Weighed, resident_evidence, risk_of, work_evidence
from models.shared import WARD, SharedState, Snapshot
from models.tally import EVIDENCE_BIN_NATS, EVIDENCE_BINS, risk_bin

DAY = 735_000
PLACES = [EVIDENCE_BIN_NATS * step / 2 for step in range(2 * EVIDENCE_BINS)]
bins = st.dictionaries(st.integers(0, EVIDENCE_BINS - 1), st.integers(1, 10_000), max_size=12)


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


def weighed(**nats: float) -> list[Weighed]:
    """Return findings of detectors with what they weigh, the heaviest first."""
    found = [Weighed(n, Finding(name, n, 0.0, 0.0)) for name, n in nats.items()]
    return sorted(found, key=lambda w: -w.nats)


def test_one_family_counts_once() -> None:
    """Two detectors that see the same thing are not two witnesses."""
    burst = weighed(lookup_frequency=5.0)
    assert work_evidence(burst, 0.8) == 5.0
    assert work_evidence(weighed(lookup_frequency=5.0, extraction=4.0, enumeration=3.0), 0.8) == 5.0
    aimed = weighed(convergence=4.0, target_skew=3.0, protected_resident=2.0)
    assert resident_evidence(aimed) == 4.0


def test_families_about_the_resident_add_up_and_those_about_work_by_shares() -> None:
    """Who is looked at is chosen by chance in honest work; what is odd in work hangs together."""
    found = weighed(repeat_access=4.0, relation=3.0, off_hours=2.0, contract=1.0)
    assert resident_evidence(found) == 7.0
    assert work_evidence(found, 0.5) == 2.5
    assert resident_evidence([]) == work_evidence([], 0.5) == 0.0


def test_every_family_belongs_to_one_body_of_evidence() -> None:
    """A detector alone weighs as much as it weighs, in one of the two."""
    for detector in DETECTORS:
        alone = weighed(**{detector.name: EVIDENCE_CAP})
        bodies = (resident_evidence(alone), work_evidence(alone, 0.8))
        assert sorted(bodies) == [0.0, EVIDENCE_CAP]


@settings(max_examples=60, deadline=None)
@given(bins, bins, st.integers(0, 10**6), st.integers(0, 10**6), st.sampled_from(["days", "open"]))
def test_curves_never_fall(
    own: dict[int, int], rest: dict[int, int], days: int, others: int, among: Among
) -> None:
    """More evidence never weighs less, in a cohort or in the ward; none weighs less than none."""

    def day(histogram: dict[int, int], total: int) -> CohortDay:
        tops, shown = {"contract": histogram}, {"contract": histogram}
        return CohortDay(operators=total, open=total, look_ups=1 + total, shown=shown, tops=tops)

    both = snapshot(tax=day(own, days), welfare=day(rest, others))
    for key in ("tax", WARD, "unheard-of"):
        curve = [both.cohort(key).weigh("contract", e, among) for e in PLACES]
        assert all(low <= high for low, high in pairwise(curve))
        assert curve[0] >= 0.0


@pytest.mark.parametrize("among", ["days", "open"])
def test_a_cohort_that_saw_none_takes_it_for_no_rarer_than_the_ward_does(among: Among) -> None:
    """A small cohort's silence is no knowledge; a large one's is."""
    common = {"contract": {0: 4000, 20: 900, 40: 100}}
    large = CohortDay(operators=5000, open=5000, look_ups=10**5, shown=common, tops=common)
    small = CohortDay(operators=2, open=2, look_ups=60)
    silent = CohortDay(operators=5000, open=5000, look_ups=10**5)
    ward = snapshot(large=large, small=small)
    of_ward = ward.ward.weigh("contract", 10.0, among)
    assert ward.cohort("small").weigh("contract", 10.0, among) == pytest.approx(of_ward, abs=0.02)
    assert ward.cohort("large").weigh("contract", 10.0, among) == pytest.approx(of_ward, abs=0.1)
    assert ward.cohort("unheard-of").weigh("contract", 10.0, among) == pytest.approx(of_ward)
    other = snapshot(large=large, silent=silent)
    assert other.cohort("silent").weigh("contract", 10.0, among) > of_ward + 2.0
