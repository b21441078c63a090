"""Say which days the ward works, how busy they are, and write times down."""

from __future__ import annotations

from datetime import date, timedelta

import holidays

MINUTE_MS = 60_000
HOUR_MS = 60 * MINUTE_MS
DAY_MS = 24 * HOUR_MS
FIRST_MISUSE_DAY = 40
"""Days before this one (counted from 0) are honest throughout."""

_PEAKS: dict[str, tuple[tuple[int, int, float], ...]] = {
    "resid": ((310, 331, 1.35), (320, 415, 1.6)),
    "nhi": ((320, 430, 1.3), (705, 731, 1.25)),
    "restax": ((210, 320, 1.5), (605, 630, 1.4)),
    "assets": ((105, 131, 1.2), (405, 520, 1.4)),
    "collect": ((501, 531, 1.2), (1120, 1226, 1.25)),
    "care": ((401, 430, 1.15),),
    "child": ((1015, 1130, 1.3), (210, 320, 1.25), (601, 630, 1.3)),
    "livelihood": ((1215, 1228, 1.2),),
}
"""From and to as month * 100 + day, and how much more work comes in."""


class Calendar:
    """Count the days of the run from 0 and times in milliseconds from its first midnight."""

    def __init__(self, first: date, days: int) -> None:
        self.first = first
        self.days = days
        years = range(first.year - 1, first.year + 3)
        self._holidays = set(holidays.country_holidays("JP", years=years))
        self._texts: dict[int, str] = {}

    def date_of(self, day: int) -> date:
        """Return the date of a day of the run; negative days lie before it."""
        return self.first + timedelta(days=day)

    def day_of(self, when: date) -> int:
        """Return the number of the day on which a date falls."""
        return (when - self.first).days

    def is_open(self, day: int) -> bool:
        """Return whether the offices open on that day without an extra opening."""
        when = self.date_of(day)
        new_year = (when.month, when.day) >= (12, 29) or (when.month, when.day) <= (1, 3)
        return when.weekday() < 5 and not new_year and when not in self._holidays

    def transfer_days(self) -> list[int]:
        """Return the days of the run on which the city moves its people, 1 April and October."""
        days = range(5, self.days - 5)
        return [d for d in days if self.date_of(d).day == 1 and self.date_of(d).month in (4, 10)]

    def extra_openings(self, code: str) -> list[int]:
        """Return the Sundays on which a section opens: removals in spring, tax returns."""
        spans = {"resid": (320, 410), "nhi": (325, 410), "restax": (218, 315)}
        if code not in spans:
            return []
        low, high = spans[code]
        return [
            day
            for day in range(self.days)
            if self.date_of(day).weekday() == 6 and low <= _month_day(self.date_of(day)) <= high
        ]

    def busy(self, code: str, day: int) -> float:
        """Return by how much the work of a section exceeds that of a plain day."""
        when = self.date_of(day)
        factor = 1.12 if when.weekday() == 0 else 1.0
        peaks = [f for low, high, f in _PEAKS[code] if low <= _month_day(when) <= high]
        return factor * max(peaks, default=1.0)

    def stamp(self, at_ms: int) -> str:
        """Return a time as the records carry it."""
        day, rest = divmod(at_ms, DAY_MS)
        text = self._texts.get(day)
        if text is None:
            text = self._texts[day] = self.date_of(day).isoformat()
        seconds, ms = divmod(rest, 1000)
        minutes, seconds = divmod(seconds, 60)
        hours, minutes = divmod(minutes, 60)
        return f"{text}T{hours:02}:{minutes:02}:{seconds:02}.{ms:03}+09:00"


def clock_ms(day: int, hour: int, minute: int = 0) -> int:
    """Return the time of day on a day of the run."""
    return day * DAY_MS + hour * HOUR_MS + minute * MINUTE_MS


def _month_day(when: date) -> int:
    return when.month * 100 + when.day
