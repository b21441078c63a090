"""The days of the ward: which are worked, and how busy the season and the weekday make them."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from datetime import date, timedelta

import holidays

from simulation.plan import WardPlan

Peak = tuple[tuple[int, int], tuple[int, int], float]
"""A busy season: first (month, day), last (month, day), how many times the usual work."""

_WEEKDAY_WEIGHTS = (1.18, 1.04, 0.92, 0.94, 1.0, 0.8, 0.8)
_RAMP_DAYS = 6  # a season comes and goes over about a week


class WardCalendar:
    """Know the working days of a plan: no weekends, national holidays or 29 Dec to 3 Jan."""

    def __init__(self, plan: WardPlan) -> None:
        self.start, self.last_day = plan.start, plan.last_day
        years = range(self.start.year - 1, self.last_day.year + 2)
        self._holidays = frozenset(holidays.country_holidays("JP", years=years))
        self.days = [self.start + timedelta(days=i) for i in range(plan.days)]
        # A month on both sides, so that a case may be opened on the next working day.
        around = (self.start + timedelta(days=i) for i in range(-31, plan.days + 31))
        self._working = [day for day in around if not self.is_closed(day)]
        self.working_days = [day for day in self._working if self.start <= day <= self.last_day]

    def is_closed(self, day: date) -> bool:
        """Tell whether the whole office is closed on a day (extra openings aside)."""
        return day.weekday() >= 5 or self.is_year_end(day) or day in self._holidays

    def is_year_end(self, day: date) -> bool:
        """Tell whether a day lies in the closure from 29 December to 3 January."""
        return (day.month, day.day) >= (12, 29) or (day.month, day.day) <= (1, 3)

    def next_working_day(self, day: date) -> date:
        """Return the first working day after a day (within a month of the plan)."""
        return self._working[bisect_right(self._working, day)]

    def working_days_between(self, first: date, last: date) -> Sequence[date]:
        """Return the plan's working days from `first` to `last`, both included."""
        return self.working_days[
            bisect_left(self.working_days, first) : bisect_right(self.working_days, last)
        ]

    def sunday_openings(self) -> list[date]:
        """Return the last Sunday of each month, and the first of April for those who move."""
        chosen = []
        for day in self.days:
            last_of_month = (day + timedelta(days=7)).month != day.month
            first_of_april = day.month == 4 and day.day <= 7
            if day.weekday() == 6 and (last_of_month or first_of_april):
                chosen.append(day)
        return [day for day in chosen if not self.is_year_end(day)]

    def busyness(self, day: date, peaks: Sequence[Peak]) -> float:
        """Return how many times the usual work comes in on a day, for a desk's seasons."""
        weight = _WEEKDAY_WEIGHTS[day.weekday()] * season(day, peaks)
        if day.weekday() < 5 and self.is_closed(day - timedelta(days=1)) and day.weekday() != 0:
            weight *= 1.15  # after a holiday
        return weight


def season(day: date, peaks: Sequence[Peak]) -> float:
    """Return the strongest season's factor on a day; it rises and falls over a few days."""
    strongest = 1.0
    for (first_month, first_day), (last_month, last_day), factor in peaks:
        first, last = date(day.year, first_month, first_day), date(day.year, last_month, last_day)
        outside = max((first - day).days, (day - last).days, 0)
        share = max(0.0, 1.0 - outside / _RAMP_DAYS)
        strongest = max(strongest, 1.0 + (factor - 1.0) * share)
    return strongest
