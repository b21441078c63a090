"""Do the honest work that looks odd: regular callers, returned mail, lists, the press."""

from __future__ import annotations

import random

from benchmarks.hill_ward.attendance import Workday
from benchmarks.hill_ward.desk import Desk
from benchmarks.hill_ward.honest import HonestWork
from benchmarks.hill_ward.seasons import FIRST_MISUSE_DAY, MINUTE_MS, Calendar
from benchmarks.hill_ward.town import Town

_MAIL_SECTIONS = ("restax", "nhi", "collect", "child")
_CALLERS_A_WEEK = {"collect": 2.0, "care": 0.5, "livelihood": 0.5}


class Oddities:
    """Plan and do honest work that is out of the ordinary."""

    def __init__(
        self, rng: random.Random, calendar: Calendar, town: Town, work: HonestWork, desk: Desk
    ) -> None:
        self._rng = rng
        self._calendar = calendar
        self._town = town
        self._work = work
        self._desk = desk
        self._calls: dict[tuple[int, str], list[int]] = {}
        self._mail_days = {code: self._plan_mail() for code in _MAIL_SECTIONS}
        self.news_figure = rng.choice(town.figures)
        first = min(FIRST_MISUSE_DAY + 10, calendar.days - 6)
        self.news_day = rng.randint(first, max(first, int(calendar.days * 0.8)))

    def _plan_mail(self) -> set[int]:
        """Return the days on which a section works through mail that came back."""
        rng, days, day = self._rng, set(), self._rng.randint(8, 45)
        while day < self._calendar.days:
            if self._calendar.is_open(day):
                days.add(day)
                day += rng.randint(30, 75)
            day += 1
        return days

    def happen(self, workdays: list[Workday]) -> None:
        """Do the odd honest work of one day."""
        by_section: dict[str, list[Workday]] = {}
        for workday in workdays:
            by_section.setdefault(workday.posting.code, []).append(workday)
        for code, present in by_section.items():
            if present[0].day in self._mail_days.get(code, ()):
                self._returned_mail(self._rng.choice(present))
            self._begin_calls(code, self._rng.choice(present))
        for workday in workdays:
            self._answer_calls(workday)
            self._lists(workday)
            self._stray(workday)
        self._press(workdays)

    def _returned_mail(self, workday: Workday) -> None:
        """Look up hundreds of addresses in an afternoon, with no case."""
        rng = self._rng
        seat = workday.seats[-1]
        at_ms = seat.from_ms + rng.randint(3, 20) * MINUTE_MS
        act = self._work.act(workday, at_ms)
        act.seat, act.function, act.purpose = seat, workday.office.inquiries[-1], "p.letter"
        left = rng.randint(110, 330)
        while left > 0 and at_ms < seat.to_ms - 2 * MINUTE_MS:
            act.direct = 0.75
            after_ms, written = self._desk.open(act, at_ms, self._work.pick_new(workday))
            at_ms += max(9_000, (after_ms - at_ms) // 2)
            left -= len(written)

    def _begin_calls(self, code: str, workday: Workday) -> None:
        """Let a complaint begin that drags on with the same clerk."""
        rng = self._rng
        if rng.random() > _CALLERS_A_WEEK.get(code, 0.25) / 5:
            return
        resident = self._work.pick(workday)
        day = workday.day
        for _ in range(rng.choice((2, 2, 3, 3, 4, 6))):
            key = (day, workday.clerk.operator_id)
            self._calls.setdefault(key, []).append(resident)
            day += rng.choice((1, 1, 2, 3, 7, 14))

    def _answer_calls(self, workday: Workday) -> None:
        for resident in self._calls.pop((workday.day, workday.clerk.operator_id), ()):
            at_ms, _ = workday.moment(self._rng)
            for _ in range(self._rng.choice((1, 1, 2))):
                act = self._work.act(workday, at_ms)
                at_ms, _ = self._desk.open(act, at_ms, resident)

    def _lists(self, workday: Workday) -> None:
        """Print the lists of the week; the list keepers do most of it."""
        rng, office = self._rng, workday.office
        likely = 0.28 if workday.clerk.keeps_lists else 0.004
        if rng.random() > likely:
            return
        for _ in range(rng.choice((1, 1, 2))):
            at_ms, _ = workday.moment(rng)
            act = self._work.act(workday, at_ms)
            act.function = office.listing if workday.clerk.keeps_lists else office.inquiries[0]
            action = "export" if rng.random() < 0.3 else "print"
            copies = max(5, int(rng.lognormvariate(4.4, 0.9)))
            self._desk.take_list(act, at_ms, action, copies)

    def _stray(self, workday: Workday) -> None:
        """Open a neighbour, a colleague, a figure or a protected resident for a good reason."""
        rng = self._rng
        if rng.random() > 0.012:
            return
        own = workday.clerk.resident
        near = self._town.blocks[self._town.residents[own].block] if own is not None else []
        choices = [
            near,
            self._town.figures,
            [i for i, r in enumerate(self._town.residents) if r.protected],
        ]
        pool = rng.choice([c for c in choices if c])
        at_ms, _ = workday.moment(rng)
        act = self._work.act(workday, at_ms)
        self._desk.open(act, at_ms, rng.choice(pool))

    def _press(self, workdays: list[Workday]) -> None:
        """Let a resident be in the news: papers come in, reporters ring, letters are sent."""
        if not workdays or not 0 <= workdays[0].day - self.news_day < 5:
            return
        rng = self._rng
        likely = [w for w in workdays if w.posting.code in ("resid", "restax", "collect")]
        for workday in rng.sample(likely, min(len(likely), rng.choice((0, 1, 1, 2)))):
            at_ms, _ = workday.moment(rng)
            act = self._work.act(workday, at_ms)
            if rng.random() < 0.6:
                case = self._work.take_in(workday, [self.news_figure], at_ms - 9 * MINUTE_MS)
                act.case_id = self._work.numbers.typed(workday, case)
            self._desk.open(act, at_ms, self.news_figure)
