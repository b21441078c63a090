"""Bring clerks to their terminals: shifts, leave, sign-ins, doors, visits next door."""

from __future__ import annotations

import random
from dataclasses import dataclass
from itertools import pairwise

from benchmarks.hill_ward.ledger import Ledger, Seat
from benchmarks.hill_ward.offices import OFFICES, Office, Premises, Terminal
from benchmarks.hill_ward.seasons import HOUR_MS, MINUTE_MS, Calendar, clock_ms
from benchmarks.hill_ward.staff import Clerk, Posting


@dataclass
class Workday:
    """Hold one day of one clerk."""

    clerk: Clerk
    day: int
    posting: Posting
    starts_ms: int
    ends_ms: int
    seats: list[Seat]
    novice: bool

    @property
    def office(self) -> Office:
        """Return the section where the clerk sits that day."""
        return OFFICES[self.posting.code]

    def moment(self, rng: random.Random, spare_ms: int = 4 * MINUTE_MS) -> tuple[int, Seat]:
        """Return a time at which the clerk sits at a terminal, and which."""
        spans = [max(1, s.to_ms - s.from_ms - spare_ms) for s in self.seats]
        seat = rng.choices(self.seats, spans)[0]
        room = max(1, seat.to_ms - seat.from_ms - spare_ms)
        return seat.from_ms + 30_000 + rng.randrange(room), seat


class Attendance:
    """Make the working days of everybody, with the traces that they leave."""

    def __init__(
        self, rng: random.Random, calendar: Calendar, premises: Premises, ledger: Ledger
    ) -> None:
        self._rng = rng
        self._calendar = calendar
        self._premises = premises
        self._ledger = ledger
        self._sundays = {c: set(calendar.extra_openings(c)) for c in OFFICES}
        self.by_clerk: dict[str, list[Workday]] = {}

    def attend(self, clerks: list[Clerk], day: int) -> list[Workday]:
        """Return who works that day, and write their shifts, sign-ins and doors."""
        workdays = []
        for clerk in clerks:
            job = clerk.posting_on(day)
            if job is None or not self._comes(clerk, job, day):
                continue
            workday = self._work(clerk, job, day)
            workdays.append(workday)
            self.by_clerk.setdefault(clerk.operator_id, []).append(workday)
        return workdays

    def _comes(self, clerk: Clerk, job: Posting, day: int) -> bool:
        if any(low <= day <= high for low, high in clerk.away):
            return False
        if day in self._sundays[job.code]:
            return self._rng.random() < 0.35
        if not self._calendar.is_open(day):
            return False
        weekday = self._calendar.date_of(day).weekday()
        if clerk.part_time_weekdays and weekday not in clerk.part_time_weekdays:
            return False
        return self._rng.random() > 0.07

    def _work(self, clerk: Clerk, job: Posting, day: int) -> Workday:
        rng = self._rng
        weekday = self._calendar.date_of(day).weekday()
        short = weekday == 6
        begins, ends = clock_ms(day, 8, 30), clock_ms(day, 17, 15)
        if short:
            ends = clock_ms(day, 12, 30)
        elif clerk.part_time_weekdays:
            begins, ends = clock_ms(day, 9), clock_ms(day, 15, 30)
        elif job.code == "resid" and weekday == 3 and (clerk.order + day // 7) % 3 == 0:
            begins, ends = clock_ms(day, 10), clock_ms(day, 19)
        self._ledger.shift(clerk.operator_id, begins, ends, "regular")
        leaves_ms = ends + rng.randint(-2, 9) * MINUTE_MS
        if not short and not clerk.part_time_weekdays:
            leaves_ms = self._stay(clerk, job, day, ends, leaves_ms)
        arrives_ms = begins - rng.randint(1, 20) * MINUTE_MS
        seats = self._seats(clerk, job, arrives_ms, leaves_ms, short)
        novice = -1 < day - job.first_day < 25
        self._signs(clerk, seats)
        if rng.random() >= clerk.forgetful:
            self._doors(clerk, seats, arrives_ms, leaves_ms)
        return Workday(clerk, day, job, seats[0].from_ms, seats[-1].to_ms, seats, novice)

    def _stay(self, clerk: Clerk, job: Posting, day: int, ends: int, leaves_ms: int) -> int:
        """Keep some at their desks: overtime is approved in the season, or nobody asked."""
        rng = self._rng
        draw = rng.random()
        approved = 0.03 + 0.28 * (self._calendar.busy(job.code, day) - 1.0)
        if draw < approved:
            extra = rng.randint(45, 210) * MINUTE_MS
            self._ledger.shift(clerk.operator_id, ends, ends + extra, "overtime")
            return ends + extra + rng.randint(-15, 12) * MINUTE_MS
        if draw > 1 - clerk.lingers:
            return ends + rng.randint(20, 95) * MINUTE_MS
        return leaves_ms

    def terminal_for(self, clerk: Clerk, code: str) -> Terminal:
        """Return the terminal of the day: anyone's at the counter, one's own behind it."""
        terminals = self._premises.terminals[code]
        if OFFICES[code].counter or self._rng.random() < 0.03:
            return self._rng.choice(terminals)
        return terminals[clerk.order % len(terminals)]

    def _seats(
        self, clerk: Clerk, job: Posting, arrives_ms: int, leaves_ms: int, short: bool
    ) -> list[Seat]:
        rng = self._rng
        own = self.terminal_for(clerk, job.code).terminal_id
        from_ms = arrives_ms + rng.randint(1, 6) * MINUTE_MS
        to_ms = leaves_ms - rng.randint(1, 5) * MINUTE_MS
        session = self._ledger.new_id("n")
        if short:
            return [Seat(from_ms, to_ms, own, session)]
        lunch_ms = max(arrives_ms // HOUR_MS * HOUR_MS + 3 * HOUR_MS, from_ms + 2 * HOUR_MS)
        lunch_ms += rng.randint(0, 70) * MINUTE_MS
        back_ms = lunch_ms + rng.randint(45, 62) * MINUTE_MS
        later = session if rng.random() < 0.3 else self._ledger.new_id("n")
        seats = [Seat(from_ms, lunch_ms, own, session)]
        if rng.random() < 0.05:
            # Files are carried to another building and worked on there for a while.
            guest = self._premises.elsewhere(rng, OFFICES[job.code].site).terminal_id
            leaves, returns = back_ms + 30 * MINUTE_MS, back_ms + rng.randint(75, 120) * MINUTE_MS
            seats.append(Seat(back_ms, leaves, own, later))
            seats.append(
                Seat(
                    leaves + 9 * MINUTE_MS, returns - 9 * MINUTE_MS, guest, self._ledger.new_id("n")
                )
            )
            back_ms, later = returns, self._ledger.new_id("n")
        seats.append(Seat(back_ms, to_ms, own, later))
        return seats

    def _signs(self, clerk: Clerk, seats: list[Seat]) -> None:
        rng = self._rng
        open_session = ""
        for place, seat in enumerate(seats):
            if seat.session_id != open_session:
                self.sign_on(clerk, seat)
            open_session = seat.session_id
            kept = place + 1 < len(seats) and seats[place + 1].session_id == seat.session_id
            if not kept and rng.random() < 0.9:
                self._ledger.sign_in(
                    clerk.operator_id, seat.to_ms + 5 * MINUTE_MS, seat, "fingerprint", "sign_out"
                )

    def sign_on(self, clerk: Clerk, seat: Seat) -> None:
        """Write a sign-in shortly before a seat is used; dry fingers end in the password."""
        rng = self._rng
        at_ms = seat.from_ms - rng.randint(5, 40) * 1000
        if rng.random() < 0.045:
            for _ in range(rng.choice((1, 2, 2, 3))):
                at_ms += 4000
                self._ledger.sign_in(clerk.operator_id, at_ms, seat, "fingerprint", "failure")
            self._ledger.sign_in(clerk.operator_id, at_ms + 9000, seat, "password")
            return
        method = "card" if clerk.order % 9 == 4 else "fingerprint"
        self._ledger.sign_in(clerk.operator_id, at_ms, seat, method)

    def _doors(self, clerk: Clerk, seats: list[Seat], arrives_ms: int, leaves_ms: int) -> None:
        zones = {t.terminal_id: t.zone for ts in self._premises.terminals.values() for t in ts}
        write = self._ledger.door
        inside = zones[seats[0].terminal_id]
        write(clerk.operator_id, arrives_ms, inside, "in")
        for before, after in pairwise(seats):
            zone = zones[after.terminal_id]
            if zone == inside and self._rng.random() < 0.35:
                continue
            write(clerk.operator_id, before.to_ms + 2 * MINUTE_MS, inside, "out")
            write(clerk.operator_id, after.from_ms - 2 * MINUTE_MS, zone, "in")
            inside = zone
        write(clerk.operator_id, leaves_ms + 5 * MINUTE_MS, inside, "out")
