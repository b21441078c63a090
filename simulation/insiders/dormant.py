"""Accounts that should rest: of those who have left, and of those who are away for months."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import NamedTuple

from simulation.insiders.misuse import Errand, Misuse
from simulation.insiders.scene import Scene
from simulation.staff import Assignment, Operator
from simulation.times import clock

_LEAST_REST_DAYS = 60
_MOST_DAYS_AFTER = 120
_CAREFUL = 0.5


class _Rest(NamedTuple):
    """Name an account with the span in which nobody should use it."""

    operator: Operator
    last_held: Assignment
    first: date
    last: date


def expired(scene: Scene) -> Misuse | None:
    """Plan looks by an account after its contract's end, or woken from long rest.

    By the one who left, at an old desk, or by a colleague who knows the password. Careful:
    once or twice when the office is nearly empty; otherwise on several days like anybody.
    """
    rng = scene.rng
    rests = [
        rest
        for rest in (*_left(scene), *_away(scene))
        if rest.operator.operator_id not in scene.taken
        and len(scene.calendar.working_days_between(rest.first, rest.last)) >= 3
    ]
    if not rests:
        return None
    rest = rng.choice(rests)
    section = rest.last_held.section
    careful = rng.random() < _CAREFUL
    days = list(scene.calendar.working_days_between(rest.first, rest.last))
    begins = rng.randrange(len(days))
    days = days[begins : begins + 30]
    count = rng.randint(1, 2) if careful else rng.randint(3, 6)
    function = next(f for f in section.desk.functions if f.endswith(".inquiry"))
    errands = []
    for day in sorted(rng.sample(days, min(count, len(days)))):
        at_s = clock(17, 25) + 3600 * rng.random() if careful else clock(9) + 28_000 * rng.random()
        residents = scene.strangers(rng.randint(1, 3 if careful else 6))
        job = scene.look(rest.operator, day, residents, at_s, function)
        job.borrows = None
        errands.append(Errand(day, job, rng.choice((*section.desks, *section.counters))))
    return Misuse("expired", rest.operator, None, errands)


def _left(scene: Scene) -> Iterator[_Rest]:
    """Yield the accounts of those whose contract has ended and who are not back."""
    for operator in scene.staff.operators:
        held = sorted(operator.assignments, key=lambda a: a.starts_on)
        if not held or operator in scene.staff.returning:
            continue
        for number, assignment in enumerate(held):
            if assignment.ends_on is None:
                continue
            ended = assignment.ends_on
            back = held[number + 1].starts_on if number + 1 < len(held) else date.max
            first = max(scene.earliest, ended + timedelta(days=3))
            until = ended + timedelta(days=_MOST_DAYS_AFTER)
            if operator in scene.staff.former:  # gone for good, and forgotten by all
                until = scene.plan.last_day
            last = min(scene.plan.last_day, back - timedelta(days=1), until)
            if first < last and not any(a.holds_on(first) for a in held):
                yield _Rest(operator, assignment, first, last)


def _away(scene: Scene) -> Iterator[_Rest]:
    """Yield the accounts of those who are absent for months, after two of them."""
    for operator, gone, back in scene.roster.absences.values():
        held = operator.assignment_on(gone)
        first = max(scene.earliest, gone + timedelta(days=_LEAST_REST_DAYS))
        last = min(scene.plan.last_day, back)
        if held is not None and first < last:
            yield _Rest(operator, held, first, last)
