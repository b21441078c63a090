"""A month's alerts, a bar a day, what is not resolved at its foot."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from alerting.console.drawing.svg import block, chart, element, label

_TOP, _AXIS_Y = 16, 116


@dataclass(frozen=True)
class DayBar:
    """Hold one day of a month: its number, how many alerts, and where its own page is."""

    day: int
    todo: int
    done: int
    text: str
    href: str
    closed: bool
    chosen: bool


def month_bars(days: Sequence[DayBar], text: str) -> Markup:
    """Draw a month; each day with alerts is a link to it."""
    width = 1 / len(days)
    most = max(4, *(day.todo + day.done for day in days))
    drawn: list[Markup] = []
    for place, day in enumerate(days):
        drawn += _day(day, place * width, width, most)
    drawn.append(element("line", class_="axis", x1="0%", x2="100%", y1=_AXIS_Y, y2=_AXIS_Y))
    for place, day in enumerate(days):
        if day.day % 5 == 0 or day.day == 1:
            drawn.append(label((place + 0.5) * width, _AXIS_Y + 15, str(day.day)))
    return chart("month", _AXIS_Y + 20, text, *drawn, interactive=True)


def _day(day: DayBar, left: float, width: float, most: int) -> list[Markup]:
    drawn: list[Markup] = []
    kind = "chosen" if day.chosen else "closed" if day.closed else ""
    if kind:
        drawn.append(block(kind, left, width, 0, _AXIS_Y))
    if not day.todo + day.done:
        return drawn
    unit = (_AXIS_Y - _TOP) / most
    todo, done = unit * day.todo, unit * day.done
    inner, wide = left + width * 0.15, width * 0.7
    parts = [block("hit", left, width, 0, _AXIS_Y)]
    if day.done:
        parts.append(block("done", inner, wide, _AXIS_Y - todo - done, done))
    if day.todo:
        parts.append(block("todo", inner, wide, _AXIS_Y - todo, todo))
    count = label(left + width / 2, _AXIS_Y - todo - done - 4, str(day.todo + day.done), "count")
    title = element("title", day.text)
    drawn.append(element("a", title, *parts, count, href=day.href, aria_label=day.text))
    return drawn
