"""What is wanted of whom on a day: people who come, files that go on, batches, overtime."""

from __future__ import annotations

import random
from collections.abc import Mapping

from benchmarks.island_ward.casework import Case, Ledger, Thread
from benchmarks.island_ward.clerk import Visit
from benchmarks.island_ward.days import DAY, HOUR, Calendar
from benchmarks.island_ward.staff import Operator
from benchmarks.island_ward.town import Resident, Town
from benchmarks.island_ward.work import FLAT, Batch, Business, Desk

_FIRST_HOUR = 7
_HANDOVER_DAYS = 15


def moment(rng: random.Random, day: int, curve: tuple[float, ...]) -> int:
    """Return a moment of a day by weights of the hours from 7 o'clock."""
    hour = rng.choices(range(len(curve)), curve)[0] + _FIRST_HOUR
    return day * DAY + hour * HOUR + rng.randrange(HOUR)


class Agenda:
    """Draw the honest work of every day."""

    def __init__(self, seed: int, town: Town, ledger: Ledger, calendar: Calendar) -> None:
        self.rng = random.Random(f"{seed}:agenda")
        self._town, self._ledger, self._calendar = town, ledger, calendar

    def visits(self, operator: Operator, desk: Desk, day: int, part: float = 1.0) -> list[Visit]:
        """Return the people who come to one clerk on a day, or `part` of a usual day's."""
        rng, month = self.rng, self._calendar.dates[day].month
        rush = 1 + (self._calendar.rush(day) - 1) * desk.ferry
        mean = desk.a_day * operator.habits.pace * rush * desk.months.get(month, 1.0) * part
        if operator.habits.part_time:
            mean *= 0.75
        count = max(0, round(rng.gauss(mean, 1.15 * mean**0.5)))
        weights = [kind.weight * kind.months.get(month, 1.0) for kind in desk.business]
        # A month with much of one kind is a busy month, not one without the others.
        usual = sum(kind.weight for kind in desk.business)
        count = round(count * min(1.5, sum(weights) / usual))
        kinds = rng.choices(desk.business, weights, k=count)
        return [
            Visit(moment(rng, day, desk.curve), kind, [self._somebody(operator, kind.who)])
            for kind in kinds
        ]

    def batches(self, operator: Operator, desk: Desk, day: int) -> list[Visit]:
        """Return the batches that one clerk does on a day."""
        rng, month, found = self.rng, self._calendar.dates[day].month, []
        for kind in desk.batches:
            mail = self._calendar.mail_days(day) if kind.needs_mail else 1
            chance = kind.chance * kind.months.get(month, 1.0) * min(1.4, operator.habits.pace)
            if not mail or rng.random() >= chance:
                continue
            size = round(rng.randint(*kind.size) * min(2.2, mail**0.5))
            people = self._town_part(kind, size)
            found.append(Visit(moment(rng, day, FLAT), kind, people))
        return found

    def _town_part(self, kind: Batch, size: int) -> list[Resident]:
        """Return whom a batch is about: a stretch of the register, or all over the town."""
        rng, group = self.rng, self._town.group(kind.who)
        size = min(size, len(group))
        if kind.order == "block" and rng.random() < 0.6:
            first = rng.randint(0, len(group) - size)
            return group[first : first + size]
        return rng.sample(group, size)

    def _somebody(self, operator: Operator, who: str) -> Resident:
        """Return who comes; a clerk leaves the own family to a colleague, mostly."""
        person = self._town.pick(self.rng, who)
        home = operator.resident
        if home and person.household == home.household and self.rng.random() < 0.9:
            return self._town.pick(self.rng, who)
        return person

    def standing(self, operator: Operator, desk: Desk) -> None:
        """Begin what was already going on when the run starts."""
        rng = self.rng
        usual = sum(kind.weight for kind in desk.business)
        for kind in desk.business:
            a_day = desk.a_day * kind.weight / usual * kind.spawns * operator.habits.pace
            count = round(a_day * kind.visits * kind.gap_days * 0.6 * rng.uniform(0.6, 1.4))
            for _ in range(min(count, 60)):
                first = self._somebody(operator, kind.who)
                people = [first]
                if rng.random() < kind.family:
                    people += self._town.family(first)[:3]
                case: Case | None = None
                if rng.random() < kind.cased:
                    opened = -int(rng.expovariate(1 / 40) * DAY) + 9 * HOUR - DAY
                    case = self._ledger.open(desk, kind, people, operator, opened)
                left = int(rng.expovariate(1 / kind.visits))
                thread = Thread(desk, kind, people, operator, case, left)
                self._ledger.begin(thread, 0, soon=True)

    def files(self, day: int, roster: Mapping[str, list[Operator]]) -> dict[str, list[Visit]]:
        """Return the look-ups due on a day by the operator who does them."""
        rng, found = self.rng, dict[str, list[Visit]]()
        where = {op.operator_id: section for section, ops in roster.items() for op in ops}
        for section, present in roster.items():
            for thread in self._ledger.due.pop((section, day), ()):
                owner = thread.owner
                keeps = rng.random() < thread.kind.keeps_clerk
                clerk = owner
                if where.get(owner.operator_id) != section or not keeps:
                    if not present or (keeps and self._waits(owner, thread, day)):
                        self._ledger.postpone(thread, day)
                        continue
                    clerk = rng.choice(present)
                    self._hand_over(thread, clerk, day, where, found)
                people = thread.residents if rng.random() < 0.22 else thread.residents[:1]
                visit = Visit(moment(rng, day, FLAT), thread.kind, people, thread)
                found.setdefault(clerk.operator_id, []).append(visit)
        return found

    def _waits(self, owner: Operator, thread: Thread, day: int) -> bool:
        """Return whether the owner is only away for the day, and comes back to it."""
        stint = owner.stint_on(self._calendar.dates[day])
        return stint is not None and stint.desk is thread.desk and self.rng.random() < 0.6

    def _hand_over(
        self,
        thread: Thread,
        clerk: Operator,
        day: int,
        where: Mapping[str, str],
        found: dict[str, list[Visit]],
    ) -> None:
        """Give a file to the successor of one who has left; who left answers questions awhile."""
        owner, today = thread.owner, self._calendar.dates[day]
        stint = owner.stint_on(today)
        if stint is not None and stint.desk is thread.desk:
            return
        thread.owner = clerk
        if thread.case and thread.case.assigned:
            thread.case.assigned = [*thread.case.assigned, clerk.operator_id]
        fresh = stint is not None and (today - stint.starts).days < _HANDOVER_DAYS
        if fresh and owner.operator_id in where and self.rng.random() < 0.3:
            at = moment(self.rng, day, FLAT)
            question = Visit(at, thread.kind, thread.residents[:1], thread)
            found.setdefault(owner.operator_id, []).append(question)


def idle(kind: Business | Batch) -> bool:
    """Return whether work can be done after the counter has closed: nobody need be there."""
    return isinstance(kind, Batch) or kind.updates > 0 or kind.spawns >= 0.3
