"""The personnel section's year: who is hired, transferred, lent out, and whose contract ends."""

from __future__ import annotations

import random
from datetime import date, timedelta

from benchmarks.island_ward.days import START, Calendar
from benchmarks.island_ward.desks import BRANCH
from benchmarks.island_ward.staff import Operator, Stint, habits_of
from benchmarks.island_ward.town import Town
from benchmarks.island_ward.work import Desk

_ENDS = (
    date(2018, 11, 30), date(2018, 12, 28), date(2019, 1, 31), date(2019, 2, 28),
    date(2019, 3, 20), date(2019, 3, 31), date(2019, 4, 26),
)  # fmt: skip
DEPUTY_MAYOR = "fukucho"


def _heads(desks: tuple[Desk, ...], operators: int) -> list[int]:
    """Return how many work at each desk: by share, one at least, the first takes the rest."""
    counts = [max(1, round(desk.share * operators)) for desk in desks]
    counts[0] += operators - sum(counts)
    while counts[0] < 1:
        counts[counts.index(max(counts))] -= 1
        counts[0] += 1
    return counts


class Personnel:
    """Hire everybody, then move some about."""

    def __init__(
        self, seed: int, operators: int, town: Town, calendar: Calendar, desks: tuple[Desk, ...]
    ) -> None:
        self._rng = random.Random(f"{seed}:personnel")
        self._calendar, self._desks, self._town = calendar, desks, town
        self._numbers = self._rng.sample(range(1000, 9999), operators)
        self.chiefs: dict[str, str] = {}
        self.operators: list[Operator] = []
        for desk, count in zip(desks, _heads(desks, operators), strict=True):
            for place in range(count):
                self._hire(desk, place)
        self._settle()
        self._end_contracts()
        self._transfer()
        self._welcome()
        self._lend()

    def _hire(self, desk: Desk, place: int) -> None:
        rng = self._rng
        employment, role = "permanent", "clerk"
        if place == 0:
            role = "chief"
        elif rng.random() < desk.temporary or (place == 1 and desk.temporary):
            employment, role = "temporary", "assistant"
        elif rng.random() < desk.contractor:
            employment, role = "contractor", "window"
        operator = Operator(f"K{self._numbers[len(self.operators)]}", habits_of(rng, employment))
        if role == "chief":
            self.chiefs[desk.section_id] = operator.operator_id
            operator.habits.pace *= 0.45
        supervisor = DEPUTY_MAYOR if role == "chief" else self.chiefs[desk.section_id]
        starts = date(rng.choice([2014, 2016, 2017, 2018]), 4, 1)
        ends = None
        if employment != "permanent":
            starts = date(2018, rng.choice([4, 6, 10]), 1)
            ends = date(2019, 3, 31) if rng.random() < 0.7 else date(2019, 9, 30)
        operator.stints.append(Stint(desk, role, employment, starts, ends, supervisor))
        if rng.random() < 0.85:
            operator.trained_until = START + timedelta(days=rng.randint(-60, 700))
        self.operators.append(operator)

    def _settle(self) -> None:
        """Give most a home on the island; a few share one."""
        rng, taken = self._rng, set[str]()
        homes = [p for p in self._town.group("working") if p.listed and not p.protected]
        islanders = [p for p in homes if p.islet] or homes
        for operator in self.operators:
            at_branch = operator.stints[0].desk is BRANCH
            chance = 1.0 if at_branch or operator.temporary else 0.82
            if rng.random() > chance:
                continue
            person = rng.choice(islanders if at_branch else homes)
            if taken and rng.random() < 0.04:
                couples = [p for p in homes if p.household in taken]
                person = rng.choice(couples)
            if person.token not in taken:
                operator.resident = person
                taken |= {person.token, person.household}

    def _end_contracts(self) -> None:
        """Let some temporary contracts run out inside the run, and renew the rest."""
        rng = self._rng
        final = [d for d in _ENDS if 14 <= self._calendar.number(d) <= self._calendar.days - 20]
        temps = [op for op in self.operators if op.stints[0].ends is not None]
        wanted = max(2, len(self.operators) // 11)
        leavers = set(rng.sample(range(len(temps)), min(wanted, len(temps) - 1)))
        for place, operator in enumerate(temps):
            stint = operator.stints[0]
            if place in leavers and final:
                stint.ends = rng.choice(final)
            elif stint.ends == date(2019, 3, 31):
                renewed = Stint(
                    stint.desk, stint.role, stint.employment, date(2019, 4, 1), date(2020, 3, 31),
                    stint.supervisor,
                )  # fmt: skip
                if rng.random() < 0.12:
                    renewed.paper_starts = date(2019, 4, 3)
                operator.stints.append(renewed)

    def _movable(self) -> list[Operator]:
        return [
            op
            for op in self.operators
            if op.stints[0].role == "clerk" and len(op.stints) == 1 and op.last_day is None
        ]

    def _transfer(self) -> None:
        rng = self._rng
        for day in self._calendar.postings():
            great = day.month == 4
            wanted = max(1, len(self.operators) // (8 if great else 24))
            movable = self._movable()
            for operator in rng.sample(movable, min(wanted, len(movable) // 2)):
                old = operator.stints[-1]
                others = [d for d in self._desks[:-1] if d is not old.desk and d is not BRANCH]
                old.ends = day - timedelta(days=1)
                desk = rng.choice(others)
                chief = self.chiefs[desk.section_id]
                operator.stints.append(Stint(desk, "clerk", "permanent", day, None, chief))

    def _welcome(self) -> None:
        """Let some begin on a posting day only, and some for the filing season or the moves."""
        rng = self._rng
        days = [*self._calendar.postings(), date(2019, 1, 21), date(2019, 2, 25)]
        days = [day for day in days if self._calendar.number(day) <= self._calendar.days - 15]
        fresh = [
            op
            for op in self.operators
            if len(op.stints) == 1 and op.stints[0].role in ("clerk", "assistant", "window")
        ]
        wanted = min(len(self.operators) // 12, len(fresh) // 3)
        for operator in rng.sample(fresh, wanted):
            first = rng.choice(days)
            stint = operator.stints[0]
            if stint.ends is None or stint.ends >= first + timedelta(days=40):
                stint.starts = first

    def _lend(self) -> None:
        """Send substitutes to another desk for some weeks; their own posting goes on."""
        rng = self._rng
        ready = [op for op in self._movable() if op.stints[0].starts < START]
        for operator in rng.sample(ready, min(len(ready), max(1, len(self.operators) // 16))):
            start = START + timedelta(days=rng.randint(8, max(9, self._calendar.days - 20)))
            desk = rng.choice([d for d in self._desks[:-1] if d is not operator.stints[0].desk])
            ends = start + timedelta(days=rng.randint(10, 45))
            chief = self.chiefs[desk.section_id]
            operator.stints.append(Stint(desk, "substitute", "permanent", start, ends, chief))
