"""Every contract that detectors share, over every detector."""

from __future__ import annotations

import re
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.calendar import Calendar
from models.context import Context
from models.contribution import CohortDay, Contribution
from models.detectors import DETECTORS
from models.features import FeatureMaker, Features, LookUp
from models.finding import Detector, Finding, Parameters
from models.policy import Policy
from models.profile import Profile
from models.scorer import joint_evidence, risk_of
from models.shared import SharedState, Snapshot
from models.tally import risk_bin
from schemas.topics import CONTEXT_TOPICS

LOOK_UP = LookUp("e-1", 1413853392.0, "op-1", "t-1", "tax.inquiry", "view", "r-1", None)
each_detector = pytest.mark.parametrize("detector", DETECTORS, ids=lambda d: d.name)


def features() -> Features:
    """Return a look-up of which nothing is known."""
    maker = FeatureMaker(Context(), Calendar(ZoneInfo("Asia/Tokyo")), Policy())
    return maker.make(LOOK_UP, Profile(), None, Snapshot(SharedState()))


@each_detector
def test_it_is_named_for_its_file(detector: Detector) -> None:
    """An id lets one guess the file, and the file the id."""
    assert type(detector).__module__ == f"models.detectors.{detector.name}"


@each_detector
def test_it_says_what_it_catches_its_source_and_its_blind_spots(detector: Detector) -> None:
    """A docstring that an analyst can act on."""
    told = type(detector).__doc__ or ""
    assert re.search(r"Catches:.*Source:.*Blind spots:.*>>>", told, re.DOTALL)


@each_detector
def test_its_parameters_have_bounds(detector: Detector) -> None:
    """No number without a bound."""
    parameters = detector.parameters  # type: ignore[attr-defined]
    assert isinstance(parameters, Parameters)
    for name, field in type(parameters).model_fields.items():
        if field.annotation in (int, float):
            assert len(field.metadata) >= 2, name


@each_detector
def test_it_needs_only_topics_that_exist(detector: Detector) -> None:
    """A context topic that is misspelt would switch it off for good."""
    assert detector.needs <= {topic.name for topic in CONTEXT_TOPICS}


@each_detector
def test_before_anything_was_seen_it_is_warming_up(detector: Detector) -> None:
    """Blind must not look normal."""
    assert detector.find(features()) is None


def test_risk_rises_strictly_and_stays_below_one() -> None:
    """Also where a mature cohort's calibration has long ended."""
    state = SharedState().folded(
        Contribution(735_000, {"tax/clerk": CohortDay(look_ups=10**6, evidence={0: 10**6})})
    )
    cohort = Snapshot(state).cohort("tax/clerk")
    risks = [risk_of(cohort.survival(e / 4), e / 4) for e in range(190)]
    assert all(low < high for low, high in pairwise(risks))
    assert risks[0] > 0.0
    assert risks[-1] < 1.0
    assert risk_bin(risks[-1]) > risk_bin(0.999999)


@each_detector
@given(
    observed=st.floats(0, 1e9),
    expected=st.floats(0, 1e9),
    first=st.integers(0, 3),
    second=st.integers(0, 1),
)
def test_it_can_say_whatever_it_can_find(
    detector: Detector, observed: float, expected: float, first: int, second: int
) -> None:
    """Both languages, one sentence each, whatever the numbers."""
    facts = {"off_hours": ("22:50", float(second), 0.0), "out_of_role": ("f", float(second))}
    finding = Finding(
        detector.name, 2.0, observed, expected, facts.get(detector.name, (float(first), second))
    )
    words = detector.explain(finding)
    assert words.en.endswith(".")
    assert words.ja.endswith("。")


def test_names_are_unique_and_evidence_of_one_family_counts_once() -> None:
    """Two detectors that see the same thing are not two witnesses."""
    names = [detector.name for detector in DETECTORS]
    assert len(set(names)) == len(names)
    assert joint_evidence([]) == 0.0
