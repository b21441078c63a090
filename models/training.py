"""Learn what evidence weighs, from judged look-ups of wards whose misuse is known.

An additive logistic model: each detector's evidence goes through a curve of straight lines that
may only rise, the curves add up, and all are fitted together, so that what two detectors share
is shared out between them. What they leave goes into decision tables (`models.boosting`). See
`models.weights` for how both are used.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from scipy.special import expit

from models.boosting import learn_tables
from models.tables import SIGNS_BESIDE_DETECTORS, Table
from models.weights import LEAST_NATS_A_NAT, Curve, Weights

KNOTS = (0.0, 0.5, 1.0, 1.5, 2.0, 3.0, 4.0, 5.0, 6.0, 8.0, 10.0, 14.0)
RELIEF_KNOTS = (-6.0, -4.0, -2.5, -1.5, -1.0, -0.5, 0.0, 0.5, 1.0, 1.5, 2.0, 3.0, 5.0)
_RIDGE = 1.0
"""Smooths the curves: the square of each step costs so much."""
_HONEST_WEIGHT = 1e5
"""What a ward's honest look-ups weigh together, however many they are."""
_CASE_WEIGHT, _MOST_WEIGHT = 60.0, 20.0
"""What a case weighs, and at most one of its look-ups: a case of hundreds is one case."""

_MOST_TOGETHER_NATS = 2.5
"""Signs together correct what each weighs alone, and never outweigh a strong one."""

Numbers = NDArray[np.float64]


class Lesson(NamedTuple):
    """Hold one ward's judged look-ups.

    `evidence` has a row a look-up and a column a detector; `relief` is what speaks for the
    operator, `open` whether no case covers it, `run` its place in a run of such; `case` is the
    index of the case of misuse that a look-up belongs to, -1 for honest ones.
    """

    evidence: NDArray[np.float32]
    relief: NDArray[np.float32]
    open: NDArray[np.bool_]
    run: NDArray[np.float32]
    case: NDArray[np.int32]


def learn_weights(
    lessons: Sequence[Lesson], detectors: Sequence[str], name: str, learned_on: str
) -> Weights:
    """Return the weights that tell misuse from honest work best; the same lessons, the same.

    Source: Hastie and Tibshirani, "Generalized Additive Models", 1986; the bounds keep each
    curve rising (L-BFGS-B: Byrd, Lu, Nocedal and Zhu, 1995).
    """
    steps = np.vstack([_steps(lesson) for lesson in lessons])
    misuse = np.concatenate([lesson.case >= 0 for lesson in lessons]).astype(np.float64)
    shares = np.concatenate([_shares(lesson.case) for lesson in lessons])
    least = _least(len(detectors))

    def loss(values: Numbers) -> tuple[float, Numbers]:
        odds = (steps @ values[1:].astype(np.float32)).astype(np.float64) + values[0]
        surprise = float((shares * (np.logaddexp(0.0, odds) - misuse * odds)).sum())
        pull = (expit(odds) - misuse) * shares
        slope = steps.T @ pull.astype(np.float32) + 2 * _RIDGE * values[1:]
        ridge = _RIDGE * float((values[1:] ** 2).sum())
        return surprise + ridge, np.concatenate(([pull.sum()], slope))

    start = np.concatenate(([-7.0], least[:-1] + 0.03, [1.0]))
    bounds = [(None, None), *((low, None) for low in least)]
    found = minimize(
        loss, start, jac=True, method="L-BFGS-B", bounds=bounds, options={"maxiter": 250}
    )
    left = (steps @ found.x[1:].astype(np.float32)).astype(np.float64) + found.x[0]
    signs = np.vstack([_signs(lesson) for lesson in lessons])
    names = (*detectors, *SIGNS_BESIDE_DETECTORS)
    tables = learn_tables(signs, names, misuse, shares, left)
    return _weights(found.x, detectors, tables, name, learned_on)


def _signs(lesson: Lesson) -> NDArray[np.float32]:
    """Return the signs that tables ask for, in the order of their names."""
    beside = (lesson.relief, lesson.open.astype(np.float32), lesson.run)
    return np.column_stack((lesson.evidence, *beside))


def _steps(lesson: Lesson) -> NDArray[np.float32]:
    """Return how far each look-up climbs each straight line: 0 below it, 1 above it."""
    columns = [_climbed(column, KNOTS) for column in lesson.evidence.T]
    columns.append(-_climbed(lesson.relief, RELIEF_KNOTS))
    columns.append(lesson.open[:, None].astype(np.float32))
    return np.hstack(columns)


def _climbed(column: NDArray[np.float32], knots: Sequence[float]) -> NDArray[np.float32]:
    low, high = np.array(knots[:-1]), np.array(knots[1:])
    climbed: Numbers = np.clip((column[:, None] - low) / (high - low), 0.0, 1.0)
    return climbed.astype(np.float32)


def _shares(case: NDArray[np.int32]) -> Numbers:
    """Return what each look-up weighs: all honest ones of a ward together, and each case, alike."""
    honest = case < 0
    shares = np.full(len(case), _HONEST_WEIGHT / max(1, int(honest.sum())))
    if not honest.all():
        sizes = np.bincount(case[~honest])
        each = np.minimum(_MOST_WEIGHT, _CASE_WEIGHT / np.maximum(sizes, 1))
        shares[~honest] = each[case[~honest]] * (_HONEST_WEIGHT / max(1, int(honest.sum())))
    return shares


def _least(detectors: int) -> Numbers:
    """Return the least that each step may weigh: relief may weigh nothing, being open less."""
    steps = np.tile(LEAST_NATS_A_NAT * np.diff(KNOTS), detectors)
    return np.concatenate((steps, np.zeros(len(RELIEF_KNOTS) - 1), [-9.0]))


def _weights(
    values: Numbers,
    detectors: Sequence[str],
    tables: tuple[Table, ...],
    name: str,
    learned_on: str,
) -> Weights:
    steps, curves, place = len(KNOTS) - 1, {}, 1
    for detector in detectors:
        curves[detector] = Curve(KNOTS, _summed(values[place : place + steps]))
        place += steps
    relief = _summed(values[place:-1])
    even = relief[RELIEF_KNOTS.index(0.0)]  # what speaks neither for nor against weighs nothing
    return Weights(
        name,
        learned_on,
        round(float(values[0]) - even, 3),
        round(float(values[-1]), 3),
        Curve(RELIEF_KNOTS, tuple(round(value - even, 3) for value in relief)),
        curves,
        _MOST_TOGETHER_NATS,
        tables,
    )


def _summed(steps: Numbers) -> tuple[float, ...]:
    return (0.0, *(round(float(value), 3) for value in np.cumsum(steps)))
