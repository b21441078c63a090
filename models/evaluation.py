"""Measure alerts against labelled cases, as the contract's "How alerts are measured" says.

The unit is a *place*: one alert on one day on which it got a revision, in the budget of its
supervisor. Saturday and Sunday count to Monday, days are those of the deployment. An alert
without a supervisor is the privacy officer's, who has a budget like any supervisor.
"""

from __future__ import annotations

import statistics
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, tzinfo
from operator import attrgetter
from typing import NamedTuple

from schemas.alerts import Alert
from schemas.errors import MonomiError
from schemas.files import Label

WEEKLY = 0.2
"""The one budget below a place a day: one place a supervisor and ISO week."""

DEFAULT_BUDGETS: tuple[float, ...] = (WEEKLY, 1, 2, 5)
FOUND_WITHIN = timedelta(days=14)
"""A case that is found later than this after its last look-up is missed."""

_SHARE = 5
"""One in so many of a revision's look-ups must be the case's."""

_NEVER = datetime.max.replace(tzinfo=UTC)
_FRIDAY = 4
_WEEKDAYS = 5


@dataclass(frozen=True)
class AtBudget:
    """Hold what supervisors find who look at a set number of alerts a day.

    `alerts` counts alerts, each once, however many days they count on; `precision` is the
    share of them of which a revision that counts tells of a case (also one that an earlier
    alert found). `kinds` maps a case's kind to (found, of). A share of nothing is None.
    """

    recall: float | None
    precision: float | None
    alerts: int
    median_days_to_find: float | None
    kinds: Mapping[str, tuple[int, int]]


@dataclass(frozen=True)
class Evaluation:
    """Hold the whole measurement; `emitted` is places a supervisor and weekday."""

    emitted: float
    budgets: Mapping[float, AtBudget]


class _Revision(NamedTuple):
    """What one revision weighs; `finds` are the indices of the cases that it tells of."""

    number: int
    updated_at: datetime
    risk: float
    supervisor_id: str | None
    finds: tuple[int, ...]


@dataclass(frozen=True)
class _Place:
    """One alert on one counting day: ranked by `first`, its first revision of that day."""

    alert_id: str
    day: date
    first: _Revision
    revisions: Sequence[_Revision]

    def rank(self) -> tuple[float, datetime, str]:
        """Return what places are ordered by, best first."""
        return (-self.first.risk, self.first.updated_at, self.alert_id)


def parse_budget(text: str) -> float:
    """Return a budget: 0.2 or a whole number from 1; raises MonomiError `bad_budget`."""
    try:
        budget = float(text)
    except ValueError:
        budget = -1.0
    if budget == WEEKLY or (budget >= 1 and budget.is_integer()):
        return budget
    raise MonomiError(
        "bad_budget",
        f"{text} is no budget: give 0.2 (one alert a week) or a whole number of alerts a day",
    )


def evaluate(
    alerts: Iterable[Alert],
    labels: Iterable[Label],
    zone: tzinfo,
    budgets: Sequence[float] = DEFAULT_BUDGETS,
) -> Evaluation:
    """Return how well all revisions of all alerts find the labelled cases.

    `emitted` divides all places by the supervisors that have at least one, times the days
    from Monday to Friday (holidays too) from the first to the last day with a place.
    Days to find run from a case's first look-up. The order of the input does not matter.
    """
    cases = tuple(labels)
    places = _places(alerts, cases, zone)
    return Evaluation(
        emitted=_emitted(places),
        budgets={budget: _at_budget(_counted(places, budget), cases) for budget in budgets},
    )


def when_found(
    alerts: Iterable[Alert], labels: Iterable[Label], zone: tzinfo, budget: float
) -> dict[str, datetime]:
    """Return when each case that is found at a budget is found, by its label's id."""
    cases = tuple(labels)
    found_at = _found_at(_counted(_places(alerts, cases, zone), budget))
    return {cases[index].label_id: moment for index, moment in sorted(found_at.items())}


def counting_day(moment: datetime, zone: tzinfo) -> date:
    """Return the day to which a revision counts: its own, or Monday's for a weekend.

    >>> from datetime import timezone
    >>> counting_day(datetime(2014, 10, 25, 12, tzinfo=timezone.utc), timezone.utc)
    datetime.date(2014, 10, 27)
    """
    day = moment.astimezone(zone).date()
    return day + timedelta(days=7 - day.weekday()) if day.weekday() > _FRIDAY else day


def _places(alerts: Iterable[Alert], cases: Sequence[Label], zone: tzinfo) -> list[_Place]:
    by_operator: dict[str, list[tuple[int, frozenset[str]]]] = {}
    for index, case in enumerate(cases):
        by_operator.setdefault(case.operator_id, []).append((index, frozenset(case.event_ids)))
    days: dict[tuple[str, date], list[_Revision]] = {}
    for alert in alerts:
        finds = tuple(
            index
            for index, event_ids in by_operator.get(alert.operator_id, ())
            if _tells_of(alert, event_ids, cases[index])
        )
        days.setdefault((alert.alert_id, counting_day(alert.updated_at, zone)), []).append(
            _Revision(alert.revision, alert.updated_at, alert.risk, alert.supervisor_id, finds)
        )
    return [
        _Place(alert_id, day, min(revisions, key=attrgetter("number")), revisions)
        for (alert_id, day), revisions in days.items()
    ]


def _tells_of(alert: Alert, event_ids: frozenset[str], case: Label) -> bool:
    if alert.updated_at > case.ends_at + FOUND_WITHIN:
        return False
    hits = sum(event_id in event_ids for event_id in alert.event_ids)
    return hits * _SHARE >= len(alert.event_ids)


def _counted(places: Iterable[_Place], budget: float) -> list[_Place]:
    """Return the places within the budget: the best of each supervisor's day or ISO week."""
    weekly = budget == WEEKLY
    size = 1 if weekly else int(budget)
    rivals: dict[tuple[str | None, object], list[_Place]] = {}
    for place in places:
        span = place.day.isocalendar()[:2] if weekly else place.day
        rivals.setdefault((place.first.supervisor_id, span), []).append(place)
    return [p for group in rivals.values() for p in sorted(group, key=_Place.rank)[:size]]


def _found_at(counted: Iterable[_Place]) -> dict[int, datetime]:
    """Return when each case that is found is found, by its index."""
    found_at: dict[int, datetime] = {}
    for place in counted:
        for revision in place.revisions:
            for index in revision.finds:
                found_at[index] = min(revision.updated_at, found_at.get(index, _NEVER))
    return found_at


def _at_budget(counted: Sequence[_Place], cases: Sequence[Label]) -> AtBudget:
    found_at = _found_at(counted)
    kinds = dict.fromkeys(sorted({case.kind for case in cases}), (0, 0))
    days: list[float] = []
    for index, case in enumerate(cases):
        found, of = kinds[case.kind]
        kinds[case.kind] = (found + (index in found_at), of + 1)
        if index in found_at:
            days.append((found_at[index] - case.starts_at) / timedelta(days=1))
    shown = {place.alert_id for place in counted}
    right = {place.alert_id for place in counted if any(r.finds for r in place.revisions)}
    return AtBudget(
        recall=len(found_at) / len(cases) if cases else None,
        precision=len(right) / len(shown) if shown else None,
        alerts=len(shown),
        median_days_to_find=statistics.median(days) if days else None,
        kinds=kinds,
    )


def _emitted(places: Sequence[_Place]) -> float:
    if not places:
        return 0.0
    supervisors = len({place.first.supervisor_id for place in places})
    first, last = min(p.day for p in places), max(p.day for p in places)
    weeks, rest = divmod((last - first).days + 1, 7)
    weekdays = weeks * _WEEKDAYS + sum(
        (first + timedelta(days=n)).weekday() <= _FRIDAY for n in range(rest)
    )
    return len(places) / (supervisors * weekdays)
