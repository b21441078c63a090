"""What a table of look-ups, joined with cases, shifts and the directory, says of each one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from models.calendar import Calendar
from models.context import Context, Person
from models.organisation import posting_of, sections_in_force
from models.policy import Policy
from models.replay import TopicEvent
from schemas.directory import Operator
from schemas.events import LookUpEvent

LOCK_UP_GRACE_S = 30 * 60.0
"""Who locks up half an hour late is no news."""

_POLICY = Policy()


@dataclass(frozen=True, slots=True)
class Fact:
    """Hold one look-up with its joins, by the contract's rules.

    `covered` by a case known at that time, `explained` also by one opened within a working
    day; both are true where no resident is named. `night_s` is the midnight after its day,
    `explained_night_s` the one after that working day: when a nightly query can say so.
    """

    event: LookUpEvent
    day: int
    into_day_s: float
    night_s: float
    explained_night_s: float
    section_id: str | None
    supervisor_id: str | None
    granted: bool
    covered: bool
    explained: bool
    outside_hours: bool
    own_household: bool
    protected: bool


def facts_of(events: Iterable[TopicEvent], context: Context, calendar: Calendar) -> Iterator[Fact]:
    """Yield a fact a look-up, in the order of the events; sign-ins and doors are passed over."""
    for _, event in events:
        if isinstance(event, LookUpEvent):
            yield _fact(event, context, calendar)


def _fact(event: LookUpEvent, context: Context, calendar: Calendar) -> Fact:
    day = calendar.day(event.at_s)
    midnight_s = calendar.midnight_s(day)
    operator = context.operators.get(event.operator_id)
    posting = posting_of(operator, date.fromordinal(day), event.function)
    section_id = posting.assignment.section_id if posting else None
    section = context.sections.get(section_id or "")
    due_s = calendar.working_days_after(section, event.at_s, _POLICY.clock_working_days)
    sections = sections_in_force(operator, date.fromordinal(day))
    person = context.residents.get(event.resident_id or "")
    covered = _is_covered(event, context, sections, event.at_s)
    outside_s = 0.0
    if section is not None:
        spans = calendar.open_spans(section, day)
        outside_s = calendar.seconds_outside(spans, event.at_s, midnight_s)
    return Fact(
        event=event,
        day=day,
        into_day_s=event.at_s - midnight_s,
        night_s=calendar.midnight_s(day + 1),
        explained_night_s=calendar.midnight_s(calendar.day(due_s) + 1),
        section_id=section_id,
        supervisor_id=posting.assignment.supervisor_id if posting else None,
        granted=posting is not None and posting.in_force and posting.granted,
        covered=covered,
        explained=covered or _is_covered(event, context, sections, due_s),
        outside_hours=outside_s > LOCK_UP_GRACE_S
        and not context.on_shift(event.operator_id, event.at_s),
        own_household=_is_own_household(event, operator, person, context),
        protected=person is not None and person.protected,
    )


def _is_covered(
    event: LookUpEvent, context: Context, sections: frozenset[str], known_until_s: float
) -> bool:
    return event.resident_id is None or bool(
        context.covering_case(
            sections,
            (event.resident_id,),
            event.at_s,
            _POLICY.case_after_close_days,
            known_until_s,
        )
    )


def _is_own_household(
    event: LookUpEvent, operator: Operator | None, person: Person | None, context: Context
) -> bool:
    if context.staff.get(event.resident_id or "") == event.operator_id:
        return True
    if operator is None or person is None or person.household_id is None:
        return False
    return person.household_id == operator.household_id
