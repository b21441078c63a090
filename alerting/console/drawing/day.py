"""A day's look-ups along its hours, an alert's own marked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil, floor

from markupsafe import Markup

from alerting.console.drawing.svg import chart, element, label, percent

_OFFICE_HOURS = (8, 18)
_OWN_Y, _OTHER_Y, _AXIS_Y = 10, 36, 54


@dataclass(frozen=True)
class Mark:
    """Hold one look-up: the hour of its day, as 9.5 for half past nine."""

    hour: float
    own: bool
    text: str


def day_line(marks: Sequence[Mark], opening: Sequence[tuple[float, float]], text: str) -> Markup:
    """Draw a day; `opening` are the hours in which the section is open."""
    hours = [mark.hour for mark in marks]
    starts = min(_OFFICE_HOURS[0], *map(floor, hours))
    ends = max(_OFFICE_HOURS[1], *map(ceil, hours))

    def place(hour: float) -> float:
        return (hour - starts) / (ends - starts)

    drawn: list[Markup] = []
    for span in opening:
        left, right = (place(min(max(hour, starts), ends)) for hour in span)
        drawn.append(
            element(
                "rect",
                class_="open",
                x=percent(left),
                y=0,
                width=percent(right - left),
                height=_AXIS_Y,
            )
        )
    drawn.append(element("line", class_="axis", x1="0%", x2="100%", y1=_AXIS_Y, y2=_AXIS_Y))
    step = 1 if ends - starts <= 6 else 2 if ends - starts <= 12 else 3
    drawn += [label(place(hour), 69, f"{hour}:00") for hour in range(starts, ends + 1, step)]
    for mark in sorted(marks, key=lambda mark: mark.own):
        drawn.append(_mark(mark, place(mark.hour)))
    return chart("day", 74, text, *drawn)


def _mark(mark: Mark, share: float) -> Markup:
    title = element("title", mark.text)
    if mark.own:
        return element("circle", title, class_="own", cx=percent(share), cy=_OWN_Y + 7, r=6)
    return element(
        "rect", title, class_="other", x=percent(share), y=_OTHER_Y - 4, width=2, height=18
    )
