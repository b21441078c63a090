"""Fixed thresholds, as a ward would write them in SQL and run them each night.

Each number is argued at its rule and then left alone: none was moved after a look at labels.
A query about cases waits as long as Monomi does, one working day, for a case to be entered.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import NamedTuple

from benchmarks.detection.facts import Fact
from benchmarks.detection.report import WARM_UP_DAYS, Finding, alert_of
from models.calendar import Calendar
from schemas.alerts import Alert

METHOD = "fixed"
HOUR_S = 3600.0
REPEAT_DAYS, REPEAT_WITHIN_DAYS = 3, 30
"""Once is a slip and twice may be a query that came back; a third day asks for a case."""

Day = Sequence[Fact]
"""All look-ups of one operator on one day, oldest first."""


class DayRule(NamedTuple):
    """Report an operator's day of which `counted` returns `at_least` or more, and on what."""

    name: str
    at_least: float
    counted: Callable[[Day], tuple[float, Day]]
    waits_for_cases: bool = False


def _number(test: Callable[[Fact], bool]) -> Callable[[Day], tuple[float, Day]]:
    def counted(day: Day) -> tuple[float, Day]:
        rows = [fact for fact in day if test(fact)]
        return float(len(rows)), rows

    return counted


def _busiest_hour(day: Day) -> tuple[float, Day]:
    best: Day = ()
    start = 0
    for end, fact in enumerate(day, 1):
        while fact.event.at_s - day[start].event.at_s > HOUR_S:
            start += 1
        if end - start > len(best):
            best = day[start:end]
    return float(len(best)), best


def _largest_output(day: Day) -> tuple[float, Day]:
    rows = [f for f in day if f.event.action in ("print", "export") and f.event.copies]
    most = max((f.event.copies or 0 for f in rows), default=0)
    return float(most), [f for f in rows if f.event.copies == most]


RULES: tuple[DayRule, ...] = (
    # One every two minutes for a whole hour: nobody serves residents at that pace.
    DayRule("look_ups_an_hour", 30, _busiest_hour),
    # A full counter serves 60 to 80 residents a clerk and day; 100 is beyond a long day.
    DayRule("look_ups_a_day", 100, _number(lambda _: True)),
    # Telephone, mistyped names and questions over the desk come to some ten a day.
    DayRule("without_case_a_day", 20, _number(lambda f: not f.explained), True),
    # Nobody who was not put on a shift has work to do in a dark office.
    DayRule("outside_hours", 1, _number(lambda f: f.outside_hours)),
    # A mailing to a neighbourhood has some tens of addresses; more goes by the computer room.
    DayRule("large_output", 100, _largest_output),
    # Rights are written down; each use of a screen beyond them, or without a contract, counts.
    DayRule("not_granted", 1, _number(lambda f: not f.granted)),
    # Clerks do not handle the papers of their own household, with a case or without.
    DayRule("own_household", 1, _number(lambda f: f.own_household)),
    # Addresses of victims of violence are opened for a case, or not at all.
    DayRule("protected_without_case", 1, _number(lambda f: f.protected and not f.explained), True),
)


def risk_of(value: float, at_least: float) -> float:
    """Return how far over its threshold a value lies, as a risk: 0.5 at it, 0.75 at thrice it.

    >>> risk_of(30, 30), risk_of(90, 30)
    (0.5, 0.75)
    """
    return value / (value + at_least)


def fixed_alerts(facts: Iterable[Fact], calendar: Calendar) -> Iterator[Alert]:
    """Yield what the queries report: one alert an operator, rule and day or resident."""
    days: dict[tuple[str, int], list[Fact]] = {}
    for fact in facts:
        days.setdefault((fact.event.operator_id, fact.day), []).append(fact)
    first_day = min((day for _, day in days), default=0)
    visits: dict[tuple[str, str], list[Fact]] = {}
    for operator_id, day in sorted(days, key=lambda key: (key[1], key[0])):
        rows = days[operator_id, day]
        findings = [*_day_findings(rows), *_repeat_findings(rows, visits)]
        if day >= first_day + WARM_UP_DAYS:
            yield from (alert_of(finding, calendar.zone) for finding in findings)


def _day_findings(day: Day) -> Iterator[Finding]:
    for rule in RULES:
        value, evidence = rule.counted(day)
        if value < rule.at_least:
            continue
        yield Finding(
            method=METHOD,
            rule=rule.name,
            subject=str(day[0].day),
            night_s=_night_s(evidence) if rule.waits_for_cases else day[0].night_s,
            risk=risk_of(value, rule.at_least),
            observed=value,
            expected=rule.at_least,
            evidence=evidence,
        )


def _repeat_findings(day: Day, visits: dict[tuple[str, str], list[Fact]]) -> Iterator[Finding]:
    """Report residents seen without a case on several days of thirty; further days revise."""
    seen: dict[str, list[Fact]] = {}
    for fact in day:
        if fact.event.resident_id and not fact.explained:
            seen.setdefault(fact.event.resident_id, []).append(fact)
    for resident_id, rows in seen.items():
        pair = visits.setdefault((rows[0].event.operator_id, resident_id), [])
        pair += rows
        evidence = [f for f in pair if f.day > rows[0].day - REPEAT_WITHIN_DAYS]
        days = len({f.day for f in evidence})
        if days >= REPEAT_DAYS:
            yield Finding(
                method=METHOD,
                rule="repeat_without_case",
                subject=resident_id,
                night_s=_night_s(rows),
                risk=risk_of(days, REPEAT_DAYS),
                observed=days,
                expected=REPEAT_DAYS,
                evidence=evidence,
                resident_id=resident_id,
                revision=len({f.day for f in pair}),
            )


def _night_s(rows: Day) -> float:
    return max(fact.explained_night_s for fact in rows)
