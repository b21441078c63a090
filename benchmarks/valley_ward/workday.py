"""Lay out the days: who comes, where they sit, when they leave."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from random import Random

from benchmarks.valley_ward.building import Building, Terminal
from benchmarks.valley_ward.days import DAY_S, FILING, HOUR_S, MINUTE_S, Calendar, midnight
from benchmarks.valley_ward.presence import Presence
from benchmarks.valley_ward.records import Stay
from benchmarks.valley_ward.sections import BY_ID
from benchmarks.valley_ward.staff import Operator, Post, Staff

_BUSY = {
    "tax": ((2, 10), (3, 20), 2.2),
    "citizen": ((3, 17), (4, 10), 2.4),
    "insurance": ((3, 24), (4, 20), 1.8),
    "children": ((1, 10), (2, 20), 1.8),
    "welfare": ((3, 20), (4, 20), 1.5),
}


class Workdays:
    """Make the stays of everybody, and the presence records that go with them."""

    def __init__(
        self,
        rng: Random,
        staff: Staff,
        calendar: Calendar,
        building: Building,
        presence: Presence,
    ) -> None:
        self._rng, self._staff, self._calendar = rng, staff, calendar
        self._building, self._presence = building, presence
        self._taken: dict[tuple[str, int], str] = {}
        self._places: dict[str, int] = {}
        for place, operator in enumerate(staff.operators):
            self._places[operator.operator_id] = place

    def on(self, day: date) -> Iterator[tuple[Operator, list[Stay]]]:
        """Yield everybody who works on a day with their stays."""
        self._taken.clear()
        worked = self._calendar.is_worked(day)
        for operator in self._staff.operators:
            post = operator.post_on(day)
            if post is None:
                continue
            if post.section_id == "night":
                stays = self._night(operator, post, day)
            elif worked:
                stays = self._weekday(operator, post, day)
            else:
                stays = self._closed_day(operator, post, day)
            if stays:
                for stay in stays:
                    self._presence.sign_in(operator, stay)
                self._presence.walk(operator, stays)
                yield operator, stays

    def _weekday(self, operator: Operator, post: Post, day: date) -> list[Stay]:
        """Lay out an ordinary day; shifts stand in the roster also for those on leave."""
        rng, habits = self._rng, operator.habits
        off = (day.toordinal() + self._places[operator.operator_id]) % 5 >= habits.weekdays
        if off:
            return []
        base = midnight(day)
        starts, ends = base + habits.starts_s, base + habits.ends_s
        nominal = base + (8.5 if operator.employment == "permanent" else 9) * HOUR_S
        leave = rng.random()
        if leave < 0.055:
            if rng.random() < 0.5:
                self._presence.shift(operator, nominal, ends, "regular")
            return []
        self._presence.shift(operator, nominal, ends, "regular")
        if leave < 0.075:
            starts = base + 13 * HOUR_S
        elif leave < 0.095:
            ends = base + 12 * HOUR_S
        post = self._where(operator, post, day)
        starts += rng.gauss(0, 3) * MINUTE_S
        ends -= rng.uniform(0, 8) * MINUTE_S
        late_counter = post.section_id == "citizen" and day.weekday() == 3
        if late_counter and operator.employment == "permanent" and rng.random() < 0.3:
            # Thursdays the counter stays open until seven.
            ends = base + 19 * HOUR_S + rng.uniform(0, 600)
            self._presence.shift(operator, base + 17.25 * HOUR_S, ends + 600, "overtime")
        stays = self._seat(operator, post, day, starts, ends)
        if leave >= 0.095 and not late_counter:
            stays += self._overtime(operator, post, day, ends)
        return stays

    def _where(self, operator: Operator, post: Post, day: date) -> Post:
        """Return the section of the day: one's own, a stand-in's, seldom the former one."""
        rng = self._rng
        for other in operator.stand_ins:
            held = other.first <= day and (other.last is None or day <= other.last)
            if held and rng.random() < other.share:
                return other
        former = operator.posts[0]
        if former is not post and former.section_id != post.section_id:
            since = (day - post.first).days
            if rng.random() < (0.04 if since < 30 else 0.003):
                return former  # asked back to finish what the successor cannot
        return post

    def _seat(
        self, operator: Operator, post: Post, day: date, starts: float, ends: float
    ) -> list[Stay]:
        """Cut a span into stays around lunch and, at shared counters, changes of terminal."""
        rng, section = self._rng, BY_ID[post.section_id]
        noon = midnight(day) + operator.habits.lunch_s + rng.gauss(0, 5) * MINUTE_S
        spans = [(starts, ends)]
        if starts < noon - HOUR_S and ends > noon + 2 * HOUR_S:
            back = noon + rng.uniform(45, 60) * MINUTE_S
            spans = [(starts, noon), (back, ends)]
        stays: list[Stay] = []
        for begin, end in spans:
            cut = end
            if section.shared_counter and end - begin > 2 * HOUR_S and rng.random() < 0.45:
                cut = begin + (end - begin) * rng.uniform(0.35, 0.7)
            stays.append(self._stay(operator, post, day, begin, cut))
            if cut < end:
                stays.append(self._stay(operator, post, day, cut + rng.uniform(60, 500), end))
        return stays

    def _stay(self, operator: Operator, post: Post, day: date, starts: float, ends: float) -> Stay:
        terminal = self._terminal(operator, post, day, starts)
        # The branch's old system knows no sessions.
        session = f"z{operator.operator_id[1:]}-{int(starts):x}"
        old = terminal.site_id == "north"
        return Stay(
            operator.operator_id,
            day,
            post.section_id,
            post.role,
            terminal.terminal_id,
            None if old else session,
            starts,
            ends,
        )

    def _terminal(self, operator: Operator, post: Post, day: date, starts: float) -> Terminal:
        """Return a terminal: one's own, or a free one of the counter or the filing venue."""
        rng = self._rng
        terminals = self._building.of_section[post.section_id]
        venue = post.section_id == "tax" and post.role == "assess" and self._calendar.is_worked(day)
        if venue and FILING[0] <= day <= FILING[1] and rng.random() < 0.5:
            terminals = self._building.filing
        half = int(starts // (3 * HOUR_S))
        own = terminals[self._places[operator.operator_id] % len(terminals)]
        if rng.random() < (0.35 if BY_ID[post.section_id].shared_counter else 0.03):
            own = rng.choice(terminals)
        free = [own, *rng.sample(terminals, len(terminals))]
        for terminal in free:
            if self._taken.get((terminal.terminal_id, half)) in (None, operator.operator_id):
                own = terminal
                break
        self._taken[own.terminal_id, half] = operator.operator_id
        return own

    def _overtime(self, operator: Operator, post: Post, day: date, ends: float) -> list[Stay]:
        """Stay on, more in the section's busy weeks; one time in six nobody wrote it down."""
        rng = self._rng
        chance = operator.habits.overtime
        first, last, factor = _BUSY.get(post.section_id, ((1, 1), (1, 1), 1.0))
        if first <= (day.month, day.day) <= last:
            chance = chance * factor + 0.03
        if rng.random() >= chance:
            return []
        begin = ends + rng.uniform(3, 25) * MINUTE_S
        over = begin + min(4.5, 0.5 + rng.expovariate(0.9)) * HOUR_S
        if rng.random() < 0.84:
            self._presence.shift(operator, ends, over + rng.uniform(-5, 20) * 60, "overtime")
        stay = self._stay(operator, post, day, begin, over)
        stay.is_overtime = True
        return [stay]

    def _closed_day(self, operator: Operator, post: Post, day: date) -> list[Stay]:
        """Man the open Sundays, and let a few catch up on a Saturday."""
        rng, base = self._rng, midnight(day)
        if self._calendar.is_open_sunday(day):
            share = {"citizen": 0.3, "insurance": 0.12}.get(post.section_id, 0.0)
            if operator.employment == "permanent" and rng.random() < share:
                starts, ends = base + 8.6 * HOUR_S, base + rng.choice((12.2, 17.2)) * HOUR_S
                self._presence.shift(operator, base + 8.5 * HOUR_S, ends + 900, "overtime")
                return self._seat(operator, post, day, starts, ends)
        first, last, factor = _BUSY.get(post.section_id, ((1, 1), (1, 1), 0.0))
        busy = factor if first <= (day.month, day.day) <= last else 0.3
        if day.month == 1 and day.day <= 3:
            return []
        if rng.random() < 0.06 * operator.habits.overtime * busy:
            starts = base + rng.uniform(9, 13.5) * HOUR_S
            stay = self._stay(operator, post, day, starts, starts + rng.uniform(1, 5) * HOUR_S)
            stay.is_overtime = True
            if rng.random() < 0.8:
                self._presence.shift(operator, starts - 900, stay.ends_at + 900, "overtime")
            return [stay]
        return []

    def _night(self, operator: Operator, post: Post, day: date) -> list[Stay]:
        """Take turns: nights from five to the morning, and closed days by daylight."""
        rng = self._rng
        crew = [one for one in self._staff.operators if one.posts[0].section_id == "night"]
        turn = crew.index(operator)
        number, base = day.toordinal(), midnight(day)
        if number % len(crew) == turn:
            starts, ends = base + 17 * HOUR_S, base + DAY_S + 8.6 * HOUR_S
        elif not self._calendar.is_worked(day) and (number + 2) % len(crew) == turn:
            starts, ends = base + 8.4 * HOUR_S, base + 17.2 * HOUR_S
        else:
            return []
        if ends > self._calendar.end_s:
            ends = self._calendar.end_s - 60
        self._presence.shift(operator, starts, ends, "regular")
        stay = self._stay(operator, post, day, starts + rng.uniform(60, 900), ends)
        return [stay]
