"""The River forests: one a cohort, learned from the window of vectors that a snapshot names.

A HalfSpaceTrees judges by the masses of its last full window only, so a forest that learns
just that window, from the same seed, scores like one that has run all along: a snapshot
carries vectors, never a pickle. It is built once and then only read.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from river.anomaly import HalfSpaceTrees

WINDOW = 250
LEVELS = 7
"""A feature's steps: coarse, so that most look-ups of a desk have been scored before."""
FEATURES = ("hour", "closed", "rate", "day", "new_pair", "uncovered", "print", "function")
"""The vector's parts, each in [0, 1]; the trees fix them at the first look-up they learn."""

_TREES, _HEIGHT, _SEED = 5, 6, 20141021
_MOST_SCORE = _TREES * WINDOW * (2 ** (_HEIGHT + 1) - 1)
_FEW = 0.1 * WINDOW
_MOST_KNOWN = 50_000


class Forest:
    """Score vectors by the half-space trees that one full window has taught.

    River draws the trees, the same ones from the same seed; how many vectors of the window passed
    each node is counted here, as River does (a test holds both together), but by levels in place
    of floats and names: ten times as fast.
    """

    def __init__(self, vectors: tuple[bytes, ...]) -> None:
        self._trees = [(splits, _masses(splits, vectors[:WINDOW])) for splits in _drawn()]
        self._known: dict[bytes, float] = {}

    def score(self, vector: bytes) -> float:
        """Return River's anomaly score of a vector, 0 to 1."""
        score = self._known.get(vector)
        if score is None:
            score = 1 - sum(_depths(*tree, vector) for tree in self._trees) / _MOST_SCORE
            if len(self._known) < _MOST_KNOWN:
                self._known[vector] = score
        return score


_Splits = list[tuple[int, int]]
"""A tree's splits, children of the i-th at 2i + 1 and 2i + 2: a part, the first level right."""


@lru_cache(maxsize=1)
def _drawn() -> tuple[_Splits, ...]:
    """Return the trees that River draws when it learns its first vector."""
    trees = HalfSpaceTrees(n_trees=_TREES, height=_HEIGHT, window_size=WINDOW, seed=_SEED)
    trees.learn_one(dict.fromkeys(FEATURES, 0.0))
    return tuple(_splits_of(root) for root in trees.trees)


def _splits_of(root: Any) -> _Splits:
    nodes, splits = [root], []
    for place in range(2**_HEIGHT - 1):
        node = nodes[place]
        nodes.extend(node.children)
        first_right = sum(level / LEVELS < node.threshold for level in range(LEVELS + 1))
        splits.append((FEATURES.index(node.feature), first_right))
    return splits


def _masses(splits: _Splits, vectors: tuple[bytes, ...]) -> list[int]:
    """Return how many vectors pass each node."""
    masses = [0] * (2 * len(splits) + 1)
    for vector in vectors:
        node = 0
        for _ in range(_HEIGHT):
            masses[node] += 1
            part, level = splits[node]
            node = 2 * node + 1 + (vector[part] >= level)
        masses[node] += 1
    return masses


def _depths(splits: _Splits, masses: list[int], vector: bytes) -> int:
    """Return the masses on a vector's way, each doubled by its depth, down to where few went."""
    node, total = 0, 0
    for depth in range(_HEIGHT):
        mass = masses[node]
        total += mass << depth
        if mass < _FEW:
            return total
        part, level = splits[node]
        node = 2 * node + 1 + (vector[part] >= level)
    return total + (masses[node] << _HEIGHT)


@lru_cache(maxsize=512)
def forest_of(vectors: tuple[bytes, ...]) -> Forest | None:
    """Return the forest that one full window of vectors teaches; None before it is full."""
    return Forest(vectors) if len(vectors) >= WINDOW else None


def level(part: float) -> int:
    """Return a part from 0 on as a vector's byte: what is scored is what can be learned."""
    return LEVELS if part >= 1.0 else int(LEVELS * part)
