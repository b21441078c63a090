"""The office through the run, day by day."""

from __future__ import annotations

import random

from benchmarks.island_ward.agenda import Agenda, idle
from benchmarks.island_ward.attendance import Attendance, Gatekeeper
from benchmarks.island_ward.back_desks import DESKS
from benchmarks.island_ward.casework import Ledger
from benchmarks.island_ward.clerk import Clerk, Visit
from benchmarks.island_ward.days import DAY, HOUR, MINUTE, Calendar, clock
from benchmarks.island_ward.errands import Errands
from benchmarks.island_ward.insiders import plan
from benchmarks.island_ward.opening import LATE_TURN, extra_openings, late_day
from benchmarks.island_ward.personnel import Personnel
from benchmarks.island_ward.records import Log, Shift
from benchmarks.island_ward.site import Site
from benchmarks.island_ward.staff import Operator
from benchmarks.island_ward.town import Town
from benchmarks.island_ward.work import Desk


class Ward:
    """Hold one run: the town, its office, and all that was written down."""

    def __init__(self, seed: int, days: int, operators: int, residents: int) -> None:
        self.seed = seed
        self.desks = DESKS if operators >= len(DESKS) else DESKS[:operators]
        self.calendar = Calendar(seed, days)
        self.town = Town(seed, residents)
        personnel = Personnel(seed, operators, self.town, self.calendar, self.desks)
        self.chiefs, self.staff = personnel.chiefs, personnel.operators
        self.site = Site(seed, self.desks, self.staff)
        self.log = Log()
        self.ledger = Ledger(random.Random(f"{seed}:ledger"), self.calendar, self.desks)
        self.errands: Errands = plan(seed, self.calendar, self.town, self.staff, self.site)
        self._gate = Gatekeeper(seed, self.log, self.site)
        self._clerk = Clerk(seed, self.log, self.ledger, self.town)
        self._agenda = Agenda(seed, self.town, self.ledger, self.calendar)
        self._rng = random.Random(f"{seed}:ward")
        self.openings = {desk.section_id: extra_openings(desk, self.calendar) for desk in DESKS}

    def run(self) -> None:
        """Live through all days."""
        for operator in self.staff:
            stint = operator.stint_on(self.calendar.dates[0])
            if stint:
                self._agenda.standing(operator, stint.desk)
        for day in range(self.calendar.days):
            if self.calendar.closed(day):
                self._shut_day(day)
            else:
                self._open_day(day)
            self._sittings(day)

    def _open_day(self, day: int) -> None:
        present = self._roster(day)
        roster: dict[str, list[Operator]] = {desk.section_id: [] for desk in self.desks}
        for operator, desk in present:
            roster[desk.section_id].append(operator)
        files = self._agenda.files(day, roster)
        turns: dict[str, int] = {}
        for operator, desk in present:
            turn = turns[desk.section_id] = turns.get(desk.section_id, day) + 1
            hours = desk.opens
            if late_day(desk, self.calendar.dates[day]) and self._rng.random() < 0.35:
                hours = LATE_TURN
            self._shift(operator, day, hours, "regular")
            attendance = self._gate.attend(operator, desk, day, hours, turn)
            visits = self._agenda.visits(operator, desk, day)
            visits += self._agenda.batches(operator, desk, day)
            visits += files.get(operator.operator_id, [])
            visits += self.errands.due(operator, day, self.ledger)
            self._work(attendance, visits)
            self._evening(operator, desk, day, hours)

    def _roster(self, day: int) -> list[tuple[Operator, Desk]]:
        """Return who is in on an open day, and at which desk."""
        date = self.calendar.dates[day]
        found = []
        for operator in self.staff:
            stint = operator.stint_on(date)
            if stint and self._rng.random() >= operator.habits.absent:
                found.append((operator, stint.desk))
        return found

    def _work(self, attendance: Attendance, visits: list[Visit]) -> None:
        """Do a day's work in the order in which it was wanted."""
        free = 0
        for visit in sorted(visits, key=lambda visit: visit.want):
            at = attendance.next_free(max(visit.want, free))
            thread = visit.thread
            if at is None:
                if thread and thread.desk is attendance.desk:
                    self.ledger.postpone(thread, attendance.day)
                self.errands.missed(attendance.operator, visit)
                continue
            free = self._clerk.serve(visit, attendance, at)
            if thread and thread.desk is attendance.desk:
                self.ledger.go_on(thread, attendance.day)

    def _evening(self, operator: Operator, desk: Desk, day: int, hours: tuple[str, str]) -> None:
        """Let some stay for overtime, which nearly always was approved before."""
        month = self.calendar.dates[day].month
        chance = desk.overtime.get(month, 0.025)
        if operator.habits.part_time or self._rng.random() >= chance:
            return
        start = day * DAY + clock(hours[1]) + self._rng.randint(10, 35) * MINUTE
        end = start + int(self._rng.uniform(0.7, 3.4) * HOUR)
        shift = Shift(operator.operator_id, start - 10 * MINUTE, end, "overtime")
        # Now and then it is ordered by word of mouth, and the paper is never made.
        if self._rng.random() > 0.06:
            self.log.shifts.append(shift)
        self._extra(operator, desk, day, start, end)

    def _shut_day(self, day: int) -> None:
        """Open the sections that have an extra opening; a few others work overtime."""
        month = self.calendar.dates[day].month
        for operator, desk in self._roster(day):
            hours = self.openings[desk.section_id].get(day)
            if hours and self._rng.random() < 0.5:
                self._shift(operator, day, hours, "regular")
                attendance = self._gate.attend(operator, desk, day, hours, day)
                visits = self._agenda.visits(operator, desk, day, part=0.45)
                self._work(attendance, visits)
            elif self._rng.random() < desk.overtime.get(month, 0.02) * 0.16:
                start = day * DAY + 9 * HOUR + self._rng.randint(0, 240) * MINUTE
                end = start + int(self._rng.uniform(1.5, 5.0) * HOUR)
                shift = Shift(operator.operator_id, start - 15 * MINUTE, end, "overtime")
                self.log.shifts.append(shift)
                self._extra(operator, desk, day, start, end)

    def _extra(self, operator: Operator, desk: Desk, day: int, start: int, end: int) -> None:
        """Work on what needs no visitor, in a span outside the hours."""
        terminal = self._rng.choice(self.site.by_desk[desk.section_id])
        if not desk.joint:
            terminal = self.site.own(operator, desk)
        attendance = self._gate.sitting(operator, terminal, start, end, None, badge=True)
        part = (end - start) / (8 * HOUR)
        visits = self._agenda.visits(operator, desk, day, part)
        visits += self._agenda.batches(operator, desk, day)
        work = [visit for visit in visits if idle(visit.kind)]
        for visit in work:
            visit.want = self._rng.randint(start, end)
        self._work(attendance, work)

    def _shift(self, operator: Operator, day: int, hours: tuple[str, str], kind: str) -> None:
        starts, ends = (day * DAY + clock(text) for text in hours)
        if operator.habits.part_time and kind == "regular":
            starts, ends = max(starts, day * DAY + 9 * HOUR), min(ends, day * DAY + 16 * HOUR)
        self.log.shifts.append(Shift(operator.operator_id, starts, ends, kind))

    def _sittings(self, day: int) -> None:
        """Let the insiders sit down who do so outside their ordinary day."""
        for sitting in self.errands.sittings.get(day, ()):
            attendance = self._gate.sitting(
                sitting.operator, sitting.terminal, sitting.starts, sitting.ends,
                sitting.method, sitting.badge,
            )  # fmt: skip
            self._work(attendance, self.errands.sit(sitting, self.ledger))
