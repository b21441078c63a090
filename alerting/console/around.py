"""What an operator did around an alert: their day, their habit, and one resident over years."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import islice
from typing import Any

from markupsafe import Markup

from alerting.console.drawing.day import Mark, day_line
from alerting.console.drawing.hours import hour_bars
from alerting.console.drawing.years import PairDay, years_line
from alerting.console.views import Moment, Viewer
from alerting.console.wording import day_in_words, number
from alerting.working_time import open_on
from models.calendar import Calendar
from schemas.alerts import Alert, Evidence
from schemas.directory import Section

_MOST_ROWS = 400
_HOURS = 24


@dataclass(frozen=True)
class LookUpView:
    """Hold one look-up as a line of a table."""

    event_id: str
    at: datetime
    moment: Moment
    clock: str
    action: str
    function: str
    terminal: str
    resident: str
    case: str
    own: bool


@dataclass(frozen=True)
class Drawn:
    """Hold a chart, what it says in words, and the figures in it as rows of a table."""

    drawing: Markup
    text: str
    title: str = ""
    rows: Sequence[Any] = ()


@dataclass(frozen=True)
class Around:
    """Hold the parts that there are; None where the monitor sent nothing for one."""

    look_ups: tuple[LookUpView, ...]
    day: Drawn | None
    hours: Drawn | None
    pair: Drawn | None


def around(viewer: Viewer, calendar: Calendar, alert: Alert, evidence: Evidence | None) -> Around:
    """Return what is known around an alert."""
    if evidence is None:
        return Around((), None, None, None)
    own = frozenset(alert.event_ids)
    look_ups = _look_ups(viewer, evidence.look_ups, own)
    day = _look_ups(viewer, evidence.day, own) or look_ups
    return Around(
        look_ups=tuple(look_ups),
        day=_day(viewer, calendar, alert, day) if day else None,
        hours=_hours(viewer, evidence, look_ups),
        pair=_pair(viewer, alert, evidence, look_ups),
    )


def _look_ups(
    viewer: Viewer, rows: Iterable[Mapping[str, Any]], own: frozenset[str]
) -> list[LookUpView]:
    """Return the rows that have a time, the earliest first: evidence is not held to a schema."""
    say, found = viewer.say, []
    for row in islice(rows, _MOST_ROWS):
        at = _time(row.get("occurred_at"))
        if at is None:
            continue
        event_id, resident = str(row.get("event_id", "")), row.get("resident_id")
        action = str(row.get("action", ""))
        found.append(
            LookUpView(
                event_id=event_id,
                at=at,
                moment=viewer.moment(at),
                clock=f"{at.astimezone(viewer.zone):%H:%M}",
                action=say.known(f"action.{action}", action),
                function=str(row.get("function", "")),
                terminal=str(row.get("terminal_id", "")),
                resident=viewer.named(str(resident)) if resident else "–",
                case=str(row.get("case_id") or say("none.case")),
                own=event_id in own,
            )
        )
    return sorted(found, key=lambda row: row.at)


def _time(text: object) -> datetime | None:
    try:
        at = datetime.fromisoformat(str(text))
    except ValueError:
        return None
    return at if at.tzinfo else None


def _day(viewer: Viewer, calendar: Calendar, alert: Alert, rows: list[LookUpView]) -> Drawn:
    """Draw the last day on which a look-up of the alert lies."""
    say, zone = viewer.say, viewer.zone
    day = max([row for row in rows if row.own] or rows, key=lambda row: row.at)
    local = day.at.astimezone(zone).date()
    rows = [row for row in rows if row.at.astimezone(zone).date() == local]
    own = [row.clock for row in rows if row.own]
    text = say(
        "day.text",
        count=len(rows),
        first=rows[0].clock,
        last=rows[-1].clock,
        own=len(own),
        times=say("and").join(own[:8]) + ("…" if len(own) > 8 else ""),
    )
    marks = [
        Mark(_hour(row.at.astimezone(zone)), row.own, f"{row.clock} {row.action} {row.resident}")
        for row in rows
    ]
    section = viewer.directory.sections.get(alert.section_id or "")
    opening = _opening(calendar, section, local.toordinal())
    title = say("heading.day", day=day_in_words(local, say.language))
    return Drawn(day_line(marks, opening, text), text, title, rows)


def _hour(at: datetime) -> float:
    return at.hour + at.minute / 60 + at.second / 3600


def _opening(calendar: Calendar, section: Section | None, day: int) -> list[tuple[float, float]]:
    """Return from which hour to which a section is open on a day."""
    midnight_s = calendar.midnight_s(day)
    spans = open_on(calendar, section, day)
    return [((s.starts_s - midnight_s) / 3600, (s.ends_s - midnight_s) / 3600) for s in spans]


def _hours(viewer: Viewer, evidence: Evidence, own: list[LookUpView]) -> Drawn | None:
    habit, cohort = _curve(evidence.habit), _curve(evidence.cohort)
    if not any(habit) and not any(cohort):
        return None
    say = viewer.say
    now = sorted({row.at.astimezone(viewer.zone).hour for row in own})
    text = ""
    if any(habit) and any(cohort) and now:
        text = say(
            "hours.text",
            habit=habit.index(max(habit)),
            cohort=cohort.index(max(cohort)),
            now=say("and").join(map(str, now)),
            habit_now=_percent(sum(habit[hour] for hour in now)),
            cohort_now=_percent(sum(cohort[hour] for hour in now)),
        )
    used = [hour for hour in range(_HOURS) if habit[hour] or cohort[hour] or hour in now]
    rows = [(hour, _percent(habit[hour]), _percent(cohort[hour]), hour in now) for hour in used]
    drawing = hour_bars(habit, cohort, now, text or say("heading.hours"))
    return Drawn(drawing, text, say("heading.hours"), rows)


def _curve(values: Sequence[float]) -> tuple[float, ...]:
    """Return a curve of shares by hour; one of another length says nothing."""
    if len(values) != _HOURS:
        return (0.0,) * _HOURS
    return tuple(max(0.0, value) for value in values)


def _percent(share: float) -> str:
    return number(round(100 * share, 1))


def _pair(viewer: Viewer, alert: Alert, evidence: Evidence, own: list[LookUpView]) -> Drawn | None:
    """Draw on which days the operator looked up the alert's resident."""
    if alert.resident_id is None:
        return None
    say = viewer.say
    now = {row.at.astimezone(viewer.zone).date() for row in own}
    days = {day: _what(viewer, row) for row in evidence.history if (day := _date(row.get("day")))}
    days |= {
        day: say("pair.now") for day in now or {alert.opened_at.astimezone(viewer.zone).date()}
    }
    known = sorted(days)
    rows = [(day_in_words(day, say.language), days[day], day in now) for day in known]
    if len(known) < 2:
        return Drawn(Markup(""), say("none.pair"), say("heading.pair"), rows)
    span = (known[-1] - known[0]) // timedelta(days=1)
    text = say("pair.text", count=len(known), first=rows[0][0], last=rows[-1][0], days=f"{span:,}")
    marks = [
        PairDay(day, day in now, " ".join(row[:2])) for day, row in zip(known, rows, strict=True)
    ]
    return Drawn(years_line(marks, text), text, say("heading.pair"), rows)


def _what(viewer: Viewer, row: Mapping[str, Any]) -> str:
    """Return what is known of a day: how many look-ups, or that it was the first or last."""
    count = row.get("count", row.get("look_ups"))
    if isinstance(count, int):
        return viewer.say.count("pair.count", count)
    return viewer.say.known(f"pair.{row.get('what')}", "")


def _date(text: object) -> date | None:
    try:
        return date.fromisoformat(str(text)[:10])
    except ValueError:
        return None
