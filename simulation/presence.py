"""Where an operator is: sessions at terminals through the day, sign-ins, doors."""

from __future__ import annotations

import random
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from simulation.hours import LUNCH_S
from simulation.jobs import Record
from simulation.organisation import Section, Terminal
from simulation.roster import Duty
from simulation.staff import Operator
from simulation.times import wall_ms

_COUNTER_SHARE = 0.35
_OTHER_SECTION_SHARE = 0.01
_LOST_SIGN_IN_SHARE = 0.006
_LOST_DOOR_SHARE = 0.025  # somebody holds the door open
_FORGOTTEN_BADGE_SHARE = 0.013  # a day without any door record
_DRY_FINGER_FACTOR, _MOST_FAILURES_SHARE = 3.0, 0.65
"""A finger that failed once fails the more: its chance then, against the first, and at most."""
_CLOCK_SPREAD_S, _MOST_SKEW_S = 45.0, 120.0


@dataclass(slots=True, eq=False)
class Session:
    """Hold one session at a terminal; seconds of the day."""

    terminal: Terminal
    session_id: str
    starts_s: float
    ends_s: float


class Presence:
    """Give each duty its sessions, and write its sign-ins and doors."""

    def __init__(self, rng: random.Random, sections: list[Section]) -> None:
        self._rng, self._sections = rng, sections
        self._taken: set[tuple[date, int, str]] = set()
        self._today: date | None = None
        self._skews_s: dict[tuple[str, int, int], float] = {}
        self.sign_ins: list[Record] = []
        self.doors: list[Record] = []

    def new_session(self, terminal: Terminal, starts_s: float, ends_s: float) -> Session:
        """Return a session with a fresh id."""
        return Session(terminal, f"s-{self._rng.getrandbits(64):016x}", starts_s, ends_s)

    def sessions(self, duty: Duty, times: Sequence[float]) -> list[Session]:
        """Return the day's sessions: one before lunch, one after, rarely one for both.

        `times`: the seconds of the day's acts, in order; the sessions hold them all.
        """
        rng = self._rng
        first_s, last_s = (times[0], times[-1]) if times else (duty.starts_s, duty.ends_s)
        signs_in_s = min(duty.starts_s + rng.uniform(-420, 120), first_s - 20.0)
        leaves_s = max(duty.stays_until_s + rng.uniform(-60, 420), last_s + 30.0)
        back_s = duty.lunch_s + LUNCH_S - rng.uniform(0, 240)
        if not duty.lunch_s or last_s < back_s or rng.random() < 0.08:
            return [self.new_session(self._terminal(duty, 0), signs_in_s, leaves_s)]
        if first_s >= back_s:
            return [self.new_session(self._terminal(duty, 1), back_s - 20.0, leaves_s)]
        lunch_s = duty.lunch_s + rng.uniform(0, 180)
        if times:  # what was begun before lunch is done before lunch
            lunch_s = max(lunch_s, times[bisect_left(times, back_s) - 1] + 3.0)
        return [
            self.new_session(self._terminal(duty, 0), signs_in_s, lunch_s),
            self.new_session(self._terminal(duty, 1), back_s, leaves_s),
        ]

    def _terminal(self, duty: Duty, half: int) -> Terminal:
        """Return a terminal that nobody else of the section has for that half of the day."""
        rng, assignment, day = self._rng, duty.assignment, duty.day
        if day != self._today:
            self._today = day
            self._taken.clear()
        choices: list[Terminal] = []
        if rng.random() < _OTHER_SECTION_SHARE:  # helps out next door
            site_id = assignment.section.desk.site_id
            nearby = [s for s in self._sections if s.desk.site_id == site_id]
            choices = list(rng.choice(nearby).counters)
        elif assignment.desk is None or (
            assignment.role != "supervisor" and rng.random() < _COUNTER_SHARE
        ):
            choices = list(assignment.section.counters)
        rng.shuffle(choices)
        if assignment.desk is not None:
            choices.append(assignment.desk)
        choices.extend(assignment.section.desks)
        for terminal in choices:
            key = (day, half, terminal.terminal_id)
            if key not in self._taken:
                self._taken.add(key)
                return terminal
        return choices[0]

    def write_day(self, duty: Duty, sessions: list[Session]) -> None:
        """Write the doors and sign-ins of a day with its sessions."""
        rng, operator, day = self._rng, duty.operator, duty.day
        if rng.random() < _FORGOTTEN_BADGE_SHARE:  # comes and goes with others
            for session in sessions:
                self.sign_in(operator, day, session)
            return
        zone_id = sessions[0].terminal.zone_id
        arrives_s = sessions[0].starts_s - rng.uniform(40, 360)
        self._door(operator, day, arrives_s, zone_id, "in")
        for number, session in enumerate(sessions):
            if number:
                zone_before, zone_id = zone_id, session.terminal.zone_id
                if zone_before != zone_id or rng.random() < 0.65:
                    out_s = sessions[number - 1].ends_s + rng.uniform(10, 120)
                    self._door(operator, day, out_s, zone_before, "out")
                    self._door(operator, day, session.starts_s - rng.uniform(15, 90), zone_id, "in")
            self.sign_in(operator, day, session)
        self._door(operator, day, sessions[-1].ends_s + rng.uniform(30, 400), zone_id, "out")

    def sign_in(
        self, operator: Operator, day: date, session: Session, *, finger: bool = True
    ) -> None:
        """Write a session's sign-in with its failed tries, and mostly its sign-out.

        Without `finger` the session is opened by card or password.
        """
        rng, at_s = self._rng, session.starts_s
        method, failures = "fingerprint", 0
        refused = operator.finger_failures
        while failures < 3 and rng.random() < refused:
            failures += 1
            refused = min(_MOST_FAILURES_SHARE, refused * _DRY_FINGER_FACTOR)
        if not finger:
            failures = rng.choice((0, 0, 1, 2))
        if failures == 3 or not finger or rng.random() < 0.01:
            method = rng.choice(("card", "password", "password"))
        lost = rng.random() < _LOST_SIGN_IN_SHARE
        for left in range(failures, 0, -1):
            early_s = at_s - left * rng.uniform(2.0, 6.0)
            self._sign(operator, day, early_s, session, "fingerprint", "failure")
        if not lost:
            self._sign(operator, day, at_s, session, method, "success")
        if rng.random() < 0.88:
            self._sign(operator, day, session.ends_s, session, method, "sign_out")

    def _sign(
        self,
        operator: Operator,
        day: date,
        at_s: float,
        session: Session,
        method: str,
        outcome: str,
    ) -> None:
        self.sign_ins.append(
            {
                "event_id": "",
                "occurred_at": wall_ms(day, at_s),
                "operator_id": operator.operator_id,
                "terminal_id": session.terminal.terminal_id,
                "session_id": None if outcome == "failure" else session.session_id,
                "method": method,
                "outcome": outcome,
            }
        )

    def _door(
        self, operator: Operator, day: date, at_s: float, zone_id: str, direction: str
    ) -> None:
        if self._rng.random() < _LOST_DOOR_SHARE:
            return
        self.doors.append(
            {
                "event_id": "",
                "occurred_at": wall_ms(day, at_s + self._skew_s(zone_id, day)),
                "operator_id": operator.operator_id,
                "zone_id": zone_id,
                "direction": direction,
            }
        )

    def _skew_s(self, zone_id: str, day: date) -> float:
        """Return how far a door's clock is ahead of the terminals' in a month."""
        key = (zone_id, day.year, day.month)
        skew_s = self._skews_s.get(key)
        if skew_s is None:
            drawn_s = self._rng.gauss(0.0, _CLOCK_SPREAD_S)
            skew_s = self._skews_s[key] = max(-_MOST_SKEW_S, min(_MOST_SKEW_S, drawn_s))
        return skew_s
