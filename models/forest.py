"""The River forests: one a cohort, learned from the window of vectors that a snapshot names.

A HalfSpaceTrees judges by the masses of its last full window only, so a forest that learns
just that window, from the same seed, scores like one that has run all along: a snapshot
carries vectors, never a pickle. It is built once and then only read.
"""

from __future__ import annotations

from functools import lru_cache

from river.anomaly import HalfSpaceTrees

WINDOW = 250
LEVELS = 7
"""A feature's steps: coarse, so that most look-ups of a desk have been scored before."""
FEATURES = ("hour", "closed", "rate", "day", "new_pair", "uncovered", "print", "function")
"""The vector's parts, each in [0, 1]; the trees fix them at the first look-up they learn."""

_TREES, _HEIGHT, _SEED = 5, 6, 20141021
_MOST_KNOWN = 50_000


class Forest:
    """Score vectors by the half-space trees that one full window has taught."""

    def __init__(self, vectors: tuple[bytes, ...]) -> None:
        self._trees = HalfSpaceTrees(n_trees=_TREES, height=_HEIGHT, window_size=WINDOW, seed=_SEED)
        for vector in vectors[:WINDOW]:
            self._trees.learn_one(unpacked(vector))
        self._known: dict[bytes, float] = {}

    def score(self, vector: bytes) -> float:
        """Return River's anomaly score of a vector, 0 to 1."""
        score = self._known.get(vector)
        if score is None:
            score = self._trees.score_one(unpacked(vector))
            if len(self._known) < _MOST_KNOWN:
                self._known[vector] = score
        return score


@lru_cache(maxsize=512)
def forest_of(vectors: tuple[bytes, ...]) -> Forest | None:
    """Return the forest that one full window of vectors teaches; None before it is full."""
    return Forest(vectors) if len(vectors) >= WINDOW else None


def packed(parts: tuple[float, ...]) -> bytes:
    """Return a vector of parts from 0 on as bytes: what is scored is what can be learned."""
    return bytes([LEVELS if part >= 1.0 else int(LEVELS * part) for part in parts])


def unpacked(vector: bytes) -> dict[str, float]:
    """Return the features that River learns and scores, in [0, 1]."""
    return {name: value / LEVELS for name, value in zip(FEATURES, vector, strict=True)}
