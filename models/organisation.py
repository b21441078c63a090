"""Assignments in force: who works where, with which rights, for which supervisor."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

from schemas.directory import Assignment, Operator


class Posting(NamedTuple):
    """Hold the assignment that a look-up is judged under, and whether it was in force."""

    assignment: Assignment
    in_force: bool
    granted: bool


def posting_of(operator: Operator | None, day: date, function: str) -> Posting | None:
    """Return the assignment of a look-up (contract, "Effective times"); None where unknown.

    Of those in force the one that grants the function, then the one that started last; none
    in force, the one that ended last.
    """
    if operator is None:
        return None
    best: Posting | None = None
    best_rank: tuple[bool, date] | None = None
    for assignment in operator.assignments:
        if is_in_force(assignment, day):
            granted = function in assignment.functions
            rank = (granted, assignment.starts_on)
            if best_rank is None or rank > best_rank:
                best, best_rank = Posting(assignment, True, granted), rank
    if best is not None:
        return best
    ended = [a for a in operator.assignments if a.ends_on is not None and a.ends_on < day]
    if not ended:
        return None
    last = max(ended, key=lambda a: (a.ends_on, a.starts_on))
    return Posting(last, False, function in last.functions)


def is_in_force(assignment: Assignment, day: date) -> bool:
    """Return whether an assignment holds on a day, both its ends included."""
    return assignment.starts_on <= day and (assignment.ends_on is None or day <= assignment.ends_on)


def sections_in_force(operator: Operator | None, day: date) -> frozenset[str]:
    """Return the sections in which an operator has an assignment on a day."""
    if operator is None:
        return frozenset()
    return frozenset(a.section_id for a in operator.assignments if is_in_force(a, day))


def was_granted(operator: Operator | None, day: date, function: str) -> bool:
    """Return whether an assignment that has ended by a day granted a function."""
    return operator is not None and any(
        function in a.functions and a.ends_on is not None and a.ends_on < day
        for a in operator.assignments
    )
