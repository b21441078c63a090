"""On which days an operator looked up a resident: kept to be shown, judged by never.

Most pairs have one day, of which the pair itself tells all; the others have a record beside.
"""

from __future__ import annotations

from struct import Struct
from typing import NamedTuple

from models.pairs import EPOCH_DAY, Pair

MOST_DAYS = 50
"""Of more the newest are kept, and the first, which the pair remembers."""

_VERSION = bytes((1,))
_DAY = Struct("<HBB")
_MOST = 255


class OfDay(NamedTuple):
    """Count a pair's look-ups on one day, up to 255, and those of them that a case covers.

    0 look-ups: there were some, before days were counted or kept.
    """

    look_ups: int = 0
    covered: int = 0


def days_of(pair: Pair, record: bytes | None) -> dict[int, OfDay]:
    """Return a pair's days; `record` is what is kept beside the pair."""
    if pair.first_day == pair.last_day:
        return {pair.first_day: OfDay(min(pair.look_ups, _MOST), pair.covered)}
    known = (pair.first_day, pair.first_open_day, pair.last_open_day, pair.last_day)
    days = {day: OfDay() for day in known if day}
    for day, look_ups, covered in _DAY.iter_unpack(record[1:] if record else b""):
        if day + EPOCH_DAY >= pair.first_day:  # else of a pair that was forgotten since
            days[day + EPOCH_DAY] = OfDay(look_ups, covered)
    return days


def with_look_up(pair: Pair | None, record: bytes | None, day: int, *, covered: bool) -> bytes:
    """Return the record after one more look-up; `pair` is the memory before it."""
    days = {} if pair is None else days_of(pair, record)
    look_ups, of_them = days.get(day, OfDay())
    days[day] = OfDay(min(look_ups + 1, _MOST), min(of_them + covered, _MOST))
    return _packed(days)


def with_case(pair: Pair, record: bytes | None, day: int) -> bytes:
    """Return the record after a case has explained a look-up of a day after all."""
    days = days_of(pair, record)
    look_ups, covered = days.get(day, OfDay())
    if look_ups:
        days[day] = OfDay(look_ups, min(covered + 1, look_ups))
    return _packed(days)


def _packed(days: dict[int, OfDay]) -> bytes:
    newest = sorted(days.items())[-MOST_DAYS:]
    return _VERSION + b"".join(_DAY.pack(day - EPOCH_DAY, *counts) for day, counts in newest)
