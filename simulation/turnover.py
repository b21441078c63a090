"""Who holds which place when: contracts that end, transfers in April, people who come back."""

from __future__ import annotations

import heapq
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from simulation.founding_story import FoundingStory
from simulation.organisation import Section
from simulation.plan import WardPlan
from simulation.staff import Assignment, Operator, Personnel, Place, draw_start, places_of

_DAY = timedelta(days=1)
_OPERATORS_PER_RETURNING_CLERK = 20
_TRANSFER_SHARE = {4: 0.15, 10: 0.04}  # of the permanent clerks, on the first of the month
_RETIRING_SHARE = 0.04
_LATE_RENEWAL_SHARE, _MOST_DAYS_LATE = 0.3, 10
_OPERATORS_PER_FORMER_CLERK = 15


@dataclass(frozen=True, slots=True)
class Transfer:
    """Hold a move of one operator from one section to another."""

    operator: Operator
    before: Assignment
    after: Assignment


@dataclass(slots=True)
class Staff:
    """Hold all operators of the ward's days, with the moves and the founding case's clerk."""

    operators: list[Operator]
    supervisors: dict[str, list[str]]
    """Section id to the operator ids of its supervisors."""
    founder: Operator | None = None
    returning: list[Operator] = field(default_factory=list)
    """Clerks hired three times as the founder was, and the founder."""
    transfers: list[Transfer] = field(default_factory=list)
    former: list[Operator] = field(default_factory=list)
    """Clerks who left before the plan's first day, and whose accounts are still listed."""


def build_staff(
    plan: WardPlan, sections: Sequence[Section], personnel: Personnel, story: FoundingStory | None
) -> Staff:
    """Fill all places for all days of the plan."""
    staff = Staff(personnel.operators, {})
    permanent: list[Place] = []
    limited: list[Place] = []
    for section in sections:
        places, supervisors = places_of(section, personnel, plan.start)
        staff.supervisors[section.section_id] = supervisors
        for place in places:
            (permanent if place.employment == "permanent" else limited).append(place)
    _Establishment(plan, personnel, staff).run(permanent, limited)
    if story is not None:
        _returning_clerks(plan, sections, personnel, staff, story)
    return staff


class _Establishment:
    """Walk through the plan's days place by place."""

    def __init__(self, plan: WardPlan, personnel: Personnel, staff: Staff) -> None:
        self._plan, self._personnel, self._staff = plan, personnel, staff
        self._rng = plan.rng("turnover")
        self._former: list[tuple[date, Operator, str]] = []
        """Who may come back from which day on, and the section that they left."""

    def run(self, permanent: Sequence[Place], limited: Sequence[Place]) -> None:
        """Fill permanent places with transfers, and limited ones with contract after contract."""
        self._permanent(permanent)
        self._limited(limited)
        self._gone(limited)

    def _permanent(self, places: Sequence[Place]) -> None:
        holders, held = [], []
        for place in places:
            holders.append(self._personnel.hire())
            began = draw_start(self._rng, self._plan.start)
            held.append(place.assign(holders[-1], began, None))
        day = self._plan.start + _DAY
        while day <= self._plan.last_day:
            if day.day == 1 and day.month in _TRANSFER_SHARE:
                moved = self._transfer(places, holders, held, day)
                if day.month == 4:
                    self._retire(places, holders, held, day, moved)
            day += _DAY

    def _transfer(
        self, places: Sequence[Place], holders: list[Operator], held: list[Assignment], day: date
    ) -> set[int]:
        """Let pairs of clerks of different sections change places; return which places."""
        half = max(1, round(len(places) * _TRANSFER_SHARE[day.month] / 2))
        chosen = self._rng.sample(range(len(places)), min(2 * half, len(places) // 2 * 2))
        chosen.sort(key=lambda i: places[i].section.section_id)  # so that most pairs differ
        moved: set[int] = set()
        for one, other in zip(chosen[:half], chosen[half:], strict=False):
            if places[one].section is places[other].section:
                continue
            pair = (holders[one], held[one], other), (holders[other], held[other], one)
            for operator, before, target in pair:
                before.ends_on = day - _DAY
                after = places[target].assign(operator, day, None)
                holders[target], held[target] = operator, after
                self._staff.transfers.append(Transfer(operator, before, after))
                moved.add(target)
        return moved

    def _retire(
        self,
        places: Sequence[Place],
        holders: list[Operator],
        held: list[Assignment],
        day: date,
        moved: set[int],
    ) -> None:
        """Let some clerks who did not move retire, and new ones begin."""
        for i, place in enumerate(places):
            if i not in moved and self._rng.random() < _RETIRING_SHARE:
                held[i].ends_on = day - _DAY
                holders[i] = self._personnel.hire()
                held[i] = place.assign(holders[i], day, None)

    def _limited(self, places: Sequence[Place]) -> None:
        """Follow each temporary and contractor's place through its contracts."""
        start = self._plan.start
        began = date(start.year if start >= date(start.year, 4, 1) else start.year - 1, 4, 1)
        queue: list[tuple[date, int, Operator]] = []
        for number, place in enumerate(places):
            ends = self._contract_end(place, max(began, start))
            operator = self._personnel.hire()
            place.assign(operator, began, ends)
            queue.append((ends + _DAY, number, operator))
        heapq.heapify(queue)
        while queue and queue[0][0] <= self._plan.last_day:
            day, number, operator = heapq.heappop(queue)
            place = places[number]
            if self._rng.random() < 0.5:  # renewed; else somebody else comes
                section_id = place.section.section_id
                back = day + timedelta(days=self._rng.randint(80, 240))
                self._former.append((back, operator, section_id))
                operator = self._successor(place, day)
            ends = self._contract_end(place, day)
            renewed = place.assign(operator, day, ends)
            if self._rng.random() < _LATE_RENEWAL_SHARE:
                renewed.recorded_from = day + self._rng.randint(1, _MOST_DAYS_LATE) * _DAY
            heapq.heappush(queue, (ends + _DAY, number, operator))

    def _gone(self, places: Sequence[Place]) -> None:
        """Let clerks who left in the year before the plan's first day be in the directory."""
        for _ in range(max(1, self._plan.operators // _OPERATORS_PER_FORMER_CLERK)):
            operator = self._personnel.hire()
            ends = self._plan.start - self._rng.randint(20, 400) * _DAY
            began = ends - self._rng.randint(150, 700) * _DAY
            self._rng.choice(places).assign(operator, began, ends)
            self._staff.former.append(operator)

    def _successor(self, place: Place, day: date) -> Operator:
        """Return somebody who worked in another section before, or somebody new."""
        if place.employment == "temporary" and self._rng.random() < 0.5:
            for entry in self._former:
                if entry[0] <= day and entry[2] != place.section.section_id:
                    self._former.remove(entry)
                    return entry[1]
        return self._personnel.hire()

    def _contract_end(self, place: Place, day: date) -> date:
        """Return the 30 September or 31 March at which a contract of that day ends."""
        march = date(day.year + (day.month >= 4), 3, 31)
        september = date(day.year, 9, 30)
        if place.employment == "temporary" and day <= september and self._rng.random() < 0.5:
            return september if day.month >= 4 else march
        return march


def _returning_clerks(
    plan: WardPlan,
    sections: Sequence[Section],
    personnel: Personnel,
    staff: Staff,
    story: FoundingStory,
) -> None:
    """Hire temporary clerks, on top of the places, for three kinds of work with gaps between.

    One of them is the founding case's; the others, one in twenty operators, stay honest and
    differ in the sections only.
    """
    rng = plan.rng("returning clerks")
    count = 1 + max(1, plan.operators // _OPERATORS_PER_RETURNING_CLERK)
    guilty = rng.randrange(count)
    for number in range(count):
        operator = personnel.hire()
        first = 0 if number == guilty else rng.randrange(len(sections))
        for turn, (starts_on, ends_on) in enumerate(story.contracts):
            section = sections[(first + turn) % len(sections)]
            # Spare desks, after the head's; the few who share one work at the counters too.
            desk = section.desks[-2 - number % 3]
            supervisor = staff.supervisors[section.section_id][0]
            Place(section, "window", "temporary", supervisor, desk).assign(
                operator, starts_on, ends_on
            )
        staff.returning.append(operator)
        if number == guilty:
            staff.founder = operator
