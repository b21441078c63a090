"""Tell the office's days: which are worked, how full they are, what season it is."""

from __future__ import annotations

from datetime import date, datetime, timedelta, timezone
from functools import lru_cache

import holidays

JST = timezone(timedelta(hours=9))
START = date(2024, 12, 2)
MINUTE_S = 60.0
HOUR_S = 3_600.0
DAY_S = 86_400.0
APRIL = date(2025, 4, 1)
FILING = (date(2025, 2, 17), date(2025, 3, 17))
"""The weeks in which residents bring their tax returns to the civic hall."""

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")

_MonthDay = tuple[int, int]
# From, to, how many times the usual; the first span that holds a day counts.
_SEASONS: dict[str, tuple[tuple[_MonthDay, _MonthDay, float], ...]] = {
    "steady": (),
    "moving": (((3, 24), (4, 7), 2.8), ((3, 10), (4, 20), 1.8), ((12, 1), (2, 28), 0.8)),
    "filing": (((2, 17), (3, 17), 6.0), ((1, 20), (2, 16), 1.5), ((1, 1), (12, 31), 0.15)),
    "notices": (((6, 9), (6, 30), 2.6), ((4, 14), (5, 10), 1.4), ((3, 18), (4, 5), 1.2)),
    "premiums": (((6, 16), (7, 10), 2.4), ((3, 25), (4, 25), 1.9), ((1, 20), (2, 10), 1.2)),
    "nursery": (((12, 1), (12, 20), 1.7), ((2, 1), (2, 20), 1.8), ((3, 25), (4, 20), 1.9)),
    "allowance": (((6, 1), (6, 30), 2.4), ((4, 1), (4, 25), 1.5)),
    "benefit": (((2, 10), (4, 30), 1.8), ((1, 1), (12, 31), 0.1)),
    "winter": (((12, 1), (3, 10), 1.3),),
}


@lru_cache(maxsize=4096)
def season(name: str, day: date) -> float:
    """Return how many times its usual an errand comes on a day.

    >>> season("moving", date(2025, 4, 1))
    2.8
    """
    for first, last, factor in _SEASONS[name]:
        if first <= (day.month, day.day) <= last:
            return factor
    return 1.0


def midnight(day: date) -> float:
    """Return the Unix time at which a day begins in Japan."""
    return datetime(day.year, day.month, day.day, tzinfo=JST).timestamp()


def day_of(at: float) -> date:
    """Return the day in Japan of a Unix time."""
    return datetime.fromtimestamp(at, JST).date()


def time_text(at: float) -> str:
    """Return a Unix time as the contract writes it."""
    return datetime.fromtimestamp(round(at, 3), JST).isoformat(timespec="milliseconds")


class Calendar:
    """Hold the days of a run and which of them are worked."""

    def __init__(self, length_days: int) -> None:
        self.days = [START + timedelta(days=n) for n in range(length_days)]
        years = range(START.year, self.days[-1].year + 1)
        self._holidays = set(holidays.country_holidays("JP", years=years))

    @property
    def last(self) -> date:
        """Return the last day of the run."""
        return self.days[-1]

    @property
    def end_s(self) -> float:
        """Return the Unix time at which the run is over."""
        return midnight(self.last) + DAY_S

    def is_worked(self, day: date) -> bool:
        """Return whether the office is open: no weekend, holiday or New Year closure."""
        closed = (day.month, day.day) >= (12, 29) or (day.month, day.day) <= (1, 3)
        return day.weekday() < 5 and not closed and day not in self._holidays

    def is_open_sunday(self, day: date) -> bool:
        """Return whether the citizens' counter opens: second Sundays, and around 1 April."""
        if day.weekday() != 6:
            return False
        return 8 <= day.day <= 14 or date(2025, 3, 20) <= day <= date(2025, 4, 8)

    def crowd(self, day: date) -> float:
        """Return how full the office is: by weekday, after closed days, in Golden Week."""
        factor = (1.15, 1.0, 0.94, 1.0, 1.06, 0.8, 0.8)[day.weekday()]
        yesterday = day - timedelta(days=1)
        if day.weekday() > 0 and not self.is_worked(yesterday):
            factor *= 1.18
        if date(2025, 4, 28) <= day <= date(2025, 5, 2):
            factor *= 0.75
        return factor
