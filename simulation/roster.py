"""Who is on duty when: shifts, leave, overtime, Sunday openings, substitutes."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from simulation.calendar import WardCalendar, season
from simulation.organisation import CLOSES_S, LATE_CLOSES_S, OPENS_S, Section
from simulation.plan import WardPlan
from simulation.staff import Assignment, Operator
from simulation.times import clock, rfc3339, wall_ms
from simulation.turnover import Staff

_LEAVE_SHARE = 0.055
_OBON = (((8, 12), (8, 16), 3.0),)
_SUNDAY_SHARE = 0.35
_UNRECORDED_SHARE = 0.35  # of the substitutes: lent by word of mouth
_ABSENT_SHARE = 0.09  # of the permanent clerks in a year: a child, an illness
_ABSENT_DAYS = (65, 220)


@dataclass(slots=True, eq=False)
class Duty:
    """Hold one operator's day at work; seconds count from midnight.

    The shift ends at `ends_s`; `approved_until_s` is the end of approved overtime (or
    `ends_s`), `stays_until_s` when the person really stops. `kind`: `regular`, `sunday`,
    `overtime` (approved work on a closed day) or `unplanned` (no shift at all).
    """

    operator: Operator
    day: date
    assignment: Assignment
    starts_s: int
    ends_s: int
    lunch_s: int
    approved_until_s: int
    stays_until_s: int
    kind: str = "regular"

    def shifts(self) -> list[tuple[int, int, str]]:
        """Return (start, end, kind) of each approved shift of the day, in ms."""
        if self.kind == "unplanned":
            return []
        kind = "overtime" if self.kind == "overtime" else "regular"
        shifts = [(wall_ms(self.day, self.starts_s), wall_ms(self.day, self.ends_s), kind)]
        if self.approved_until_s > self.ends_s:
            end_ms = wall_ms(self.day, self.approved_until_s)
            shifts.append((wall_ms(self.day, self.ends_s), end_ms, "overtime"))
        return shifts


class Roster:
    """Hold all duties, by day and by operator."""

    def __init__(self) -> None:
        self.by_day: dict[date, list[Duty]] = {}
        self.by_operator: dict[str, dict[date, Duty]] = {}
        self.absences: dict[str, tuple[Operator, date, date]] = {}
        """Operator id to first and last day of a long absence, in which the account rests."""

    def add(self, duty: Duty) -> Duty:
        """Add a duty; an operator has one a day."""
        self.by_day.setdefault(duty.day, []).append(duty)
        self.by_operator.setdefault(duty.operator.operator_id, {})[duty.day] = duty
        return duty

    def duty(self, operator: Operator, day: date) -> Duty | None:
        """Return an operator's duty of a day, or None."""
        return self.by_operator.get(operator.operator_id, {}).get(day)

    def regular_days(self, operator: Operator, first: date, last: date) -> list[date]:
        """Return the days of regular duty from `first` to `last`, in order."""
        duties = self.by_operator.get(operator.operator_id, {})
        days = [day for day, duty in duties.items() if duty.kind == "regular"]
        return sorted(day for day in days if first <= day <= last)

    def linger(self, operator: Operator, day: date, until_s: int) -> None:
        """Let an operator on duty stay without approval."""
        duty = self.by_operator[operator.operator_id][day]
        duty.stays_until_s = max(duty.stays_until_s, until_s)

    def come_in(self, operator: Operator, assignment: Assignment, day: date, span: range) -> None:
        """Let an operator come in without any shift; `span` gives seconds of the day."""
        duty = Duty(
            operator, day, assignment, span.start, span.stop, 0, span.stop, span.stop, "unplanned"
        )
        self.add(duty)

    def shift_records(self, plan: WardPlan) -> list[dict[str, Any]]:
        """Return the records of `work.shifts`, by start and operator."""
        rows = [
            (start_ms, duty.operator.operator_id, end_ms, kind)
            for duties in self.by_day.values()
            for duty in duties
            for start_ms, end_ms, kind in duty.shifts()
        ]
        rows.sort()
        return [
            {
                "shift_id": f"sh-{plan.start.year}-{number:07d}",
                "operator_id": operator_id,
                "starts_at": rfc3339(start_ms),
                "ends_at": rfc3339(end_ms),
                "kind": kind,
            }
            for number, (start_ms, operator_id, end_ms, kind) in enumerate(rows, 1)
        ]


class RosterMaker:
    """Draw up the roster of all days; substitutes get their assignments on the way."""

    def __init__(
        self, plan: WardPlan, calendar: WardCalendar, staff: Staff, sections: Sequence[Section]
    ) -> None:
        self._plan, self._calendar, self._staff = plan, calendar, staff
        self._sections = sections
        self._rng = plan.rng("roster")
        self._unrecorded: dict[tuple[str, date], Assignment] = {}
        self._absences: dict[str, tuple[Operator, date, date]] = {}
        self._part_time = {op.operator_id: self._rng.random() < 0.5 for op in staff.operators}

    def make(self) -> Roster:
        """Return the roster of all days."""
        self._send_away()
        self._send_substitutes()
        roster = Roster()
        roster.absences = self._absences
        sundays = set(self._calendar.sunday_openings())
        for day in self._calendar.days:
            for operator in self._staff.operators:
                key = (operator.operator_id, day)
                assignment = self._unrecorded.get(key) or operator.assignment_on(day)
                if assignment is None or assignment.role == "head" or self._away(operator, day):
                    continue
                if not self._calendar.is_closed(day):
                    self._working_day(roster, operator, assignment, day)
                elif day in sundays and assignment.section.desk.sundays:
                    self._sunday(roster, operator, assignment, day)
                elif day.weekday() == 5 and not self._calendar.is_year_end(day):
                    self._saturday(roster, operator, assignment, day)
        return roster

    def _working_day(self, roster: Roster, op: Operator, held: Assignment, day: date) -> None:
        rng = self._rng
        if rng.random() < _LEAVE_SHARE * season(day, _OBON):
            return
        starts_s, ends_s = OPENS_S, CLOSES_S
        if held.employment == "temporary" and self._part_time[op.operator_id]:
            starts_s, ends_s = clock(9), clock(16)
        elif held.employment == "contractor":
            starts_s, ends_s = clock(9), clock(17)
        elif held.section.closes_s(day.weekday()) > CLOSES_S and rng.random() < 0.4:
            starts_s, ends_s = clock(10, 15), LATE_CLOSES_S
        approved_s = self._overtime_until(rng, held, day, ends_s)
        stays_s = approved_s
        if approved_s == ends_s and rng.random() < 0.015:  # the last customer, no approval
            stays_s = ends_s + rng.randint(15, 80) * 60
        lunch_s = max(op.lunch_s, starts_s + clock(2))
        roster.add(Duty(op, day, held, starts_s, ends_s, lunch_s, approved_s, stays_s))

    def _overtime_until(self, rng: random.Random, held: Assignment, day: date, ends_s: int) -> int:
        """Return until when overtime is approved: permanent staff, mostly in a desk's season."""
        if held.employment != "permanent" or held.role == "substitute":
            return ends_s
        busy = season(day, held.section.desk.peaks)
        if rng.random() >= 0.04 + 0.22 * (busy - 1.0):
            return ends_s
        return max(ends_s, CLOSES_S) + rng.choice((45, 60, 75, 90, 120, 150, 180, 210)) * 60

    def _sunday(self, roster: Roster, op: Operator, held: Assignment, day: date) -> None:
        if held.employment == "permanent" and self._rng.random() < _SUNDAY_SHARE:
            starts_s, ends_s = clock(8, 45), clock(12, 45)
            roster.add(Duty(op, day, held, starts_s, ends_s, 0, ends_s, ends_s, "sunday"))

    def _saturday(self, roster: Roster, op: Operator, held: Assignment, day: date) -> None:
        """Let a few work on a Saturday of their desk's season, approved."""
        busy = season(day, held.section.desk.peaks)
        if held.employment == "permanent" and self._rng.random() < 0.08 * (busy - 1.0):
            starts_s, ends_s = clock(9), clock(9) + self._rng.randint(3, 7) * 3600
            roster.add(Duty(op, day, held, starts_s, ends_s, 0, ends_s, ends_s, "overtime"))

    def _send_substitutes(self) -> None:
        """Lend clerks to other sections: now and then for sickness, and for the moving season."""
        rng = self._rng
        days = self._calendar.working_days
        for index, day in enumerate(days):
            moving = (day.month, day.day) in ((3, 24), (3, 25), (3, 26), (3, 31))
            chance = 0.06 * len(self._sections) / 4 + (0.6 if moving else 0.0)
            if rng.random() >= chance:
                continue
            target = self._sections[0] if moving else rng.choice(self._sections)
            last = days[min(index + rng.choice((0, 0, 1, 2, 4, 7)), len(days) - 1)]
            self._lend(target, day, last)

    def _lend(self, target: Section, first: date, last: date) -> None:
        candidates = [
            op
            for op in self._staff.operators
            if (held := op.assignment_on(first)) is not None
            and held.employment == "permanent"
            and held.role == "clerk"
            and held.section is not target
            and op.assignment_on(last) is held
            and not (self._away(op, first) or self._away(op, last))
        ]
        if not candidates:
            return
        supervisor = self._staff.supervisors[target.section_id][0]
        substitute = self._rng.choice(candidates)
        lent = Assignment(target, "substitute", "permanent", supervisor, first, last)
        if self._rng.random() < _UNRECORDED_SHARE:
            for day in self._calendar.working_days_between(first, last):
                self._unrecorded[substitute.operator_id, day] = lent
        else:
            substitute.assignments.append(lent)

    def _send_away(self) -> None:
        """Let some permanent clerks be away for months, and come back to the same desk."""
        rng, plan = self._rng, self._plan
        for operator in self._staff.operators:
            held = operator.assignment_on(plan.start)
            if held is None or held.employment != "permanent" or held.role != "clerk":
                continue
            if rng.random() < _ABSENT_SHARE * (plan.days + 180) / 365:
                first = plan.start + timedelta(days=rng.randint(-180, plan.days))
                last = first + timedelta(days=rng.randint(*_ABSENT_DAYS))
                self._absences[operator.operator_id] = (operator, first, last)

    def _away(self, operator: Operator, day: date) -> bool:
        """Tell whether an operator is absent for months."""
        absence = self._absences.get(operator.operator_id)
        return absence is not None and absence[1] <= day <= absence[2]
