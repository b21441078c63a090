"""A day's presence: when someone is at which terminal, by which sign-in, through which doors."""

from __future__ import annotations

import random
from dataclasses import dataclass, field

from benchmarks.island_ward.days import DAY, HOUR, MINUTE, SECOND, clock
from benchmarks.island_ward.records import Log, Passage, Sign
from benchmarks.island_ward.site import Site, Terminal
from benchmarks.island_ward.staff import Operator
from benchmarks.island_ward.work import Desk


@dataclass(slots=True)
class Session:
    """Hold one sitting at one terminal."""

    starts: int
    ends: int
    terminal: Terminal
    session_id: str | None


@dataclass(slots=True)
class Attendance:
    """Hold where one operator sits on one day; `spans` are the times at a terminal."""

    operator: Operator
    desk: Desk
    day: int
    spans: list[tuple[int, int]]
    stays: int
    sessions: list[Session] = field(default_factory=list)

    def next_free(self, moment: int) -> int | None:
        """Return the moment, or the beginning of the next span; None after the last."""
        for start, end in self.spans:
            if moment < start:
                return start + (moment * 7919) % (4 * MINUTE)
            if moment < end:
                return moment
        return moment if moment < self.spans[-1][1] + self.stays else None

    def session_at(self, moment: int) -> Session:
        """Return the sitting of a moment: the last one that began before it."""
        found = self.sessions[0]
        for session in self.sessions:
            if session.starts <= moment:
                found = session
        return found


class Gatekeeper:
    """Write who came in, who sat down, and who left."""

    def __init__(self, seed: int, log: Log, site: Site) -> None:
        self.rng = random.Random(f"{seed}:gate")
        self._log, self._site = log, site
        self._sessions = 0

    def attend(
        self, operator: Operator, desk: Desk, day: int, hours: tuple[str, str], turn: int
    ) -> Attendance:
        """Return one operator's ordinary day, with its doors and sign-ins written down."""
        rng, habits = self.rng, operator.habits
        opens, closes = (day * DAY + clock(text) for text in hours)
        if habits.part_time:
            opens, closes = max(opens, day * DAY + 9 * HOUR), min(closes, day * DAY + 16 * HOUR)
        came = opens - int(max(0.5, rng.gauss(habits.comes_early_min, 4)) * MINUTE)
        left = closes + int(rng.expovariate(1 / habits.stays_min) * MINUTE) + MINUTE
        lunch = day * DAY + 12 * HOUR + (HOUR if habits.late_lunch ^ (rng.random() < 0.15) else 0)
        away = [(lunch + rng.randint(-4, 6) * MINUTE, lunch + rng.randint(45, 61) * MINUTE)]
        if rng.random() < 0.2:
            away.append(self._gap(opens, closes, (25, 90)))
        if rng.random() < habits.goes_out:
            away.append(self._gap(opens, closes, (60, 190)))
        spans = _cut((came + rng.randint(2, 12) * MINUTE, closes), sorted(away))
        # Nobody is sent to a terminal by accident: a day of meetings keeps its last hour.
        spans = spans or [(closes - HOUR, closes)]
        attendance = Attendance(operator, desk, day, spans, left - closes)
        self._doors(operator, desk, [came, *(away[0] if away[0][1] < closes else ()), left])
        self._sit(attendance, turn)
        return attendance

    def sitting(
        self,
        operator: Operator,
        terminal: Terminal,
        start: int,
        end: int,
        method: str | None,
        badge: bool,
    ) -> Attendance:
        """Return one sitting outside the ordinary day, at a given terminal."""
        rng, desk = self.rng, terminal.desk
        attendance = Attendance(operator, desk, start // DAY, [(start, end)], 20 * MINUTE)
        if badge:
            came = start - rng.randint(60, 900) * SECOND
            self._doors(operator, desk, [came, end + rng.randint(60, 1200) * SECOND])
        self._sign_in(attendance, start, end, terminal, method or operator.habits.method)
        return attendance

    def _gap(self, opens: int, closes: int, length_min: tuple[int, int]) -> tuple[int, int]:
        length = self.rng.randint(*length_min) * MINUTE
        start = self.rng.randint(opens + 30 * MINUTE, closes - 100 * MINUTE)
        return start, start + length

    def _doors(self, operator: Operator, desk: Desk, moments: list[int]) -> None:
        rng = self.rng
        if rng.random() < operator.habits.forgets_badge:
            return
        for place, moment in enumerate(moments):
            direction = "out" if place % 2 else "in"
            passages = [(f"{desk.site}-gate", 0), (desk.zone, rng.randint(20, 100) * SECOND)]
            if direction == "out":
                passages = [(desk.zone, 0), (f"{desk.site}-gate", rng.randint(20, 120) * SECOND)]
            for zone, later in passages:
                # A colleague held the door open.
                if rng.random() < 0.94:
                    passage = Passage(moment + later, operator.operator_id, zone, direction)
                    self._log.passages.append(passage)

    def _sit(self, attendance: Attendance, turn: int) -> None:
        """Sign in at the own desk for the day, or in turns at the counters."""
        rng, desk, operator = self.rng, attendance.desk, attendance.operator
        for place, (start, end) in enumerate(attendance.spans):
            if not desk.joint:
                terminal = self._site.own(operator, desk)
                if not place or rng.random() < 0.75:
                    self._sign_in(attendance, start, end, terminal, operator.habits.method)
                continue
            while start < end:
                until = min(end, start + rng.randint(70, 170) * MINUTE)
                terminal = self._site.counter(desk, turn)
                self._sign_in(attendance, start, until, terminal, operator.habits.method)
                start, turn = until, turn + 1
        if rng.random() < 0.05:
            # Both printers jam, or a colleague is shown something: a second terminal for a while.
            start, end = rng.choice(attendance.spans)
            start = rng.randint(start, end)
            terminal = rng.choice(self._site.by_desk[desk.section_id])
            until = start + rng.randint(5, 30) * MINUTE
            self._sign_in(attendance, start, until, terminal, "password")
            attendance.sessions.sort(key=lambda session: session.starts)

    def _sign_in(
        self, attendance: Attendance, start: int, end: int, terminal: Terminal, method: str
    ) -> None:
        rng, operator = self.rng, attendance.operator
        self._sessions += 1
        name = f"s{attendance.day:03d}.{self._sessions * 7919 % 99991:05d}"
        names = attendance.desk.names_sessions
        at = start - rng.randint(5, 90) * SECOND
        tries = 0
        while tries < 3 and method != "password" and rng.random() < operator.habits.finger_fails:
            self._sign(operator, at, terminal, None, method, "failure")
            at, tries = at + rng.randint(4, 12) * SECOND, tries + 1
        if tries >= 2:
            method = "password"
        elif method == "password" and rng.random() < 0.03:
            self._sign(operator, at, terminal, None, method, "failure")
            at += rng.randint(6, 20) * SECOND
        session = name if names else None
        # A few records are lost between the terminal and the archive.
        if rng.random() > 0.003:
            self._sign(operator, at, terminal, session, method, "success")
        if rng.random() < 0.88:
            over = end + rng.randint(2, 300) * SECOND
            self._sign(operator, over, terminal, session, method, "sign_out")
        attendance.sessions.append(Session(min(at, start), end, terminal, session))

    def _sign(
        self,
        operator: Operator,
        at: int,
        terminal: Terminal,
        session: str | None,
        method: str,
        outcome: str,
    ) -> None:
        number = operator.operator_id
        at += self.rng.randint(0, 999)
        self._log.signs.append(Sign(at, number, terminal.terminal_id, session, method, outcome))


def _cut(whole: tuple[int, int], away: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Return what is left of a span, pieces under ten minutes dropped."""
    spans, start = [], whole[0]
    for gone, back in away:
        if gone - start > 10 * MINUTE:
            spans.append((start, min(gone, whole[1])))
        start = max(start, back)
    if whole[1] - start > 10 * MINUTE:
        spans.append((start, whole[1]))
    return spans
