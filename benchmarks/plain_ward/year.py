"""Tell the office's days: which are worked, and when a moment of a day is."""

from __future__ import annotations

from datetime import date, datetime, timedelta, timezone

import holidays

JST = timezone(timedelta(hours=9))
START = date(2022, 6, 1)
DAY_S = 86_400.0
HOUR_S = 3_600.0
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


def clock_s(hours: int, minutes: int = 0) -> float:
    """Return seconds after midnight."""
    return hours * HOUR_S + minutes * 60.0


def midnight(day: date) -> float:
    """Return the Unix time at which a day begins in Japan."""
    return datetime(day.year, day.month, day.day, tzinfo=JST).timestamp()


def day_of(at: float) -> date:
    """Return the day in Japan of a Unix time."""
    return datetime.fromtimestamp(at, JST).date()


def time_text(at: float) -> str:
    """Return a Unix time as RFC 3339 with milliseconds and the offset of Japan."""
    return datetime.fromtimestamp(round(at, 3), JST).isoformat(timespec="milliseconds")


class Year:
    """Hold the days of a run: from 1 June on, `length_days` of them."""

    def __init__(self, length_days: int) -> None:
        self.length_days = length_days
        self.days = [START + timedelta(days=n) for n in range(length_days)]
        years = range(START.year, self.days[-1].year + 1)
        self._holidays = set(holidays.country_holidays("JP", years=years))

    @property
    def last(self) -> date:
        """Return the last day of the run."""
        return self.days[-1]

    def is_worked(self, day: date) -> bool:
        """Return whether the office is open: no weekend, holiday or New Year closure."""
        closure = (day.month, day.day) >= (12, 29) or (day.month, day.day) <= (1, 3)
        return day.weekday() < 5 and day not in self._holidays and not closure

    def is_card_sunday(self, day: date) -> bool:
        """Return whether the citizens' counter opens: last Sundays, and all around 1 April."""
        if day.weekday() != 6:
            return False
        season = date(day.year, 3, 18) <= day <= date(day.year, 4, 8)
        return season or ((day + timedelta(days=7)).month != day.month and day.month != 12)

    def crowd(self, day: date) -> float:
        """Return how full the office is by the day of the week and what was closed before."""
        factor = (1.12, 1.0, 0.95, 0.98, 1.05, 0.8, 0.7)[day.weekday()]
        if day.weekday() != 0 and not self.is_worked(day - timedelta(days=1)):
            factor *= 1.15
        if (day.month, day.day) >= (8, 11) and (day.month, day.day) <= (8, 16):
            factor *= 0.7
        return factor

    def between(self, first: int, last: int) -> list[date]:
        """Return the worked days numbered from `first` to `last` of the run."""
        numbers = range(max(0, first), min(self.length_days, last + 1))
        return [self.days[n] for n in numbers if self.is_worked(self.days[n])]
