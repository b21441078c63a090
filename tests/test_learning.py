"""What a judged look-up teaches: which marks are a person's habits and which are the desk's."""

from __future__ import annotations

import pytest

from models.detectors import DETECTORS
from models.features import Features
from models.finding import OF_ALL
from models.learning import Learner
from models.policy import Policy
from models.scorer import Scorer
from models.tally import Tally, evidence_bin
from tests.scenes import Remembered, office, practised, seen

OF_A_DESK = {"u.k.run4", "u.k.age.20s+sex.f", "u.k.lean1", "k.hits9", "k.size9", "u.near"}
OF_A_PERSON = {"wide", "size", "export", "u.again", "u.borrowed", "u.print", "u.home"}


def taught(features: Features) -> Tally:
    """Return the tally after a look-up was learned and settled, as an assessor does."""
    scorer, learner, tally = Scorer(office(), Policy()), Learner(Policy()), Tally("tax/clerk")
    learner.learn(scorer.judge(features), tally)
    learner.settle(scorer.judge_again(features, scorer.judge(features).findings), tally)
    return tally


def fished(operator: Remembered) -> Features:
    """Return a large print, without a case, of a resident found by a wide search."""
    today = [9, 9, 3, 500, 0, 0]
    return seen(
        operator=operator,
        resident_id="r-1",
        action="print",
        copies=500,
        hits=300,
        run=5,
        firm=True,
        today=today,
    )


def test_marks_of_the_desk_are_counted_for_the_cohort_and_not_for_the_person() -> None:
    """A person's own share is asked for of habits alone, and a profile must stay small."""
    operator = practised()
    tally = taught(fished(operator))
    counted, kept = set(tally.marks), set(operator.profile.marks)
    assert {"u.k.run4", "k.hits9", "k.size9", "wide", "size", "u.print"} <= counted
    assert {"wide", "size", "u.print"} <= kept
    assert not any(mark.startswith(OF_ALL) for mark in kept)
    assert kept < counted


@pytest.mark.parametrize("mark", sorted(OF_A_DESK | OF_A_PERSON))
def test_a_mark_is_the_desks_by_how_it_begins(mark: str) -> None:
    """One rule for all detectors."""
    assert mark.startswith(OF_ALL) == (mark in OF_A_DESK)


def test_levels_are_counted_up_to_the_one_reached() -> None:
    """A share of the fourth level is a share of four or more; none is counted twice."""
    tally = taught(fished(practised()))
    assert [m for m in tally.marks if m.startswith("k.hits")] == [
        f"k.hits{n}" for n in range(5, 10)
    ]
    assert [m for m in tally.marks if m.startswith("k.size")] == [
        f"k.size{n}" for n in range(5, 10)
    ]
    assert set(tally.marks.values()) == {1}


def test_the_days_highest_joint_evidence_is_kept() -> None:
    """An operator's day is ranked by its worst, however many look-ups follow."""
    operator, scorer, learner = practised(), Scorer(office(), Policy()), Learner(Policy())
    tally = Tally("tax/clerk")
    worst = scorer.judge(seen(operator=operator, resident_id="r-home"))
    learner.learn(worst, tally)
    learner.learn(scorer.judge(seen(operator=operator)), tally)
    assert tally.joint == evidence_bin(worst.evidence) > 0


def test_what_passes_the_gate_teaches_and_what_is_above_does_not() -> None:
    """An attack must not teach that it is normal; it is counted all the same."""
    operator = practised()
    features, scorer = seen(operator=operator, resident_id="r-1"), Scorer(office(), Policy())
    judgement = scorer.judge(features)
    weight = operator.profile.weight
    tally = Tally("tax/clerk")
    Learner(Policy(gate_risk=judgement.risk)).learn(judgement, tally)
    assert (operator.profile.weight, tally.look_ups, tally.slots) == (weight, 1, {})
    Learner(Policy(gate_risk=0.5 + judgement.risk / 2)).learn(judgement, tally)
    assert (operator.profile.weight, tally.look_ups) == (weight + 1.0, 2)
    assert sum(tally.slots.values()) == 1


def test_no_mark_is_told_by_two_detectors() -> None:
    """Else its share would be counted twice; of each look-up a mark is one happening."""
    features = fished(practised())
    found = [d.find(features) for d in DETECTORS]
    marks = [mark for finding in found if finding is not None for mark in finding.marks]
    assert len(marks) == len(set(marks)) > 5
