"""The days on which one operator looked up one resident, over years."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from markupsafe import Markup

from alerting.console.drawing.svg import chart, element, label, percent

_LINE_Y = 24
_MARGIN = 0.03


@dataclass(frozen=True)
class PairDay:
    """Hold one day; `now`: the alert's own."""

    day: date
    now: bool
    text: str


def years_line(days: Sequence[PairDay], text: str) -> Markup:
    """Draw days, the earliest first, along a line that the years divide."""
    first, last = days[0].day.toordinal(), days[-1].day.toordinal()
    span = max(1, last - first)

    def place(day: date) -> float:
        return _MARGIN + (1 - 2 * _MARGIN) * (day.toordinal() - first) / span

    drawn = [element("line", class_="axis", x1="0%", x2="100%", y1=_LINE_Y, y2=_LINE_Y)]
    for year in range(days[0].day.year + 1, days[-1].day.year + 1):
        at = place(date(year, 1, 1))
        drawn.append(element("line", class_="year", x1=percent(at), x2=percent(at), y1=12, y2=36))
        drawn.append(label(at, 50, str(year)))
    for each in sorted(days, key=lambda each: each.now):
        drawn.append(
            element(
                "circle",
                element("title", each.text),
                class_="own" if each.now else "other",
                cx=percent(place(each.day)),
                cy=_LINE_Y,
                r=7 if each.now else 5,
            )
        )
    return chart("years", 56, text, *drawn)
