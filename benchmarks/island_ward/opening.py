"""When the sections are open: ordinary hours, the late Thursday, and the extra days."""

from __future__ import annotations

from datetime import date, timedelta

from benchmarks.island_ward.days import Calendar
from benchmarks.island_ward.work import Desk

LATE_TURN = ("10:15", "19:00")
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri")
_THURSDAY = 3
_MOVES = (date(2019, 3, 24), date(2019, 3, 31), date(2019, 4, 7))
_FILING = (date(2019, 2, 24), date(2019, 3, 3))
_NEW_ERA = date(2019, 5, 1)


def late_day(desk: Desk, day: date) -> bool:
    """Return whether a section has its evening counter on a day."""
    return desk.section_id == "chomin" and day.weekday() == _THURSDAY


def hours_of(desk: Desk) -> dict[str, tuple[str, str]]:
    """Return a section's week as the directory tells it."""
    hours = dict.fromkeys(WEEKDAYS, desk.opens)
    if desk.section_id == "chomin":
        hours["thu"] = (desk.opens[0], LATE_TURN[1])
    return hours


def extra_openings(desk: Desk, calendar: Calendar) -> dict[int, tuple[str, str]]:
    """Return the extra days of a section: number of the day, from, to.

    Sundays of the moves, Sundays of the filing season, the day of the new era on which many
    couples marry, and the branch's second Saturdays.
    """
    days: dict[date, tuple[str, str]] = {}
    if desk.section_id == "chomin":
        days = {**dict.fromkeys(_MOVES, ("09:00", "12:30")), _NEW_ERA: ("09:00", "17:00")}
    elif desk.section_id == "zeimu":
        days = dict.fromkeys(_FILING, ("09:00", "16:00"))
    elif desk.section_id == "shucchojo":
        first = date(2018, 11, 1)
        for _ in range(24):
            saturday = first + timedelta(days=(5 - first.weekday()) % 7 + 7)
            days[saturday] = ("09:00", "12:00")
            first = (first + timedelta(days=31)).replace(day=1)
    numbered = {calendar.number(day): span for day, span in days.items()}
    return {
        n: span for n, span in numbered.items() if 0 <= n < calendar.days and calendar.closed(n)
    }
