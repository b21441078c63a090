"""Learn decision tables on what the curves leave: see `models.tables` for how they are used."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit

from models.tables import QUESTIONS, Table

_TABLES = 60
_STEP = 0.15
"""A table corrects so much of what it sees, and leaves the rest to others."""
_RIDGE = 5.0
_SEEN_ROWS, _SEEN_SIGNS = 0.7, 0.5
"""A table is learned on so many of the look-ups and signs, by lot: no one of them rules all."""
_BOUNDS = 31
"""At most so many bounds of a sign are tried."""
_SEED = 0

Numbers = NDArray[np.float64]
Places = NDArray[np.int64]


class _Sign(NamedTuple):
    """Hold one sign of all look-ups: the bounds that may be asked, and between which each lies."""

    name: str
    bounds: NDArray[np.float64]
    places: Places


def learn_tables(
    signs: NDArray[np.float32],
    names: Sequence[str],
    misuse: Numbers,
    shares: Numbers,
    odds: Numbers,
) -> tuple[Table, ...]:
    """Return tables that correct the log odds of misuse; the same look-ups, the same tables.

    `signs` has a row a look-up and a column a name; `shares` is what a look-up weighs. Source:
    Friedman, "Stochastic gradient boosting", 2002; second order as in Chen and Guestrin,
    "XGBoost", 2016.
    """
    lot, odds, tables = np.random.default_rng(_SEED), odds.copy(), []
    cut = [_cut(name, column) for name, column in zip(names, signs.T, strict=True)]
    for _ in range(_TABLES):
        held = expit(odds)
        pull, weight = (held - misuse) * shares, held * (1.0 - held) * shares
        rows = np.flatnonzero(lot.random(len(odds)) < _SEEN_ROWS)
        tried = lot.permutation(len(cut))[: max(1, int(len(cut) * _SEEN_SIGNS))]
        asked = _asked([cut[n] for n in sorted(tried)], rows, pull[rows], weight[rows])
        if not asked:
            continue
        answers = _answers(asked)
        sides = 1 << QUESTIONS
        pulls = np.bincount(answers[rows], pull[rows], sides)
        weights = np.bincount(answers[rows], weight[rows], sides)
        millinats = np.rint(-1000.0 * _STEP * pulls / (weights + _RIDGE))
        odds += millinats[answers] / 1000.0
        tables.append(
            Table(
                tuple(sign.name for sign, _ in asked),
                tuple(round(float(sign.bounds[bound]), 4) for sign, bound in asked),
                tuple(int(value) for value in millinats),
            )
        )
    return tuple(tables)


def _cut(name: str, column: NDArray[np.float32]) -> _Sign:
    """Return a sign between bounds that lie midway between values seen, or between quantiles."""
    shown = column[column != 0.0].astype(np.float64).round(3)
    values = np.unique(shown)
    if len(values) > _BOUNDS:
        values = np.unique(np.quantile(shown, np.linspace(0.0, 1.0, _BOUNDS)))
    values = np.unique(np.append(values, 0.0))
    bounds = ((values[1:] + values[:-1]) / 2).round(4)
    return _Sign(name, bounds, np.searchsorted(bounds, column).astype(np.int64))


def _asked(
    cut: Sequence[_Sign], rows: Places, pull: Numbers, weight: Numbers
) -> list[tuple[_Sign, int]]:
    """Return the questions that tell most, one after another; all answers get the same next one.

    None where no sign has anything to ask for.
    """
    asked: list[tuple[_Sign, int]] = []
    node = np.zeros(len(rows), np.int64)
    for depth in range(QUESTIONS):
        told = [_told(sign, node, 1 << depth, rows, pull, weight) for sign in cut]
        place = max(range(len(cut)), key=told.__getitem__)
        sign, (gain, bound) = cut[place], told[place]
        if gain < 0.0:
            return []
        asked.append((sign, bound))
        node = 2 * node + (sign.places[rows] > bound)
    return asked


def _told(
    sign: _Sign, node: Places, nodes: int, rows: Places, pull: Numbers, weight: Numbers
) -> tuple[float, int]:
    """Return how much the best question about one sign tells, and its bound's place."""
    places = len(sign.bounds) + 1
    if places < 2:
        return -1.0, 0
    cell, cells = node * places + sign.places[rows], nodes * places
    pulls = np.bincount(cell, pull, cells).reshape(nodes, places).cumsum(1)
    weights = np.bincount(cell, weight, cells).reshape(nodes, places).cumsum(1)
    all_pull, all_weight = pulls[:, -1:], weights[:, -1:]
    no, yes = pulls[:, :-1], all_pull - pulls[:, :-1]
    gain = (
        no**2 / (weights[:, :-1] + _RIDGE)
        + yes**2 / (all_weight - weights[:, :-1] + _RIDGE)
        - all_pull**2 / (all_weight + _RIDGE)
    ).sum(0)
    best = int(gain.argmax())
    return max(0.0, float(gain[best])), best


def _answers(asked: Sequence[tuple[_Sign, int]]) -> Places:
    answers: Places = np.zeros(1, np.int64)
    for sign, bound in asked:
        answers = 2 * answers + (sign.places > bound)
    return answers
