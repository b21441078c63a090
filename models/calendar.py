"""Days, opening hours and working time of a ward office, in its own time zone."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from typing import NamedTuple
from zoneinfo import ZoneInfo

import holidays

from models.closure import NEW_YEAR, Closure
from schemas.directory import Section, Weekday

_WEEKDAYS: tuple[Weekday, ...] = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
DAY_S = 86_400.0
_EVEN_ZONES = frozenset({"Asia/Tokyo", "UTC"})
"""Tokyo since 1952."""


class Span(NamedTuple):
    """Hold one span of time, epoch seconds, end excluded."""

    starts_s: float
    ends_s: float


class Calendar:
    """Answer which day a moment belongs to and whether a section was open then.

    `closures` are the policy's, beside the national holidays of Japan.

    >>> calendar = Calendar(ZoneInfo("Asia/Tokyo"))
    >>> calendar.is_closed(date(2014, 12, 30)), calendar.is_closed(date(2014, 11, 3))
    (True, True)
    """

    def __init__(self, zone: ZoneInfo, closures: Sequence[Closure] = (NEW_YEAR,)) -> None:
        self.zone = zone
        self._closures = tuple(closures)
        self._holidays = holidays.country_holidays("JP")
        self._newest_day = self._day_before = (0.0, 0.0, 0)
        # Clocks that are never put forward or back spare a conversion a look-up.
        self._even = zone.key in _EVEN_ZONES
        self.is_closed = lru_cache(maxsize=4096)(self._is_closed)
        self.midnight_s = lru_cache(maxsize=4096)(self._midnight_s)
        self._open_spans = lru_cache(maxsize=16_384)(self._spans_of)

    def local(self, at_s: float) -> datetime:
        """Return a moment in the deployment's time zone."""
        return datetime.fromtimestamp(at_s, self.zone)

    def day(self, at_s: float) -> int:
        """Return the local day of a moment, as a proleptic ordinal."""
        begins_s, ends_s, day = self._newest_day
        if begins_s <= at_s < ends_s:
            return day
        # Clocks that end today are of the day before: asked for in turn.
        self._newest_day, self._day_before = self._day_before, self._newest_day
        begins_s, ends_s, day = self._newest_day
        if begins_s <= at_s < ends_s:
            return day
        day = self.local(at_s).toordinal()
        self._newest_day = (self.midnight_s(day), self.midnight_s(day + 1), day)
        return day

    def _midnight_s(self, day: int) -> float:
        return datetime.combine(date.fromordinal(day), time(), self.zone).timestamp()

    def _is_closed(self, day: date) -> bool:
        """Return whether every section is closed by law or by the ward's own closure."""
        return day in self._holidays or any(closure.covers(day) for closure in self._closures)

    def open_spans(self, section: Section, day: int) -> tuple[Span, ...]:
        """Return when a section is open on a local day: regular hours and extra openings."""
        return self._open_spans(_Hours(section), day)

    def _spans_of(self, hours: _Hours, day: int) -> tuple[Span, ...]:
        section, the_date = hours.section, date.fromordinal(day)
        spans = []
        regular = section.hours.get(_WEEKDAYS[the_date.weekday()])
        if regular and not self.is_closed(the_date):
            spans.append(regular)
        spans.extend((o.from_, o.to) for o in section.openings if o.date == the_date)
        midnight_s = self.midnight_s(day)
        return tuple(
            Span(midnight_s + _seconds(opens), midnight_s + _seconds(closes))
            for opens, closes in spans
        )

    def seconds_outside(self, spans: tuple[Span, ...], at_s: float, midnight_s: float) -> float:
        """Return how far a moment lies from the nearest of a day's openings.

        0 inside opening hours; on a day without an opening, the time to the nearer midnight
        plus half a day, so that a closed day is always farther than a late evening.
        """
        if not spans:
            into_day_s = at_s - midnight_s
            return DAY_S / 2 + max(0.0, min(into_day_s, DAY_S - into_day_s))
        nearest_s = DAY_S
        for starts_s, ends_s in spans:
            if starts_s <= at_s <= ends_s:
                return 0.0
            nearest_s = min(nearest_s, starts_s - at_s if at_s < starts_s else at_s - ends_s)
        return nearest_s

    def minute_of_day(self, at_s: float, midnight_s: float) -> int:
        """Return the local minute of a moment, given its day's midnight."""
        minute = int((at_s - midnight_s) // 60)
        if self._even:
            return minute
        local = self.local(at_s)
        return 60 * local.hour + local.minute

    def working_days_after(self, section: Section | None, at_s: float, days: int) -> float:
        """Return the same time of day on the n-th following day on which the section is open.

        A section that is not known, or never open, counts Monday to Friday.
        """
        day = self.day(at_s)
        into_day_s = at_s - self.midnight_s(day)
        left, tried = days, 0
        while left:
            day, tried = day + 1, tried + 1
            if section is not None and tried <= 60:
                left -= bool(self.open_spans(section, day))
            else:
                the_date = date.fromordinal(day)
                left -= the_date.weekday() < 5 and not self.is_closed(the_date)
        return self.midnight_s(day) + into_day_s


class _Hours:
    """Key a section's hours by the record itself: a new record is new hours."""

    __slots__ = ("section",)

    def __init__(self, section: Section) -> None:
        self.section = section

    def __hash__(self) -> int:
        return id(self.section)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Hours) and self.section is other.section


def _seconds(clock: str) -> float:
    hours, minutes = clock.split(":")
    return timedelta(hours=int(hours), minutes=int(minutes)).total_seconds()
