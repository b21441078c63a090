"""How much of a sparse histogram lies above a bin."""

from __future__ import annotations

from itertools import accumulate


class Tails:
    """Say how much of a histogram lies in a bin and above.

    >>> tails = Tails({0: 5.0, 3: 2.0})
    >>> tails.total, tails.reaching(1), tails.reaching(4)
    (7.0, 2.0, 0.0)
    """

    def __init__(self, histogram: dict[int, float]) -> None:
        highest = max(histogram, default=0)
        weights = (histogram.get(place, 0.0) for place in range(highest, -1, -1))
        self._sums = list(accumulate(weights))[::-1]
        self.total = self._sums[0]

    def reaching(self, place: int) -> float:
        """Return the weight of a bin and all above it."""
        return self._sums[place] if place < len(self._sums) else 0.0
