"""Give insiders their moments: which stays, which gaps between two errands, which look-ups."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Callable, Iterable
from datetime import date, timedelta
from random import Random

from benchmarks.valley_ward.building import Building
from benchmarks.valley_ward.days import DAY_S, Calendar
from benchmarks.valley_ward.presence import Presence
from benchmarks.valley_ward.records import Case, Misuse, Stay
from benchmarks.valley_ward.register import Register
from benchmarks.valley_ward.screens import Screens, search_terms
from benchmarks.valley_ward.sections import BY_ID
from benchmarks.valley_ward.staff import Operator, Staff
from benchmarks.valley_ward.town import Resident, Town

KNOWN = (6.0, 2.0, 2.0, 0.0, 0.0)
"""How a person is searched for whom one knows, or has on a list: never by number."""


class Insiders:
    """Hold a ward as insiders use it: honest stays to hide in, and who is not yet cast."""

    def __init__(
        self,
        rng: Random,
        town: Town,
        staff: Staff,
        calendar: Calendar,
        building: Building,
        presence: Presence,
        register: Register,
        screens: Screens,
        stays: Iterable[Stay],
    ) -> None:
        self.rng, self.town, self.staff, self.calendar = rng, town, staff, calendar
        self.building, self.presence, self.screens = building, presence, screens
        self.misuses: list[Misuse] = []
        self._register = register
        self._cast: set[str] = set()
        self.stays: dict[str, list[Stay]] = defaultdict(list)
        for stay in stays:
            self.stays[stay.operator_id].append(stay)
        self.earliest_day = min(45, len(calendar.days) // 4)
        self._cases: dict[str, list[Case]] = defaultdict(list)
        for case in sorted(register.cases, key=lambda one: one.opened_at):
            self._cases[case.section_id].append(case)

    def cast(self, fits: Callable[[Operator], bool]) -> Operator | None:
        """Return somebody who fits and plays in no other case, or None."""
        able = [
            one
            for one in self.staff.operators
            if one.operator_id not in self._cast
            and one.posts[0].section_id != "night"
            and fits(one)
        ]
        return self.rng.choice(able) if able else None

    def keep(self, misuse: Misuse | None) -> bool:
        """Keep a case of misuse if it came about; return whether it did."""
        if misuse is None or not misuse.acts:
            return False
        self._cast.add(misuse.operator_id)
        self.misuses.append(misuse)
        return True

    def hours_of(self, operator: Operator, first: date, last: date) -> list[Stay]:
        """Return the operator's ordinary stays of a span at the section they belong to."""
        found: list[Stay] = []
        for stay in self.stays[operator.operator_id]:
            post = operator.post_on(stay.day)
            own = post is not None and post.section_id == stay.section_id
            if own and first <= stay.day <= last and stay.gaps and not stay.is_overtime:
                found.append(stay)
        return found

    def spread(self, operator: Operator, count: int, span_days: int) -> list[Stay]:
        """Return stays on `count` different days, spread over a span begun at random."""
        days = self.calendar.days
        room = len(days) - 1 - span_days
        first = self.rng.randint(self.earliest_day, max(self.earliest_day, room))
        start = days[min(first, len(days) - 1)]
        return self.within(operator, count, start, start + timedelta(days=span_days))

    def within(self, operator: Operator, count: int, first: date, last: date) -> list[Stay]:
        """Return stays on `count` different days of a span, or fewer where there are not."""
        by_day: dict[date, list[Stay]] = defaultdict(list)
        for stay in self.hours_of(operator, first, last):
            by_day[stay.day].append(stay)
        chosen = self.rng.sample(sorted(by_day), min(count, len(by_day)))
        return [self.rng.choice(by_day[day]) for day in sorted(chosen)]

    def moment(self, stay: Stay) -> float:
        """Return a time between two errands of a stay, and use that gap up."""
        place = self.rng.randrange(len(stay.gaps))
        gap = stay.gaps[place] if len(stay.gaps) == 1 else stay.gaps.pop(place)
        return gap + self.rng.uniform(1, 12)

    def function(self, operator: Operator, stay: Stay) -> str:
        """Return a function that the operator is used to opening residents with."""
        errands = BY_ID[stay.section_id].errands_of(stay.role)
        taste = operator.habits.taste
        weights = [one.weight * taste.get(f"{stay.section_id}.{one.name}", 1.0) for one in errands]
        if self.rng.random() < 0.3:
            return "juki.inquiry"
        return self.rng.choices(errands, weights)[0].function

    def is_uncovered(self, section_id: str, resident: Resident, at: float) -> bool:
        """Return whether no case of the section is about the resident, soon or of late."""
        token = resident.resident_id
        return not self._register.has_case(section_id, token, at - DAY_S, at + 14 * DAY_S)

    def strangers(self, stay: Stay, people: list[Resident], count: int) -> list[Resident]:
        """Return residents among some whom no case of the section covers."""
        free = [one for one in people if self.is_uncovered(stay.section_id, one, stay.starts_at)]
        return self.rng.sample(free, min(count, len(free)))

    def case_of_another(self, section_id: str, resident: Resident, at: float) -> Case | None:
        """Return a true case of the last days that does not name the resident."""
        cases = self._cases[section_id]
        first = bisect_left(cases, at - 6 * DAY_S, key=lambda one: one.opened_at)
        last = bisect_right(cases, at - 600, key=lambda one: one.opened_at)
        near = [one for one in cases[first:last] if resident.resident_id not in one.residents]
        return self.rng.choice(near) if near else None

    def look(
        self,
        misuse: Misuse,
        operator: Operator,
        stay: Stay,
        at: float,
        resident: Resident,
        *,
        function: str | None = None,
        by_list: bool = False,
        bare: bool = False,
        typed: Case | None = None,
    ) -> float:
        """Look one resident up as part of the misuse; return when the screen is left.

        `by_list` always searches by name and the like, `bare` never.
        """
        rng = self.rng
        name = function or self.function(operator, stay)
        search = None
        if by_list or (not bare and rng.random() > operator.habits.direct):
            search = search_terms(rng, operator.habits, 0.03, KNOWN)
        purposes = {e.function: e.purpose for e in BY_ID[stay.section_id].errands}
        acts = self.screens.open(
            stay, at, name, resident, search, typed=typed, purpose=purposes.get(name)
        )
        misuse.acts += acts
        return acts[-1].at + 6 + rng.expovariate(1 / 25)

    def former_functions(self, operator: Operator, day: date) -> list[str]:
        """Return what the first section opens residents with and nothing grants any more."""
        old, text = operator.posts[0], str(day)
        granted = {
            name
            for one in operator.assignments
            if one["starts_on"] <= text and (one["ends_on"] is None or text <= one["ends_on"])
            for name in one["functions"]
        }
        names = {one.function for one in BY_ID[old.section_id].errands_of(old.role)}
        return sorted(names - granted)
