"""Working time: when so many hours of a section's opening have passed."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from models.calendar import Calendar, Span
from schemas.directory import Section

_OPENS, _CLOSES = timedelta(hours=8, minutes=30), timedelta(hours=17, minutes=15)
"""Of a section whose hours nobody told, Monday to Friday."""
_MOST_CLOSED_DAYS = 60
"""A section that is not open on one of so many days has no hours worth waiting for."""


def after_working_time(
    calendar: Calendar, section: Section | None, since: datetime, time: timedelta
) -> datetime:
    """Return when so much of a section's opening time has passed since a moment.

    A section that is not known, or not open for two months, counts as one open on weekdays
    from 8:30 to 17:15.
    """
    left_s, from_s = time.total_seconds(), since.timestamp()
    day, closed_days = calendar.day(from_s), 0
    while True:
        spans = open_on(calendar, section, day)
        closed_days = 0 if spans else closed_days + 1
        if closed_days > _MOST_CLOSED_DAYS:
            section = None
        for span in spans:
            starts_s = max(span.starts_s, from_s)
            if starts_s + left_s <= span.ends_s:
                return datetime.fromtimestamp(starts_s + left_s, UTC)
            left_s -= max(0.0, span.ends_s - starts_s)
            from_s = max(from_s, span.ends_s)  # openings may overlap: no minute counts twice
        day += 1


def open_on(calendar: Calendar, section: Section | None, day: int) -> list[Span]:
    """Return when a section is open on a local day (a proleptic ordinal), in order.

    One that is not known counts as open on weekdays from 8:30 to 17:15.
    """
    if section is not None:
        return sorted(calendar.open_spans(section, day))
    the_date = date.fromordinal(day)
    if the_date.weekday() >= 5 or calendar.is_closed(the_date):
        return []
    midnight_s = calendar.midnight_s(day)
    return [Span(midnight_s + _OPENS.total_seconds(), midnight_s + _CLOSES.total_seconds())]
