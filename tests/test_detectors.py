"""Every contract that detectors share, over every detector."""

from __future__ import annotations

import re
from zoneinfo import ZoneInfo

import pytest

from models.calendar import Calendar
from models.context import Context
from models.detectors import DETECTORS
from models.features import FeatureMaker, Features, LookUp
from models.finding import Detector, Parameters
from models.policy import Policy
from models.profile import Profile
from models.scorer import joint_evidence
from models.shared import SharedState, Snapshot
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


def test_names_are_unique_and_evidence_of_one_family_counts_once() -> None:
    """Two detectors that see the same thing are not two witnesses."""
    names = [detector.name for detector in DETECTORS]
    assert len(set(names)) == len(names)
    assert joint_evidence([]) == 0.0
