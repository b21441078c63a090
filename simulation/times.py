"""Wall-clock arithmetic in integers: Japan has one offset all year, so local time is enough."""

from __future__ import annotations

from datetime import date
from functools import lru_cache

DAY_MS = 86_400_000
_EPOCH = date(1970, 1, 1).toordinal()


def wall_ms(day: date, second_s: float = 0.0) -> int:
    """Return the local milliseconds of a second of a day (it may lie past midnight)."""
    return (day.toordinal() - _EPOCH) * DAY_MS + int(second_s * 1000)


def day_of(at_ms: int) -> date:
    """Return the local day of a local instant."""
    return date.fromordinal(_EPOCH + at_ms // DAY_MS)


@lru_cache(maxsize=8192)
def _day_text(day_number: int) -> str:
    return date.fromordinal(_EPOCH + day_number).isoformat()


def rfc3339(at_ms: int) -> str:
    """Return a local instant as RFC 3339 with milliseconds and Japan's offset.

    >>> rfc3339(wall_ms(date(2014, 10, 21), 36_192.123))
    '2014-10-21T10:03:12.123+09:00'
    """
    day_number, rest = divmod(at_ms, DAY_MS)
    second, ms = divmod(rest, 1000)
    minute, second = divmod(second, 60)
    hour, minute = divmod(minute, 60)
    return f"{_day_text(day_number)}T{hour:02}:{minute:02}:{second:02}.{ms:03}+09:00"


def clock(hour: int, minute: int = 0) -> int:
    """Return the second of the day of a wall-clock time."""
    return hour * 3600 + minute * 60
