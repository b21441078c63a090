"""Which functions an operator uses: learned run by run, each run only if it fits the person.

A run of look-ups under somebody else's hands must not teach the account what is normal
(ungated learning costs a good detector a third of its finds on a public masquerade log), so
counts wait in a run until the run as a whole has been judged.
"""

from __future__ import annotations

from math import log
from zlib import crc32

import msgspec

RUN = 100
"""Look-ups in a run."""
_RUNS_BEFORE_JUDGING = 3
_LEAST_MEAN_NATS = -0.8
"""A run that is this much likelier from others, a look-up, is not learned."""
_MOST_REFUSED = 20
"""So many runs in a row are a change of work: no attack in the public logs lasts as long."""
_MOST_FUNCTIONS = 96
_MOST_COUNTS = 16_384
_ALPHA = 0.02
"""What a function counts that was never used: Maxion and Townsend (DSN 2002) take 0.01."""
CLIP_NATS = 9.0


class Repertoire(msgspec.Struct, array_like=True):
    """Hold counts by function (a hash), the open run, and how many runs were learned, refused."""

    total: int = 0
    counts: dict[int, int] = msgspec.field(default_factory=dict)
    run: dict[int, int] = msgspec.field(default_factory=dict)
    run_length: int = 0
    run_nats: float = 0.0
    runs: int = 0
    refused: int = 0

    def nats(self, function: str, others: float, others_total: float, kinds: int) -> float:
        """Return how much likelier a function is from this person than from others, clipped.

        `others` counts the function among others' `others_total` look-ups of so many `kinds`.
        """
        seen = self.counts.get(crc32(function.encode()), 0) + _ALPHA
        ratio = log(
            seen
            / (self.total + _ALPHA * kinds)
            * (others_total + _ALPHA * kinds)
            / (others + _ALPHA)
        )
        return max(-CLIP_NATS, min(CLIP_NATS, ratio))

    def share(self, function: str) -> float:
        """Return the share of a function among those learned; 0 before any was."""
        if not self.total:
            return 0.0
        return self.counts.get(crc32(function.encode()), 0) / self.total

    def note(self, function: str, nats: float | None) -> None:
        """Count a look-up's function in the open run; `nats` None before others are known."""
        key = crc32(function.encode())
        self.run[key] = self.run.get(key, 0) + 1
        self.run_length += 1
        self.run_nats += nats or 0.0
        if self.run_length >= RUN:
            self._close_run(judged=nats is not None)

    def _close_run(self, *, judged: bool) -> None:
        fits = self.run_nats >= _LEAST_MEAN_NATS * self.run_length
        new = self.runs < _RUNS_BEFORE_JUDGING or not judged
        if fits or new or self.refused >= _MOST_REFUSED:
            self._learn()
        else:
            self.refused += 1
        self.run = {}
        self.run_length, self.run_nats = 0, 0.0

    def _learn(self) -> None:
        self.refused = 0
        self.runs += 1
        counts = self.counts
        for key, count in self.run.items():
            counts[key] = counts.get(key, 0) + count
        self.total += self.run_length
        if len(counts) > _MOST_FUNCTIONS:
            rarest = sorted(counts, key=lambda k: (counts[k], k))
            for key in rarest[: len(counts) - _MOST_FUNCTIONS]:
                self.total -= counts.pop(key)
        if self.total > _MOST_COUNTS:
            self.fade(2)

    def fade(self, divisor: int) -> None:
        """Let what was learned weigh less: a habit of long ago, or of former work."""
        self.counts = {key: left for key, n in self.counts.items() if (left := n // divisor)}
        self.total = sum(self.counts.values())
