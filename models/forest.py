"""The River forests: one a cohort, learned from the window of vectors that a snapshot names.

A HalfSpaceTrees judges by the masses of its last full window only, so a forest that learns
just that window, from the same seed, scores like one that has run all along: a snapshot
carries vectors, never a pickle. It is built once and then only read.
"""

from __future__ import annotations

from functools import lru_cache

from river.anomaly import HalfSpaceTrees

WINDOW = 250
FEATURES = ("hour", "closed", "rate", "day", "new_pair", "uncovered", "print", "function")
"""The vector's parts, each in [0, 1]; the trees fix them at the first look-up they learn."""

_TREES, _HEIGHT, _SEED = 5, 6, 20141021


@lru_cache(maxsize=512)
def forest_of(vectors: tuple[bytes, ...]) -> HalfSpaceTrees | None:
    """Return the forest that one full window of vectors teaches; None before it is full."""
    if len(vectors) < WINDOW:
        return None
    forest = HalfSpaceTrees(n_trees=_TREES, height=_HEIGHT, window_size=WINDOW, seed=_SEED)
    for vector in vectors[:WINDOW]:
        forest.learn_one(unpacked(vector))
    return forest


def packed(parts: tuple[float, ...]) -> bytes:
    """Return a vector of parts from 0 on as bytes: what is scored is what can be learned."""
    return bytes([255 if part >= 1.0 else int(255 * part) for part in parts])


def unpacked(vector: bytes) -> dict[str, float]:
    """Return the features that River learns and scores, in [0, 1]."""
    return {name: value / 255 for name, value in zip(FEATURES, vector, strict=True)}
