"""The reception ledger: cases with their numbers, and business that goes on for weeks."""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from datetime import timedelta

from benchmarks.island_ward.days import DAY, HOUR, MINUTE, START, Calendar
from benchmarks.island_ward.staff import Operator
from benchmarks.island_ward.town import Resident
from benchmarks.island_ward.work import Batch, Business, Desk


@dataclass(slots=True, eq=False)
class Case:
    """Hold one case; moments in ms after the first midnight."""

    case_id: str
    section_id: str
    functions: list[str]
    residents: list[str]
    assigned: list[str]
    opened: int
    closed: int | None = None


@dataclass(slots=True, eq=False)
class Thread:
    """Hold business that goes on: `left` look-ups more, with a case or without."""

    desk: Desk
    kind: Business
    residents: list[Resident]
    owner: Operator
    case: Case | None
    left: int


@dataclass(slots=True)
class Ledger:
    """Hold all cases, and what is due on which day at which desk."""

    rng: random.Random
    calendar: Calendar
    desks: tuple[Desk, ...]
    cases: list[Case] = field(default_factory=list)
    due: dict[tuple[str, int], list[Thread]] = field(default_factory=dict)
    threads: list[Thread] = field(default_factory=list)
    _last: dict[tuple[str, str], int] = field(default_factory=dict)

    def number(self, desk: Desk, moment: int) -> str:
        """Return the next reception number of a desk, which names the year of the era."""
        day = START + timedelta(days=moment // DAY)
        era = "H30" if day.year == 2018 else "H31" if (day.year, day.month) < (2019, 5) else "R01"
        key = (desk.prefix, era)
        self._last[key] = self._last.get(key, self.rng.randint(80, 900)) + self.rng.choice(
            [1, 1, 2]
        )
        return f"{desk.prefix}-{era}-{self._last[key]:05d}"

    def open(
        self,
        desk: Desk,
        kind: Business | Batch,
        residents: list[Resident],
        operator: Operator,
        opened: int,
    ) -> Case:
        """Open a case; `closed` is set at once to some days later, which a thread changes."""
        rng = self.rng
        assigned = [operator.operator_id] if rng.random() < 0.8 else []
        tokens = list(dict.fromkeys(p.token for p in residents))
        number = self.number(desk, opened)
        case = Case(number, desk.section_id, [kind.function], tokens, assigned, opened)
        case.closed = opened + int(rng.expovariate(1 / (2 * DAY))) + 20 * MINUTE
        if rng.random() < 0.03:
            case.closed = None
        self.cases.append(case)
        return case

    def open_for(
        self, desk: Desk, kind: Business, residents: list[Resident], operator: Operator, at: int
    ) -> tuple[Case, bool]:
        """Open the case of a piece of business; return it, and whether its number is known."""
        rng = self.rng
        named = residents[:1] if rng.random() < kind.partial else residents
        holder = desk
        if rng.random() < kind.elsewhere:
            holder = rng.choice([other for other in self.desks if other is not desk])
        if rng.random() < kind.late:
            later = at + int(rng.choice([rng.uniform(0.3, 5), rng.uniform(16, 90)]) * HOUR)
            return self.open(holder, kind, named, operator, later), False
        before = rng.uniform(0.5, 14) * MINUTE if rng.random() < 0.75 else rng.uniform(1, 70) * HOUR
        return self.open(holder, kind, named, operator, at - int(before)), True

    def mistyped(self, case_id: str) -> str:
        """Return a number with one wrong or swapped digit."""
        rng = self.rng
        digits = list(case_id)
        place = rng.randint(len(digits) - 4, len(digits) - 1)
        if rng.random() < 0.4 and digits[place] != digits[place - 1]:
            digits[place], digits[place - 1] = digits[place - 1], digits[place]
        else:
            digits[place] = str((int(digits[place]) + rng.choice([1, 3, 9])) % 10)
        return "".join(digits)

    def begin(self, thread: Thread, today: int, soon: bool = False) -> None:
        """Take up business that goes on; `soon`: it was begun before the run."""
        self.threads.append(thread)
        if thread.case:
            thread.case.closed = None
        if soon:
            self._put(thread, today + self.rng.randint(0, int(2 * thread.kind.gap_days)))
        else:
            self.go_on(thread, today)

    def go_on(self, thread: Thread, today: int) -> None:
        """Set the day of the next look-up, or close the business."""
        rng = self.rng
        if thread.left <= 0:
            if thread.case:
                thread.case.closed = today * DAY + 17 * HOUR + int(rng.expovariate(1 / (3 * DAY)))
            return
        thread.left -= 1
        wait = max(1, round(rng.lognormvariate(0, 0.55) * thread.kind.gap_days))
        self._put(thread, today + wait)

    def postpone(self, thread: Thread, today: int) -> None:
        """Put off what nobody could do today."""
        self._put(thread, today + 1)

    def _put(self, thread: Thread, day: int) -> None:
        while day < self.calendar.days and self.calendar.closed(day):
            day += 1
        self.due.setdefault((thread.desk.section_id, day), []).append(thread)
