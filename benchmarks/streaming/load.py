"""The look-ups that all are measured on: a ward of 2,000, in order, without presence records."""

from __future__ import annotations

import gzip
from bisect import bisect_right
from collections.abc import Iterable
from itertools import accumulate, islice
from pathlib import Path
from typing import NamedTuple

from benchmarks.detection.wards import AskedWard, Size, make_ward, ward_folder
from schemas.access import AccessQuery
from schemas.lines import read_records
from streams.producer import Pace

OPERATORS, RESIDENTS, LOOK_UPS_A_DAY = 2000, 200_000, 29_000
"""So many look-ups on a day of a week of five days, seven days counted."""

_QUERIES = "access.queries.jsonl.gz"


class Load(NamedTuple):
    """Hold where a ward's look-ups and its context lie; `times_s` are the look-ups', in order.

    Sign-ins and door readers are left out, for peers and Monomi alike: a second topic that
    keeps pace with the first is not what a peer's guide shows.
    """

    look_ups: Path
    context: Path
    times_s: list[float]

    def at_rate(self, rate: float) -> Pace:
        """Return the pace at which each next look-up is due `1 / rate` seconds later."""
        return even_pace(self.times_s, rate)


def even_pace(times_s: list[float], rate: float) -> Pace:
    """Return the pace at which each next event is due `1 / rate` seconds after the one before."""
    first_s = times_s[0]
    return lambda event_s: bisect_right(times_s, first_s + event_s) / rate


def loads_of(cache: Path, *parts: int) -> list[Load]:
    """Return loads that follow one another, each of so many look-ups of one ward.

    The ward is simulated once and kept; raises as `make_ward` does.
    """
    days = max(10, -(-sum(parts) // LOOK_UPS_A_DAY) + 2)
    ward = AskedWard("own", 1, Size(days, OPERATORS, RESIDENTS))
    folder = ward_folder(cache, ward)
    make_ward(folder, ward)
    loads = []
    with gzip.open(folder / _QUERIES) as lines:
        for first, count in zip(accumulate(parts, initial=0), parts, strict=False):
            chosen = folder / f"{first}-{first + count}" / _QUERIES
            _keep(chosen, islice(lines, count))
            times_s = [event.at_s for event in read_records(chosen, AccessQuery)]
            loads.append(Load(chosen, folder / "context", times_s))
    return loads


def _keep(chosen: Path, lines: Iterable[bytes]) -> None:
    chosen.parent.mkdir(exist_ok=True)
    with gzip.open(chosen, "wb", 1) as kept:
        kept.writelines(lines)
