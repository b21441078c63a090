"""How findings add up to one joint evidence: by learned curves, less what relieves."""

from __future__ import annotations

from functools import cache
from math import exp
from unittest.mock import patch

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from models.detectors import DETECTORS
from models.features import Features
from models.finding import NOTHING, Finding
from models.joint import EVIDENCE_ABOVE_NATS
from models.policy import Policy
from models.scorer import Judgement, Scorer
from models.weights import Curve, Weights, builtin_weights
from tests.scenes import office, seen

NAMES = [detector.name for detector in DETECTORS]
BUILTIN = builtin_weights()
CURVES_ALONE = replace(BUILTIN, tables=())
evidences = st.floats(0.0, 60.0)
found = st.dictionaries(st.sampled_from(NAMES), evidences, max_size=len(NAMES))
TWO = Weights("two", "by hand", -2.0, 1.0, Curve((-2.0, 0.0, 2.0), (-1.0, 0.0, 3.0)), {})
"""Weights of which one can reckon by hand; nobody has a curve."""


class Silent:
    """Stand for a detector that looks at nothing again: what is found of it stays."""

    unit, waits, learns_habits = "count", False, True
    needs: frozenset[str] = frozenset()

    def __init__(self, name: str) -> None:
        self.name = name

    def find(self, _features: Features) -> Finding:
        """Return nothing."""
        return NOTHING


def scorer(policy: Policy | None = None, weights: Weights | None = None) -> Scorer:
    """Return a scorer whose every detector leaves its finding as it is."""
    with patch("models.scorer.DETECTORS", tuple(map(Silent, NAMES))):
        made = Scorer(office(), policy or Policy(), weights)
        assert len(made.switched_on) == len(NAMES)
    return made


@cache
def of_builtin() -> Scorer:
    """Return a scorer by the curves that the product ships: what each sign says alone."""
    return scorer(weights=CURVES_ALONE)


@cache
def situation(*, covered: bool) -> Features:
    """Return a look-up that a case explains, or none."""
    return seen(resident_id="r-served" if covered else "r-1")


@cache
def of_all() -> Scorer:
    """Return a scorer by all that the product ships."""
    return scorer()


def judged(
    nats: dict[str, float],
    relief: float = 0.0,
    by: Scorer | None = None,
    marks: tuple[str, ...] = (),
    *,
    covered: bool = False,
) -> Judgement:
    """Return the judgement of findings; the relief and marks are the first one's."""
    findings = [
        Finding(name, e, 0.0, 0.0, (), () if n else marks, 0.0 if n else relief)
        for n, (name, e) in enumerate(nats.items())
    ]
    return (by or of_builtin()).judge_again(situation(covered=covered), findings)


@settings(deadline=None)
@given(found, st.sampled_from(NAMES), evidences, st.floats(-5.0, 5.0), st.booleans())
def test_more_evidence_of_any_one_detector_never_lowers_risk(
    nats: dict[str, float], name: str, more: float, relief: float, covered: bool
) -> None:
    """Whatever the others found, and whatever speaks for the operator."""
    first = {name: nats.get(name, 0.0)} | nats
    before = judged(first, relief, covered=covered)
    after = judged({**first, name: first[name] + more}, relief, covered=covered)
    assert after.evidence >= before.evidence
    assert after.risk >= before.risk
    if more > 1e-6 and before.evidence > 0.0:
        assert after.evidence > before.evidence


@settings(deadline=None)
@given(found, st.floats(-9.0, 9.0), st.floats(0.0, 5.0))
def test_more_relief_never_raises_risk(nats: dict[str, float], relief: float, more: float) -> None:
    """What speaks for honest work speaks for it at any evidence."""
    nats = nats or {"unexplained": 1.0}
    less, lot = judged(nats, relief), judged(nats, relief + more)
    assert lot.evidence <= less.evidence
    assert lot.risk <= less.risk


@settings(deadline=None)
@given(found)
def test_weights_add_up_from_a_base_below_even_odds(nats: dict[str, float]) -> None:
    """Each finding by its own curve, the heaviest first; nothing is discounted for another."""
    judgement = judged(nats)
    curves = BUILTIN.curves
    each = {name: curves[name].nats(e) for name, e in nats.items()}
    weighed = {w.finding.detector: w.nats for w in judgement.weighed}
    assert weighed == {name: n for name, n in each.items() if n}
    told = [w.nats for w in judgement.weighed]
    assert told == sorted(told, reverse=True)
    sum_of_all = EVIDENCE_ABOVE_NATS + BUILTIN.base + BUILTIN.open + sum(each.values())
    assert judgement.evidence == pytest.approx(max(0.0, sum_of_all))


@settings(deadline=None)
@given(found, st.floats(-9.0, 9.0), st.booleans())
def test_what_signs_say_together_never_outweighs_a_strong_one(
    nats: dict[str, float], relief: float, covered: bool
) -> None:
    """It corrects the sum by so much at most, either way."""
    nats = nats or {"unexplained": 0.0}
    alone = judged(nats, relief, covered=covered)
    both = judged(nats, relief, of_all(), covered=covered)
    assert abs(both.together) <= BUILTIN.most_together_nats < BUILTIN.curves["relation"].nats(4.0)
    assert abs(both.evidence - alone.evidence) <= BUILTIN.most_together_nats + 1e-9
    assert (both.weighed, alone.together) == (alone.weighed, 0.0)


def test_relief_and_being_open_count_only_where_no_case_explains_the_look_up() -> None:
    """A case is the explanation; there is nothing left to relieve."""
    of_two = scorer(weights=TWO)
    nats = {"off_hours": 0.0}
    assert judged(nats, 2.0, of_two).evidence == EVIDENCE_ABOVE_NATS - 2.0 + 1.0 - 3.0
    assert judged(nats, 2.0, of_two).relieved == 3.0
    assert judged(nats, -2.0, of_two).evidence == EVIDENCE_ABOVE_NATS - 2.0 + 1.0 + 1.0
    explained = judged(nats, 2.0, of_two, covered=True)
    assert (explained.evidence, explained.relieved) == (EVIDENCE_ABOVE_NATS - 2.0, 0.0)


def test_relief_of_all_findings_goes_through_its_curve_together() -> None:
    """Two that speak for the operator are read off one curve, not one each."""
    findings = [Finding(name, 0.0, 0.0, 0.0, relief=1.0) for name in ("unexplained", "relation")]
    judgement = scorer(weights=TWO).judge_again(situation(covered=False), findings)
    assert judgement.relieved == 3.0


def test_joint_evidence_is_never_below_nothing() -> None:
    """The histogram of days begins there."""
    lowest = judged({"unexplained": 0.0}, 1e6)
    assert lowest.evidence == 0.0
    assert 0.0 < lowest.risk < 1.0


@pytest.mark.parametrize("name", NAMES)
def test_a_policy_multiplies_what_a_detector_weighs(name: str) -> None:
    """Twice as much at 2; at 0 nothing, and no wire is tripped."""
    once, twice, never = (
        judged({name: 4.0}, 0.0, scorer(Policy(weights={name: weight}), CURVES_ALONE), ("u.own",))
        for weight in (1.0, 2.0, 0.0)
    )
    curve = BUILTIN.curves[name].nats(4.0)
    assert twice.evidence - once.evidence == pytest.approx(curve)
    assert once.evidence - never.evidence == pytest.approx(curve)
    assert (once.tripwire, never.tripwire) == ("u.own", "")
    assert never.weighed == []


def test_a_script_that_searches_all_day_has_a_risk_below_1() -> None:
    """Thousands of nats of one detector: rare beyond count, and still a number with a bin."""
    judgement = judged({"enumeration": 1e6})
    assert judged({"enumeration": 10.0}).risk < judgement.risk < 1.0


def test_a_score_shows_evidence_from_0_to_1_where_it_has_no_other() -> None:
    """What a detector saw, not what it weighs: comparable from ward to ward."""
    judgement = Scorer(office(), Policy()).judge(seen(resident_id="r-home"))
    found_of = {finding.detector: finding for finding in judgement.findings}
    assert "relation" in found_of
    for name, score in judgement.scores.items():
        finding = found_of.get(name, NOTHING)
        expected = 1.0 - exp(-finding.evidence) if finding.shown is None else finding.shown
        assert score is None or score == pytest.approx(expected)
