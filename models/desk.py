"""Where a look-up is made from: assignment, section, hours and ties of an operator on a day."""

from __future__ import annotations

from datetime import date
from functools import lru_cache

import msgspec

from models.calendar import Calendar, Span
from models.context import Context
from models.organisation import Posting, posting_of, sections_in_force, was_granted
from models.pairs import circumstances

NO_COHORT = "?"


class Desk(msgspec.Struct):
    """Hold what one operator's look-ups by one function share on one day.

    `starts_day` is the first day of the assignment; `former`: an assignment that has ended
    granted the function. `household_id` and `block_id` are the operator's own.
    """

    day: int
    midnight_s: float
    posting: Posting | None
    section_id: str | None
    supervisor_id: str | None
    cohort_key: str
    sections: frozenset[str]
    circumstances: int
    starts_day: int
    known: bool
    granted: bool
    in_force: bool
    former: bool
    working_day: bool
    spans: tuple[Span, ...] | None
    on_duty: bool | None
    token: str | None
    household_id: str | None
    block_id: str | None
    clock_midnight_s: float = 0.0
    """The midnight of the day on which justification clocks end; 0 until somebody asks."""


class Desks:
    """Look desks up, each once for an operator, a day and a function."""

    def __init__(self, context: Context, calendar: Calendar) -> None:
        self._context = context
        self._calendar = calendar
        self._known: dict[tuple[str, int, str], Desk] = {}
        self._on_duty = lru_cache(maxsize=4096)(self._has_shift)
        self._version = -1

    def desk(self, operator_id: str, day: int, function: str) -> Desk:
        """Return the desk of a look-up."""
        if self._version != self._context.version or len(self._known) > 20_000:
            self._known.clear()
            self._on_duty.cache_clear()
            self._version = self._context.version
        key = (operator_id, day, function)
        desk = self._known.get(key)
        if desk is None:
            desk = self._known[key] = self._found(operator_id, day, function)
        return desk

    def _found(self, operator_id: str, day: int, function: str) -> Desk:
        context, calendar, the_day = self._context, self._calendar, date.fromordinal(day)
        operator = context.operators.get(operator_id)
        posting = posting_of(operator, the_day, function)
        assignment = posting.assignment if posting else None
        section = context.sections.get(assignment.section_id) if assignment else None
        spans = None if section is None else calendar.open_spans(section, day)
        working_day = the_day.weekday() < 5 and not calendar.is_closed(the_day)
        token = operator.resident_token if operator else None
        person = context.residents.get(token) if token else None
        starts_day = assignment.starts_on.toordinal() if assignment else 0
        return Desk(
            day=day,
            midnight_s=calendar.midnight_s(day),
            posting=posting,
            section_id=assignment.section_id if assignment else None,
            supervisor_id=assignment.supervisor_id if assignment else None,
            cohort_key=f"{assignment.section_id}/{assignment.role}" if assignment else NO_COHORT,
            sections=sections_in_force(operator, the_day),
            circumstances=circumstances(
                assignment.section_id if assignment else None, function, starts_day
            ),
            starts_day=starts_day,
            known=operator is not None,
            granted=posting is not None and posting.granted,
            in_force=posting is not None and posting.in_force,
            former=was_granted(operator, the_day, function),
            working_day=working_day if spans is None else bool(spans),
            spans=spans,
            on_duty=self._on_duty(operator_id, day),
            token=token,
            household_id=(operator and operator.household_id) or (person and person.household_id),
            block_id=(operator and operator.block_id) or (person and person.block_id),
        )

    def _has_shift(self, operator_id: str, day: int) -> bool | None:
        """Return whether a shift touches the day; None where the operator's are not known."""
        if not self._context.has_shifts(operator_id):
            return None
        midnight_s = self._calendar.midnight_s(day)
        return self._context.works_on(operator_id, midnight_s, midnight_s + 86_400.0)
