"""What is known about one look-up when it is judged: gathered once, read by every detector."""

from __future__ import annotations

from datetime import date

import msgspec

from models.calendar import Calendar
from models.cohort import CohortView
from models.context import Context
from models.organisation import Posting, posting_of
from models.pairs import Pair, circumstances
from models.policy import Policy
from models.profile import Profile
from models.shared import Snapshot
from schemas.access import AccessQuery

_FOR_CASES = {"work.cases", "directory.operators"}
"""Whether a case covers a look-up is a matter of both."""


class LookUp(msgspec.Struct, array_like=True, frozen=True):
    """Hold what is kept of a look-up that may still be explained, or that an alert shows."""

    event_id: str
    at_s: float
    operator_id: str
    terminal_id: str
    function: str
    action: str
    resident_id: str | None
    case_id: str | None


class Features(msgspec.Struct):
    """Hold one look-up in its context, at its own time.

    `slot` is 24 x working day + hour, `minute_of_day` local; `outside_s` how far the time
    lies from the section's opening hours, None where those are not known; `on_shift` None where
    shifts are not fed;
    `explained` None where cases are not fed or no resident is named. `pair` is the memory
    before this look-up. `firm`: the justification clock has ended.
    """

    look_up: LookUp
    day: int
    slot: int
    minute_of_day: int
    outside_s: float | None
    on_shift: bool | None
    posting: Posting | None
    cohort_key: str
    circumstances: int
    explained: bool | None
    pair: Pair | None
    profile: Profile
    snapshot: Snapshot
    cohort: CohortView
    firm: bool = False


def look_up_of(event: AccessQuery, at_s: float) -> LookUp:
    """Return what is kept of an event."""
    return LookUp(
        event.event_id,
        at_s,
        event.operator_id,
        event.terminal_id,
        event.function,
        event.action,
        event.resident_id,
        event.case_id,
    )


class FeatureMaker:
    """Gather the features of look-ups from context, memory and the snapshot in force."""

    def __init__(self, context: Context, calendar: Calendar, policy: Policy) -> None:
        self._context = context
        self._calendar = calendar
        self._policy = policy

    def make(
        self,
        look_up: LookUp,
        profile: Profile,
        pair: Pair | None,
        snapshot: Snapshot,
        known_until_s: float | None = None,
    ) -> Features:
        """Return the features of a look-up; `known_until_s` ends its justification clock."""
        local = self._calendar.local(look_up.at_s)
        the_day, day = local.date(), local.toordinal()
        context = self._context
        operator = context.operators.get(look_up.operator_id)
        posting = posting_of(operator, the_day, look_up.function)
        assignment = posting.assignment if posting else None
        section = context.sections.get(assignment.section_id) if assignment else None
        outside_s = None
        working_day = the_day.weekday() < 5 and not self._calendar.is_closed(the_day)
        if section is not None:
            outside_s = self._calendar.seconds_outside(section, look_up.at_s, day)
            working_day = bool(self._calendar.open_spans(section, day))
        on_shift = None
        if "work.shifts" in context.fed:
            on_shift = context.on_shift(look_up.operator_id, look_up.at_s)
        key = f"{assignment.section_id}/{assignment.role}" if assignment else "?"
        return Features(
            look_up=look_up,
            day=day,
            slot=24 * working_day + local.hour,
            minute_of_day=60 * local.hour + local.minute,
            outside_s=outside_s,
            on_shift=on_shift,
            posting=posting,
            cohort_key=key,
            circumstances=circumstances(
                assignment.section_id if assignment else None,
                look_up.function,
                assignment.starts_on.toordinal() if assignment else 0,
            ),
            explained=self._explained(look_up, the_day, known_until_s),
            pair=pair,
            profile=profile,
            snapshot=snapshot,
            cohort=snapshot.cohort(key),
            firm=known_until_s is not None,
        )

    def _explained(self, look_up: LookUp, day: date, known_until_s: float | None) -> bool | None:
        if look_up.resident_id is None or not self._context.fed >= _FOR_CASES:
            return None
        case = self._context.covering_case(
            look_up.operator_id,
            look_up.resident_id,
            look_up.at_s,
            day,
            self._policy.case_after_close_days,
            look_up.at_s if known_until_s is None else known_until_s,
        )
        return case is not None
