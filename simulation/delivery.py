"""How records reach the files: nearly all at once, some late, some twice."""

from __future__ import annotations

from random import Random

from simulation.jobs import Record

_LATE_SHARE = 0.004
_DAYS_LATE_SHARE = 0.02  # of the late ones: a terminal that was off the line over a weekend
_MEAN_DELAY_MS = 6 * 60_000
_DAY_MS = 86_400_000
_DOUBLED_SHARE = 0.002  # a sender that got no answer sends again
_MEAN_REPEAT_MS = 90_000


def as_delivered(rng: Random, records: list[Record]) -> list[Record]:
    """Return records, given in order of `occurred_at` in ms, in the order of their arrival.

    A late one comes minutes after its time, rarely days; a doubled one comes a second time,
    the same object again.
    """
    arrivals: list[tuple[int, int]] = []
    for number, record in enumerate(records):
        at_ms = record["occurred_at"]
        if rng.random() < _LATE_SHARE:
            at_ms += _delay_ms(rng)
        arrivals.append((at_ms, number))
        if rng.random() < _DOUBLED_SHARE:
            arrivals.append((at_ms + int(rng.expovariate(1 / _MEAN_REPEAT_MS)), number))
    arrivals.sort()
    return [records[number] for _, number in arrivals]


def _delay_ms(rng: Random) -> int:
    if rng.random() < _DAYS_LATE_SHARE:
        return int(rng.uniform(0.5, 4.0) * _DAY_MS)
    return 30_000 + int(rng.expovariate(1 / _MEAN_DELAY_MS))
