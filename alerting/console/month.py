"""A section's month: alerts a day, about whom, and what became of them. Pure: states in."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from markupsafe import Markup

from alerting.console.drawing.bars import share_bar
from alerting.console.drawing.month import DayBar, month_bars
from alerting.console.filters import SEVERITIES
from alerting.console.views import Viewer
from alerting.console.wording import day_in_words, month_in_words, read_day
from alerting.store import AlertState


@dataclass(frozen=True)
class Month:
    """Hold a month by its first day, and the days of it that are chosen: one, or all (None)."""

    first: date
    chosen: date | None = None

    @classmethod
    def of(cls, month: str | None, day: str | None, today: date) -> Month:
        """Return the month or the day asked for; the present month where it says no such thing."""
        chosen = read_day(day)
        first = chosen or read_day(f"{month}-01") or today
        return cls(first.replace(day=1), chosen)

    @property
    def next(self) -> date:
        """Return the first day of the next month."""
        return (self.first + timedelta(days=32)).replace(day=1)

    @property
    def before(self) -> date:
        """Return the first day of the month before."""
        return (self.first - timedelta(days=1)).replace(day=1)

    @property
    def days(self) -> list[date]:
        """Return all days of the month."""
        count = (self.next - self.first).days
        return [self.first + timedelta(days=number) for number in range(count)]

    def words(self, viewer: Viewer) -> str:
        """Return the chosen day or month in words."""
        language = viewer.say.language
        if self.chosen is not None:
            return day_in_words(self.chosen, language)
        return month_in_words(self.first, language)


@dataclass(frozen=True)
class Who:
    """Hold one operator's alerts of a time."""

    operator_id: str
    operator: str
    alerts: int
    todo: int
    gravest: str
    gravest_word: str


def day_of(state: AlertState, viewer: Viewer) -> date:
    """Return the day on which an alert was raised, where the reader is."""
    return state.opened_at.astimezone(viewer.zone).date()


def chart_of(
    viewer: Viewer,
    month: Month,
    states: Iterable[AlertState],
    is_closed: Callable[[date], bool],
    href: Callable[[date], str],
) -> tuple[Markup, str]:
    """Return the month's chart, and what it says; `href` is where a day's own page is."""
    say = viewer.say
    todo: Counter[date] = Counter()
    done: Counter[date] = Counter()
    for state in states:
        (done if state.status == "resolved" else todo)[day_of(state, viewer)] += 1
    count = todo + done
    bars = [
        DayBar(
            day=day.day,
            todo=todo[day],
            done=done[day],
            text=say(
                "section.bar",
                day=day_in_words(day, say.language),
                alerts=say.count("alerts", count[day]),
                todo=todo[day],
            ),
            href=href(day),
            closed=is_closed(day),
            chosen=day == month.chosen,
        )
        for day in month.days
    ]
    text = _chart_text(viewer, month, count, todo.total())
    return month_bars(bars, text), text


def _chart_text(viewer: Viewer, month: Month, count: Counter[date], todo: int) -> str:
    say = viewer.say
    name = month_in_words(month.first, say.language)
    if not count:
        return say("section.chart.none", month=name)
    most = max(sorted(count), key=lambda day: count[day])
    return say(
        "section.chart.text",
        month=name,
        alerts=say.count("alerts", count.total()),
        day=day_in_words(most, say.language),
        most=count[most],
        todo=todo,
    )


def who_of(viewer: Viewer, states: Iterable[AlertState]) -> list[Who]:
    """Return about whom alerts are: those with the most to do first."""
    of: dict[str, list[AlertState]] = {}
    for state in states:
        of.setdefault(state.operator_id, []).append(state)
    found = []
    for operator_id, theirs in of.items():
        gravest = min((state.severity for state in theirs), key=SEVERITIES.index)
        todo = sum(state.status != "resolved" for state in theirs)
        word = viewer.say(f"severity.{gravest}")
        name = viewer.named(operator_id)
        found.append(Who(operator_id, name, len(theirs), todo, gravest, word))
    return sorted(found, key=lambda who: (-who.todo, -who.alerts, who.operator))


def verdicts_of(viewer: Viewer, states: Sequence[AlertState]) -> list[tuple[str, str, int, Markup]]:
    """Return each verdict given, with its words, its count, and that drawn."""
    count = Counter(state.verdict for state in states if state.verdict is not None)
    found: list[tuple[str, str, int, Markup]] = []
    for verdict, number in count.most_common():
        words = viewer.say(f"verdict.{verdict}")
        drawing = share_bar(number / count.total(), f"{words}: {number}")
        found.append((verdict, words, number, drawing))
    return found
