"""The calendar of the island: open days, seasons, and whether the ferry sails."""

from __future__ import annotations

import random
from datetime import date, timedelta

import holidays

START = date(2018, 11, 13)
SECOND = 1000
MINUTE = 60 * SECOND
HOUR = 60 * MINUTE
DAY = 24 * HOUR
POSTING_DAYS = (date(2018, 12, 3), date(2019, 4, 1), date(2019, 10, 1))
"""The extraordinary postings of December, and the great ones of spring and autumn."""

_NEW_YEAR = {(12, 29), (12, 30), (12, 31), (1, 1), (1, 2), (1, 3)}
_STORMS = {11: 0.06, 12: 0.15, 1: 0.2, 2: 0.17, 3: 0.1, 9: 0.12, 10: 0.08}


def stamp(moment: int) -> str:
    """Return a moment, in ms after the first midnight in Japan, as the contract writes it.

    >>> stamp(DAY + 10 * HOUR + 5)
    '2018-11-14T10:00:00.005+09:00'
    """
    day, rest = divmod(moment, DAY)
    seconds, ms = divmod(rest, SECOND)
    minutes, second = divmod(seconds, 60)
    hour, minute = divmod(minutes, 60)
    text = (START + timedelta(days=day)).isoformat()
    return f"{text}T{hour:02d}:{minute:02d}:{second:02d}.{ms:03d}+09:00"


def clock(text: str) -> int:
    """Return the ms after midnight that `HH:MM` names."""
    hour, minute = text.split(":")
    return int(hour) * HOUR + int(minute) * MINUTE


class Calendar:
    """Hold the days of one run; days are numbered from 0."""

    def __init__(self, seed: int, days: int) -> None:
        rng = random.Random(f"{seed}:calendar")
        self.days = days
        self.dates = [START + timedelta(days=n) for n in range(days)]
        self.quiet_days = min(45, days // 4)
        self._holidays = holidays.country_holidays("JP", years=range(2018, 2023))
        self.sails: list[bool] = []
        stormy = False
        for day in self.dates:
            chance = 0.55 if stormy else _STORMS.get(day.month, 0.04)
            stormy = rng.random() < chance
            self.sails.append(not stormy)

    def closed(self, number: int) -> bool:
        """Return whether the town office is shut on a day."""
        day = START + timedelta(days=number)
        new_year = (day.month, day.day) in _NEW_YEAR
        return day.weekday() >= 5 or new_year or day in self._holidays

    def number(self, day: date) -> int:
        """Return the number of a date."""
        return (day - START).days

    def postings(self) -> list[date]:
        """Return the posting days that lie well inside the run."""
        return [day for day in POSTING_DAYS if 10 <= self.number(day) <= self.days - 15]

    def rush(self, number: int) -> float:
        """Return how much more than usual people come, after shut days and before them."""
        factor = 1.0
        if number and self.closed(number - 1):
            factor += 0.18
        if self.closed(number + 1):
            factor += 0.08
        return factor * (1.0 if self.sails[number] else 0.62)

    def mail_days(self, number: int) -> int:
        """Return how many days' mail the ferry lands: none when it stays in port."""
        if not self.sails[number]:
            return 0
        waited, back = 1, number - 1
        while back >= 0 and waited < 6 and (self.closed(back) or not self.sails[back]):
            waited, back = waited + 1, back - 1
        return waited
