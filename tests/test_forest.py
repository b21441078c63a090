"""Forests: counted by levels, scored as River's own half-space trees score."""

from __future__ import annotations

import random

from river.anomaly import HalfSpaceTrees

from models.forest import FEATURES, LEVELS, WINDOW, Forest


def test_a_forest_scores_like_the_trees_of_river() -> None:
    draw = random.Random(7)
    crowded = [bytes(draw.choice((0, 0, 3, LEVELS)) for _ in FEATURES) for _ in range(12)]
    window = [draw.choice(crowded) for _ in range(WINDOW - 50)]
    window += [bytes(draw.randint(0, LEVELS) for _ in FEATURES) for _ in range(50)]
    trees = HalfSpaceTrees(n_trees=5, height=6, window_size=WINDOW, seed=20141021)
    for vector in window:
        trees.learn_one(_unpacked(vector))
    forest = Forest(tuple(window))
    for vector in window + [bytes([level] * len(FEATURES)) for level in range(LEVELS + 1)]:
        assert forest.score(vector) == trees.score_one(_unpacked(vector))


def _unpacked(vector: bytes) -> dict[str, float]:
    return {name: value / LEVELS for name, value in zip(FEATURES, vector, strict=True)}
