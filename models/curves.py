"""From a sparse histogram to what an evidence weighs: shares that reach it, bin by bin."""

from __future__ import annotations

from bisect import bisect_left
from itertools import accumulate
from math import exp, log

from models.tails import SHAPE
from models.tally import EVIDENCE_BIN_NATS

_TAIL_DECAY = 0.5
"""Beyond what was ever seen, a detector's own reckoning is half trusted."""


class Tails:
    """Say how much of a histogram lies in a bin and above.

    >>> tails = Tails({0: 5.0, 3: 2.0})
    >>> tails.total, tails.reaching(1), tails.reaching(4)
    (7.0, 2.0, 0.0)
    """

    def __init__(self, histogram: dict[int, float]) -> None:
        self._bins = sorted(histogram)
        sums = list(accumulate(histogram[place] for place in reversed(self._bins)))
        self._sums = [*reversed(sums), 0.0]
        self.total = self._sums[0]

    def reaching(self, place: int) -> float:
        """Return the weight of a bin and all above it."""
        return self._sums[bisect_left(self._bins, place)]


class Curve:
    """Turn bins of evidence into minus ln of the share that reaches them; never falls.

    A cohort's share is the ward's until it has shown otherwise: a Gamma prior of the ward's
    mean and SHAPE happenings, so that a small cohort that has seen none of what is rare
    everywhere does not take it for rarer still.
    """

    def __init__(self, tails: Tails, total: float, above: Curve | None) -> None:
        self._tails = tails
        self._total = total
        self._above = above
        self._known: dict[int, float] = {}

    def nats(self, place: int) -> float:
        """Return what a bin's lower end weighs."""
        nats = self._known.get(place)
        if nats is None:
            prior = _TAIL_DECAY * place * EVIDENCE_BIN_NATS
            if self._above is not None:
                prior = self._above.nats(place)
            share = (self._tails.reaching(place) + SHAPE) / (self._total + SHAPE * exp(prior))
            nats = self._known[place] = max(0.0, -log(min(1.0, share)))
        return nats
