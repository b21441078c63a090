"""A person's habit against their cohort's, by hour of the day."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from markupsafe import Markup

from alerting.console.drawing.svg import block, chart, element, label, percent

_OFFICE_HOURS = (7, 19)
_TOP, _AXIS_Y = 8, 108
_SEEN = 0.004


def hour_bars(
    habit: Sequence[float], cohort: Sequence[float], now: Collection[int], text: str
) -> Markup:
    """Draw shares of a day's look-ups, 24 each; the hours `now` stand on a ground of their own."""
    starts, ends = _span(habit, cohort, now)
    width = 1 / (ends - starts)
    most = max(*habit, *cohort, 0.01)

    def y(value: float) -> float:
        return round(_AXIS_Y - (_AXIS_Y - _TOP) * value / most, 1)

    drawn: list[Markup] = []
    for hour in range(starts, ends):
        left = (hour - starts) * width
        if hour in now:
            drawn.append(block("now", left, width, 0, _AXIS_Y))
        if habit and habit[hour] > 0:
            top = y(habit[hour])
            drawn.append(block("habit", left + width * 0.2, width * 0.6, top, _AXIS_Y - top))
        if cohort:
            at = y(cohort[hour])
            right = percent(left + width)
            drawn.append(element("line", class_="cohort", x1=percent(left), x2=right, y1=at, y2=at))
    drawn.append(element("line", class_="axis", x1="0%", x2="100%", y1=_AXIS_Y, y2=_AXIS_Y))
    step = 2 if ends - starts <= 14 else 3
    for hour in range(starts, ends, step):
        drawn.append(label((hour - starts + 0.5) * width, _AXIS_Y + 15, str(hour)))
    return chart("hours", _AXIS_Y + 20, text, *drawn)


def _span(habit: Sequence[float], cohort: Sequence[float], now: Collection[int]) -> tuple[int, int]:
    """Return the hours to draw: those of an office, and whatever others there is something in."""
    used = [h for curve in (habit, cohort) for h, value in enumerate(curve) if value > _SEEN]
    used += list(now)
    return min(_OFFICE_HOURS[0], *used), max(_OFFICE_HOURS[1], *used) + 1
