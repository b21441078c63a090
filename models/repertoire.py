"""Which functions an operator uses: learned run by run, each run only if it fits the person.

A run of look-ups under somebody else's hands must not teach the account what is normal
(ungated learning costs a good detector a third of its finds on a public masquerade log), so
counts wait in a run until the run as a whole has been judged.
"""

from __future__ import annotations

from functools import lru_cache
from math import log, sqrt
from zlib import crc32

import msgspec

RUN = 100
"""Look-ups in a run: the window of Schonlau et al. (Statistical Science 2001)."""
_RUNS_BEFORE_JUDGING = 3
_LEAST_MEAN_NATS = -0.25
"""A run that is this much likelier from others, a look-up, by what is fresh, is not learned.

Chosen on imitated logs (`benchmarks/masquerade`), and not flat there: -0.3 found a tenth less on
one log of three, -0.2 a fifth less on one where work changes fast.
The two weights below matter less: 8 to 60 and 10 to 40 look-ups found within a few points.
"""
_MOST_REFUSED = 20
"""So many runs in a row are a change of work: no attack in the public logs lasts as long."""
_MOST_FUNCTIONS = 280
"""Fewer cost finds: people at a command line use one to two hundred."""
_NEW_WORK_DIVISOR = 10
_MOST_COUNTS = 16_384
_KEYS = 0xFFFF
"""Hashes of 16 bits take half the bytes; one in some hundred new functions seems a known one."""
_NEW_WEIGHT = 20.0
"""A function never used counts as its expected share of so many look-ups."""
_OTHERS_ALPHA = 0.5
"""What a function counts that nobody used (Krichevsky and Trofimov, 1981)."""
_BURST_WEIGHT = 20.0
"""So many look-ups weigh long habits, against the run so far, in what a run does next."""
_SAME_HANDS_NATS = 0.3
"""After a refused run the same hands go on more often than not."""
CLIP_NATS = 9.0


class Ratio(msgspec.Struct, frozen=True, gc=False):
    """Hold how much likelier a look-up is from this person than from others, in nats, clipped.

    `fresh` leaves out what the run so far makes likely whoever sits there: the tenth use of a
    function in a run says little that the first did not (Madsen, Kauchak and Elkan, ICML 2005).
    """

    nats: float
    fresh: float


class Repertoire(msgspec.Struct, array_like=True):
    """Hold counts by function (a hash), the open run, and how many runs were learned, refused."""

    total: int = 0
    counts: dict[int, int] = msgspec.field(default_factory=dict)
    run: dict[int, int] = msgspec.field(default_factory=dict)
    run_length: int = 0
    run_nats: float = 0.0
    runs: int = 0
    refused: int = 0
    run_fresh: float = 0.0

    def ratio(self, function: str, others: float, others_total: float, kinds: int) -> Ratio:
        """Return how much likelier a function is from this person than from others.

        `others` counts the function among others' `others_total` look-ups of so many `kinds`.
        A function not used so far is expected between two extremes, as often as from others
        and as any: the geometric mean of both, for some take up what is popular, some not.
        """
        key = _key(function)
        theirs = (others + _OTHERS_ALPHA) / (others_total + _OTHERS_ALPHA * (kinds + 1))
        new = _NEW_WEIGHT * sqrt(theirs / (kinds + 1))
        own = (self.counts.get(key, 0) + new) / (self.total + _NEW_WEIGHT)
        again = self.run.get(key, 0)
        fresh = log((_BURST_WEIGHT * own + again) / (_BURST_WEIGHT * theirs + again))
        return Ratio(_clipped(log(own / theirs)), _clipped(fresh))

    def self_likeness(self, ratio: Ratio) -> float:
        """Return what speaks for this person in a look-up, less where a run was just refused."""
        return _clipped(ratio.fresh - _SAME_HANDS_NATS * (self.refused > 0))

    def share(self, function: str) -> float:
        """Return the share of a function among those learned; 0 before any was."""
        if not self.total:
            return 0.0
        return self.counts.get(_key(function), 0) / self.total

    def note(self, function: str, ratio: Ratio | None) -> None:
        """Count a look-up's function in the open run; `ratio` None before others are known."""
        key, run = _key(function), self.run
        run[key] = run.get(key, 0) + 1
        self.run_length += 1
        if ratio is not None:
            self.run_nats += ratio.nats
            self.run_fresh += ratio.fresh
        if self.run_length >= RUN:
            self._close_run(judged=ratio is not None)

    def _close_run(self, *, judged: bool) -> None:
        fits = self.run_fresh >= _LEAST_MEAN_NATS * self.run_length
        new = self.runs < _RUNS_BEFORE_JUDGING or not judged
        if fits or new or self.refused >= _MOST_REFUSED:
            self._learn()
        else:
            self.refused += 1
        self.run = {}
        self.run_length, self.run_nats, self.run_fresh = 0, 0.0, 0.0

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

    def begin_new_work(self) -> None:
        """Learn the next runs as they come, for the work has changed, and let the old fade."""
        self.fade(_NEW_WORK_DIVISOR)
        self.runs = self.refused = 0

    def fade(self, divisor: int) -> None:
        """Let what was learned weigh less: a habit of long ago, or of former work."""
        self.counts = {key: left for key, n in self.counts.items() if (left := n // divisor)}
        self.total = sum(self.counts.values())


@lru_cache(maxsize=4096)
def _key(function: str) -> int:
    return crc32(function.encode()) & _KEYS


def _clipped(nats: float) -> float:
    if nats > CLIP_NATS:
        return CLIP_NATS
    return nats if nats > -CLIP_NATS else -CLIP_NATS
