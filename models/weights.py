"""What evidence weighs: one learned curve a detector, added up, and what they say together.

A detector reckons how rare a thing is by itself. How much that tells misuse from honest work,
and how much of it another detector has told already, is learned: an additive logistic model
(Hastie and Tibshirani, "Generalized Additive Models", 1986) whose curves may only rise. Two
detectors that see the same thing share its weight instead of counting it twice.
"""

from __future__ import annotations

from bisect import bisect_right
from functools import lru_cache
from importlib.resources import files
from math import log1p
from pathlib import Path

import msgspec

from models.tables import Table

LEAST_NATS_A_NAT = 0.03
"""Just beyond the last knot, and nowhere less before: more evidence always weighs more."""


class Curve(msgspec.Struct, frozen=True):
    """Hold what evidence weighs, in nats, by straight lines between knots.

    >>> Curve((0.0, 2.0), (0.0, 3.0)).nats(1.0)
    1.5
    >>> round(Curve((0.0, 2.0), (0.0, 3.0)).nats(12.0), 3)
    3.072
    """

    knots: tuple[float, ...]
    values: tuple[float, ...]

    def nats(self, evidence: float) -> float:
        """Return what an evidence weighs."""
        knots, values = self.knots, self.values
        place = bisect_right(knots, evidence)
        if place == len(knots):
            # Ever more slowly: nobody has seen what is so rare.
            return values[-1] + LEAST_NATS_A_NAT * log1p(evidence - knots[-1])
        if place == 0:
            return values[0]
        low, left = knots[place - 1], values[place - 1]
        return left + (values[place] - left) * (evidence - low) / (knots[place] - low)


FLAT = Curve((0.0,), (0.0,))
"""What a detector weighs that the weights do not name."""


class Weights(msgspec.Struct, frozen=True):
    """Hold a learned joint evidence: a base, `open` for what no case explains, and curves.

    `relief` is by how much evidence for the operator lowers the sum; `tables` say what signs
    say together, at most `most_together_nats` either way; `learned_on` names what the weights
    were learned on.
    """

    name: str
    learned_on: str
    base: float
    open: float
    relief: Curve
    curves: dict[str, Curve]
    most_together_nats: float = 0.0
    tables: tuple[Table, ...] = ()

    def curve(self, detector: str) -> Curve:
        """Return a detector's curve."""
        return self.curves.get(detector, FLAT)


@lru_cache(maxsize=1)
def builtin_weights() -> Weights:
    """Return the weights that the product ships."""
    return decode_weights(files("models").joinpath("builtin_weights.json").read_bytes())


def weights_in(path: Path) -> Weights:
    """Return the weights in a file."""
    return decode_weights(path.read_bytes())


decode_weights = msgspec.json.Decoder(Weights).decode
