"""What is learned of judged look-ups: who misuses, without counting the same thing twice."""

from __future__ import annotations

from functools import cache
from itertools import pairwise

import numpy as np
import pytest
from numpy.typing import NDArray

from models.tables import Tables
from models.training import Lesson, learn_weights
from models.weights import LEAST_NATS_A_NAT, Weights

HONEST, CASES, OF_A_CASE = 1500, 60, 3
SIGN, NOISE = 0, 1
Evidence = NDArray[np.float32]


def lesson(seed: int = 1, honest: int = HONEST, of_a_case: int = OF_A_CASE) -> Lesson:
    """Return a ward whose misuse shows more of one sign, and of another no more than honest work.

    Misuse has no relief, a third of honest work has; half of that is covered by a case.
    """
    random = np.random.default_rng(seed)
    misuse = CASES * of_a_case
    count = honest + misuse
    evidence = random.exponential(1.0, (count, 2)).astype(np.float32)
    evidence[honest:, SIGN] *= 4.0
    relief = np.where(random.random(count) < 1 / 3, 3.0, 0.0).astype(np.float32)
    relief[honest:] = 0.0
    unexplained = random.random(count) < 0.5
    unexplained[honest:] = True
    relief[~unexplained] = 0.0
    case = np.full(count, -1, np.int32)
    case[honest:] = np.repeat(np.arange(CASES), of_a_case)
    return Lesson(evidence, relief, unexplained, np.zeros(count, np.float32), case)


def of_columns(taught: Lesson, *columns: int) -> Lesson:
    """Return a lesson of some of its detectors, in this order."""
    return taught._replace(evidence=np.ascontiguousarray(taught.evidence[:, list(columns)]))


def of_rows(taught: Lesson, rows: NDArray[np.int64]) -> Lesson:
    """Return a lesson of some of its look-ups."""
    evidence, relief, unexplained, run, case = taught
    return Lesson(evidence[rows], relief[rows], unexplained[rows], run[rows], case[rows])


def learned(*lessons: Lesson) -> Weights:
    """Return what lessons teach, of detectors named a, b and so on."""
    names = "abcdef"[: lessons[0].evidence.shape[1]]
    return learn_weights(lessons, names, "trial", "made up")


@cache
def of_one_ward() -> Weights:
    """Return what the lesson as it stands teaches."""
    return learned(lesson())


def odds(weights: Weights, told: Lesson) -> list[float]:
    """Return the joint evidence of each look-up of a lesson."""
    curves = list(weights.curves.values())
    rows = zip(told.evidence.tolist(), told.relief.tolist(), told.open.tolist(), strict=True)
    return [
        weights.base
        + sum(curve.nats(e) for curve, e in zip(curves, row, strict=True))
        + (weights.open - weights.relief.nats(relief) if is_open else 0.0)
        for row, relief, is_open in rows
    ]


def test_what_is_learned_tells_misuse_of_another_ward_from_its_honest_work() -> None:
    """Nine in ten pairs of the two, at the least, come out in the right order."""
    other = lesson(seed=2)
    told = np.array(odds(of_one_ward(), other))
    honest, misuse = told[other.case < 0], told[other.case >= 0]
    assert float((misuse[:, None] > honest[None, :]).mean()) > 0.9


def test_a_sign_of_misuse_weighs_and_noise_hardly_does() -> None:
    """Evidence is worth what it tells, not what its detector takes it for."""
    sign, noise = of_one_ward().curves.values()
    assert sign.nats(5.0) > 2.0
    assert noise.nats(5.0) < 0.3 * sign.nats(5.0)


def test_every_curve_that_is_learned_rises() -> None:
    """Also where the lesson would have it fall: the noise is turned against misuse here."""
    taught = lesson()
    against = taught.evidence.copy()
    against[taught.case >= 0, NOISE] = 0.0
    weights = learned(taught._replace(evidence=against))
    for curve in weights.curves.values():
        assert curve.nats(0.0) == 0.0
        for (a, b), (low, high) in zip(pairwise(curve.knots), pairwise(curve.values), strict=True):
            assert high - low >= LEAST_NATS_A_NAT * (b - a) - 2e-3
    relief = weights.relief
    assert all(low <= high for low, high in pairwise(relief.values))
    assert relief.nats(0.0) == 0.0


def test_what_speaks_for_honest_work_and_what_no_case_explains_are_learned_too() -> None:
    """Relief lowers, an open look-up raises: so the lesson was made."""
    assert of_one_ward().relief.nats(3.0) > 0.5
    assert of_one_ward().open > 0.3


def test_evidence_that_two_detectors_share_is_not_counted_twice() -> None:
    """Two that see the same weigh together about what one alone weighs."""
    taught = lesson()
    (alone,) = learned(of_columns(taught, SIGN)).curves.values()
    both = learned(of_columns(taught, SIGN, SIGN)).curves.values()
    for evidence in (2.0, 4.0, 6.0, 8.0):
        together = sum(curve.nats(evidence) for curve in both)
        assert together == pytest.approx(alone.nats(evidence), rel=0.1, abs=0.15)
    halves = [curve.nats(6.0) for curve in both]
    assert halves[0] == pytest.approx(halves[1], abs=0.05)


def test_evidence_of_two_detectors_that_differ_adds_up() -> None:
    """Two witnesses of their own weigh more than the one that is heard alone."""
    taught = lesson()
    also = taught.evidence.copy()
    also[taught.case >= 0, NOISE] *= 4.0
    first, second = learned(taught._replace(evidence=also)).curves.values()
    (alone,) = learned(of_columns(taught, SIGN)).curves.values()
    assert first.nats(6.0) + second.nats(6.0) > alone.nats(6.0) + 0.5


def test_the_same_lessons_teach_the_same() -> None:
    """To the last digit: weights can be made again."""
    assert learned(lesson()) == of_one_ward()
    assert learned(lesson(seed=2)) != of_one_ward()


def test_a_case_of_hundreds_is_one_case() -> None:
    """Cases whose look-ups come fifty times over teach what they taught once."""
    taught = lesson()
    misuse = taught.case >= 0
    often = np.concatenate([np.flatnonzero(~misuse), np.repeat(np.flatnonzero(misuse), 50)])
    many = learned(of_rows(taught, often))
    assert many.base == pytest.approx(of_one_ward().base, abs=0.2)
    for name, curve in of_one_ward().curves.items():
        for evidence in (2.0, 5.0, 8.0):
            assert many.curve(name).nats(evidence) == pytest.approx(curve.nats(evidence), abs=0.2)


def test_a_ward_without_misuse_teaches_what_is_honest() -> None:
    """It is no error, and adds no case."""
    taught = lesson(seed=3)
    weights = learned(lesson(), of_rows(taught, np.flatnonzero(taught.case < 0)))
    assert weights.base < 0.0
    assert weights.curve("a").nats(5.0) > 2.0


def test_what_two_signs_say_together_is_learned_where_no_sum_of_curves_can_tell() -> None:
    """Misuse shows either of two signs and never both: that is for a table to say."""
    random = np.random.default_rng(3)
    shown = random.random((4000, 2)) < 0.5
    misuse = shown[:, 0] != shown[:, 1]
    case = np.where(misuse, np.arange(4000) % 80, -1).astype(np.int32)
    nothing = np.zeros(4000, np.float32)
    evidence = np.where(shown, 3.0, 0.0).astype(np.float32)
    taught = Lesson(evidence, nothing, nothing > 0.0, nothing, case)
    weights = learned(taught)
    tables = Tables(weights.tables, weights.most_together_nats)

    def together(first: float, second: float) -> float:
        return tables.nats(tables.answers("a", first) | tables.answers("b", second))

    either = min(together(3.0, 0.0), together(0.0, 3.0))
    assert either > max(together(0.0, 0.0), together(3.0, 3.0)) + 2.0
    assert max(abs(together(a, b)) for a in (0.0, 3.0) for b in (0.0, 3.0)) <= 2.5
