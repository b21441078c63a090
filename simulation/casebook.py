"""The cases of the ward: when they open and close, and the numbers they get."""

from __future__ import annotations

from random import Random

from simulation.calendar import WardCalendar
from simulation.jobs import Case, Record, Reference
from simulation.times import clock, day_of, rfc3339, wall_ms

_LAST_RECEPTION_S = clock(17, 10)
_RECENT = 400  # cases of a section that one would find on the shelf


class CaseBook:
    """Hold all cases, in the order in which they were opened by the work."""

    def __init__(self, calendar: WardCalendar) -> None:
        self._calendar = calendar
        self.cases: list[Case] = []
        self._by_section: dict[str, list[Case]] = {}

    def open(self, case: Case, first_act_ms: int, after_s: float) -> None:
        """Open a case so long after its first look-up; past closing time, the next morning."""
        opened_ms = first_act_ms + int(after_s * 1000)
        day = day_of(first_act_ms)
        if after_s > 0 and opened_ms > wall_ms(day, _LAST_RECEPTION_S):
            morning = wall_ms(self._calendar.next_working_day(day), clock(8, 35))
            opened_ms = morning + opened_ms % 4_500_000
        case.opened_ms = opened_ms
        case.closed_ms = opened_ms + int(case.lasts_s * 1000)
        self.cases.append(case)
        self._by_section.setdefault(case.section_id, []).append(case)

    def of_another(self, rng: Random, section_id: str, operator_id: str, at_ms: int) -> Case | None:
        """Return a case of a section that somebody else works on: open, or else a closed one."""
        others = [
            case
            for case in self._by_section.get(section_id, ())[-_RECENT:]
            if case.opened_ms < at_ms and operator_id not in case.assigned_to
        ]
        still_open = [case for case in others if case.closed_ms > at_ms]
        choices = still_open or others
        return rng.choice(choices) if choices else None

    def number(self) -> None:
        """Give every case its number: section, day, and the turn within the day."""
        self.cases.sort(key=lambda case: (case.opened_ms, case.section_id))
        turns: dict[str, int] = {}
        for case in self.cases:
            stem = f"{case.code}-{day_of(case.opened_ms):%y%m%d}"
            turns[stem] = turns.get(stem, 0) + 1
            case.case_id = f"{stem}-{turns[stem]:04d}"

    def records(self, now_ms: int) -> list[Record]:
        """Return the records of `work.cases`; a case that closes after `now_ms` is open."""
        return [
            {
                "case_id": case.case_id,
                "section_id": case.section_id,
                "functions": list(case.functions),
                "resident_ids": case.resident_ids,
                "assigned_to": case.assigned_to,
                "opened_at": rfc3339(case.opened_ms),
                "closed_at": rfc3339(case.closed_ms) if case.closed_ms <= now_ms else None,
            }
            for case in self.cases
        ]


def typed(reference: Reference) -> str | None:
    """Return what stands in the field of the case number: a slip swaps or changes a digit."""
    if reference is None:
        return None
    if isinstance(reference, Case):
        return reference.case_id
    number = reference.case.case_id
    head, last = number[:-4], number[-4:]
    slipped = last[0] + last[2] + last[1] + last[3]
    if slipped == last:
        slipped = last[:3] + str((int(last[3]) + 5) % 10)
    return head + slipped
