"""Give insiders what every misuse needs: a moment, a target without a case, a trace."""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from typing import Any

from benchmarks.hill_ward.attendance import Attendance, Workday
from benchmarks.hill_ward.desk import Act, Desk
from benchmarks.hill_ward.honest import HonestWork
from benchmarks.hill_ward.ledger import Ledger, Seat
from benchmarks.hill_ward.oddities import Oddities
from benchmarks.hill_ward.offices import Premises
from benchmarks.hill_ward.seasons import DAY_MS, FIRST_MISUSE_DAY, MINUTE_MS, Calendar
from benchmarks.hill_ward.staff import Clerk
from benchmarks.hill_ward.town import Town

_LATER_CASE_MS = 12 * DAY_MS


@dataclass
class Ward:
    """Hold everything that was built, after the honest work is done."""

    calendar: Calendar
    town: Town
    premises: Premises
    clerks: list[Clerk]
    ledger: Ledger
    desk: Desk
    attendance: Attendance
    work: HonestWork
    oddities: Oddities


@dataclass
class Scheme:
    """Hold one case of misuse while it grows."""

    kind: str
    clerk: Clerk
    care: float
    """From 0 to 1: few look-ups at plausible times, no prints, nothing overridden."""
    resident: int | None = None
    written: list[tuple[int, str]] = field(default_factory=list)

    def label(self, calendar: Calendar, town: Town, label_id: str) -> dict[str, Any]:
        """Return the case as `labels.jsonl` tells it."""
        self.written.sort()
        token = None if self.resident is None else town.residents[self.resident].token
        return {
            "label_id": label_id,
            "kind": self.kind,
            "operator_id": self.clerk.operator_id,
            "resident_id": token,
            "event_ids": [event_id for _, event_id in self.written],
            "starts_at": calendar.stamp(self.written[0][0]),
            "ends_at": calendar.stamp(self.written[-1][0]),
        }


class Stage:
    """Let a scheme find its moments and do its look-ups."""

    def __init__(self, rng: random.Random, ward: Ward) -> None:
        self.rng = rng
        self.ward = ward

    def days(self, clerk: Clerk, first: int = 0, last: int | None = None) -> list[Workday]:
        """Return the clerk's working days in which misuse may happen."""
        first = max(first, FIRST_MISUSE_DAY)
        last = self.ward.calendar.days if last is None else last
        workdays = self.ward.attendance.by_clerk.get(clerk.operator_id, [])
        return [w for w in workdays if first <= w.day < last]

    def moments(
        self, clerk: Clerk, count: int, first: int = 0, last: int | None = None
    ) -> list[tuple[Workday, int]]:
        """Return `count` moments at the clerk's own desk on different days, oldest first."""
        workdays = self.days(clerk, first, last)
        chosen = self.rng.sample(workdays, min(count, len(workdays)))
        chosen.sort(key=lambda w: w.day)
        return [(w, w.moment(self.rng)[0]) for w in chosen]

    def few(self, scheme: Scheme, low: int, high: int) -> int:
        """Return a number between two bounds, the lower the more careful the insider is."""
        return low + round((high - low) * (1 - scheme.care) * self.rng.uniform(0.5, 1.0))

    def is_bare(self, clerk: Clerk, resident: int, at_ms: int) -> bool:
        """Return whether no case, not even one opened days later, covers the look-up."""
        codes = clerk.codes_on(at_ms // DAY_MS)
        return not self.ward.ledger.is_covered(codes, resident, at_ms, _LATER_CASE_MS)

    def bare_target(self, clerk: Clerk, pool: list[int], times_ms: list[int]) -> int | None:
        """Return somebody of the pool whom no case covers at any of these times."""
        for resident in self.rng.sample(pool, min(len(pool), 120)):
            if resident == clerk.resident:
                continue
            if all(self.is_bare(clerk, resident, at_ms) for at_ms in times_ms):
                return resident
        return None

    def act(self, scheme: Scheme, workday: Workday, at_ms: int) -> Act:
        """Return an act like the clerk's honest ones, a little more to the point."""
        act = self.ward.work.act(workday, at_ms)
        act.direct = 0.3 + 0.4 * scheme.care
        act.wildcard *= 1 - scheme.care
        return act

    def open(
        self, scheme: Scheme, workday: Workday, at_ms: int, resident: int, act: Act | None = None
    ) -> int:
        """Look a resident up where no case covers it; return the time afterwards."""
        if not self.is_bare(scheme.clerk, resident, at_ms):
            return at_ms
        act = act or self.act(scheme, workday, at_ms)
        after_ms, written = self.ward.desk.open(act, at_ms, resident)
        scheme.written += written
        return after_ms

    def issue(
        self, scheme: Scheme, workday: Workday, at_ms: int, resident: int, act: Act | None = None
    ) -> None:
        """Print what was looked up."""
        if not self.is_bare(scheme.clerk, resident, at_ms):
            return
        act = act or self.act(scheme, workday, at_ms)
        written = self.ward.desk.issue(act, at_ms, resident, "print", self.rng.choice((1, 1, 2)))
        scheme.written.append((at_ms, written))

    def seat(self, from_ms: int, to_ms: int, terminal_id: str) -> Seat:
        """Return a sitting of its own at some terminal."""
        return Seat(from_ms, to_ms + 2 * MINUTE_MS, terminal_id, self.ward.ledger.new_id("n"))

    def prying(self, scheme: Scheme, pool: list[int], moments: list[tuple[Workday, int]]) -> None:
        """Look one resident of the pool up at each moment; the careless look twice or print."""
        target = self.bare_target(scheme.clerk, pool, [at_ms for _, at_ms in moments])
        if target is None:
            return
        scheme.resident = target
        for workday, at_ms in moments:
            after_ms = self.open(scheme, workday, at_ms, target)
            if self.rng.random() < 0.3 * (1 - scheme.care):
                after_ms = self.open(scheme, workday, after_ms, target)
            if self.rng.random() < 0.2 * (1 - scheme.care):
                self.issue(scheme, workday, after_ms, target)
