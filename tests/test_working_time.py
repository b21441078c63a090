"""Working time: hours run while a section is open, and only then."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alerting.working_time import after_working_time
from models.calendar import Calendar
from schemas.directory import Opening, Section
from tests.offices import section
from tests.sample_alerts import JST

CALENDAR = Calendar(ZoneInfo("Asia/Tokyo"))
OPEN = section()


def at(day: int, clock: str, month: int = 3) -> datetime:
    """Return a moment of 2015 in Tokyo; 4 March is a Wednesday."""
    hour, minute = map(int, clock.split(":"))
    return datetime(2015, month, day, hour, minute, tzinfo=JST)


@pytest.mark.parametrize(
    ("since", "hours", "until"),
    [
        (at(4, "10:00"), 2, at(4, "12:00")),
        (at(4, "16:15"), 2, at(5, "09:30")),
        (at(4, "03:00"), 1, at(4, "09:30")),
        (at(4, "20:00"), 1, at(5, "09:30")),
        (at(6, "17:00"), 0.25, at(6, "17:15")),
        (at(6, "17:00"), 0.5, at(9, "08:45")),
        (at(4, "10:00"), 17.5, at(6, "10:00")),
        # Showa day, then Golden Week from Sunday to Wednesday.
        (at(28, "16:15", 4), 2, at(30, "09:30", 4)),
        (at(1, "16:15", 5), 2, at(7, "09:30", 5)),
    ],
)
def test_time_runs_while_the_section_is_open(
    since: datetime, hours: float, until: datetime
) -> None:
    """Within a day, over a night, a weekend, holidays."""
    assert after_working_time(CALENDAR, OPEN, since, timedelta(hours=hours)) == until
    # The hours that are supposed where nobody told any are the same.
    assert after_working_time(CALENDAR, None, since, timedelta(hours=hours)) == until


def test_openings_that_overlap_count_once() -> None:
    """An extra opening on a Saturday, and one that goes on after closing time."""
    openings = [
        {"date": "2015-03-07", "from": "09:00", "to": "12:00"},
        {"date": "2015-03-06", "from": "16:00", "to": "19:00"},
    ]
    record = OPEN.model_copy(
        update={"openings": tuple(Opening.model_validate(o) for o in openings)}
    )
    done = after_working_time(CALENDAR, record, at(6, "15:00"), timedelta(hours=5))
    assert done == at(7, "10:00")


def test_a_section_that_does_not_open_any_more_has_an_offices_hours() -> None:
    """Its last opening is in two days, and there is no other for years."""
    last = Opening.model_validate({"date": "2015-03-06", "from": "09:00", "to": "10:00"})
    closed = Section(section_id="s", name=OPEN.name, hours={}, openings=(last,))
    done = after_working_time(CALENDAR, closed, at(4, "10:00"), timedelta(hours=2))
    assert at(1, "00:00", 5) < done < at(31, "00:00", 5)


@given(st.integers(0, 60 * 24 * 30), st.integers(1, 6000), st.integers(1, 6000))
def test_two_spans_one_after_the_other_are_one(since_min: int, first: int, second: int) -> None:
    """Waiting in two steps of whole minutes ends where waiting in one does."""
    since = at(1, "00:00") + timedelta(minutes=since_min)
    between = after_working_time(CALENDAR, OPEN, since, timedelta(minutes=first))
    in_two = after_working_time(CALENDAR, OPEN, between, timedelta(minutes=second))
    assert since < between < in_two
    assert in_two == after_working_time(CALENDAR, OPEN, since, timedelta(minutes=first + second))
