"""River's half-space trees over a few numbers a look-up, as one would first try them."""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Iterable, Iterator

from river.anomaly import HalfSpaceTrees

from benchmarks.detection.facts import Fact
from benchmarks.detection.report import WARM_UP_DAYS, Finding, alert_of
from models.calendar import DAY_S, Calendar
from schemas.alerts import Alert

METHOD = "half_space_trees"
SHOWN_LOOK_UPS = 5
"""An alert shows a day's strangest five: one of them that is misuse is the fifth that finds."""

_HOUR_S = 3600.0
_REPEAT_DAYS = 30
_ACTIONS = {"search": 0.0, "view": 0.25, "print": 0.5, "update": 0.75, "export": 1.0}

# Above these a number is as high as it gets: a feature must lie between 0 and 1.
_MOST_AN_HOUR, _MOST_A_DAY, _MOST_REPEATS = 60, 150, 5
_LEAST_RISK = 1e-6


class _Pace:
    """Count an operator's look-ups of the last hour and of the day."""

    def __init__(self) -> None:
        self._hour: deque[float] = deque()
        self._day = 0
        self._look_ups = 0
        self._residents: set[str] = set()

    def count(self, fact: Fact) -> tuple[int, int, int]:
        """Return look-ups in an hour, look-ups and residents that day, this one included."""
        at_s = fact.event.at_s
        self._hour.append(at_s)
        while at_s - self._hour[0] > _HOUR_S:
            self._hour.popleft()
        if fact.day != self._day:
            self._day, self._look_ups = fact.day, 0
            self._residents.clear()
        self._look_ups += 1
        if fact.event.resident_id:
            self._residents.add(fact.event.resident_id)
        return len(self._hour), self._look_ups, len(self._residents)


class SimpleFeatures:
    """Turn look-ups, in order, into numbers from 0 to 1, with what is known at their time."""

    def __init__(self) -> None:
        self._paces: dict[str, _Pace] = defaultdict(_Pace)
        self._visits: dict[tuple[str, str], deque[int]] = defaultdict(deque)

    def of(self, fact: Fact) -> dict[str, float]:
        """Return one look-up's features."""
        an_hour, a_day, residents = self._paces[fact.event.operator_id].count(fact)
        return {
            "hour": fact.into_day_s / DAY_S % 1.0,
            "weekday": (fact.day - 1) % 7 / 6,
            "look_ups_an_hour": _capped(an_hour, _MOST_AN_HOUR),
            "look_ups_a_day": _capped(a_day, _MOST_A_DAY),
            "residents_a_day": _capped(residents, _MOST_A_DAY),
            "without_case": float(not fact.covered),
            "action": _ACTIONS[fact.event.action],
            "repeats": _capped(self._repeats(fact), _MOST_REPEATS),
        }

    def _repeats(self, fact: Fact) -> int:
        """Return on how many days of the last thirty the operator saw the resident before."""
        if fact.event.resident_id is None:
            return 0
        days = self._visits[fact.event.operator_id, fact.event.resident_id]
        while days and days[0] <= fact.day - _REPEAT_DAYS:
            days.popleft()
        before = len(days) - (bool(days) and days[-1] == fact.day)
        if before == len(days):
            days.append(fact.day)
        return before


def half_space_alerts(facts: Iterable[Fact], calendar: Calendar, seed: int) -> Iterator[Alert]:
    """Yield an alert an operator and day, at midnight, ranked by its highest score.

    One forest for the whole ward, with River's defaults; each look-up is scored, then learned.
    """
    forest, features = HalfSpaceTrees(seed=seed), SimpleFeatures()
    days: dict[tuple[int, str], list[tuple[float, Fact]]] = {}
    for fact in facts:
        numbers = features.of(fact)
        score = float(forest.score_one(numbers))
        forest.learn_one(numbers)
        days.setdefault((fact.day, fact.event.operator_id), []).append((score, fact))
    first_day = min((day for day, _ in days), default=0)
    for (day, _), scored in days.items():
        if day >= first_day + WARM_UP_DAYS:
            yield alert_of(_day_finding(scored), calendar.zone)


def _day_finding(scored: list[tuple[float, Fact]]) -> Finding:
    strangest = sorted(scored, key=lambda row: -row[0])[:SHOWN_LOOK_UPS]
    highest, first = strangest[0]
    return Finding(
        method=METHOD,
        rule=METHOD,
        subject=str(first.day),
        night_s=first.night_s,
        risk=min(max(highest, _LEAST_RISK), 1 - _LEAST_RISK),
        observed=highest,
        expected=0.5,
        evidence=sorted((fact for _, fact in strangest), key=lambda fact: fact.event.at_s),
    )


def _capped(count: int, most: int) -> float:
    return min(1.0, count / most)
