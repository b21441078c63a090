"""Make a whole ward: the town, its office, its days, and those who misuse them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from random import Random

from benchmarks.valley_ward import account_kinds, bulk_kinds, quiet_kinds
from benchmarks.valley_ward.building import Building
from benchmarks.valley_ward.days import Calendar
from benchmarks.valley_ward.desk import Desk
from benchmarks.valley_ward.jobs import Jobs
from benchmarks.valley_ward.misuse import Insiders
from benchmarks.valley_ward.presence import Presence
from benchmarks.valley_ward.records import Misuse, Stay
from benchmarks.valley_ward.register import Register
from benchmarks.valley_ward.screens import Screens
from benchmarks.valley_ward.staff import Operator, Staff
from benchmarks.valley_ward.town import Town
from benchmarks.valley_ward.workday import Workdays

# Those that few people can play come first.
_KINDS: tuple[Callable[[Insiders], Misuse | None], ...] = (
    account_kinds.expired,
    quiet_kinds.after_transfer,
    quiet_kinds.founding,
    quiet_kinds.family,
    quiet_kinds.neighbour,
    account_kinds.night,
    account_kinds.shared_id,
    quiet_kinds.colleague,
    quiet_kinds.public_figure,
    quiet_kinds.protected,
    quiet_kinds.borrowed_case,
    bulk_kinds.seller,
    bulk_kinds.slow_bulk,
    bulk_kinds.target_skew,
    bulk_kinds.enumeration,
    bulk_kinds.bulk_export,
)


class Ward:
    """Hold everything of a ward; the same seed and sizes give the same again."""

    def __init__(self, seed: int, days: int, operators: int, residents: int) -> None:
        self._seed = seed
        self.calendar = Calendar(days)
        self.town = Town(self.stream("town"), seed, residents)
        self.staff = Staff(self.stream("staff"), self.town, operators)
        seats = Counter(one.posts[0].section_id for one in self.staff.operators)
        self.building = Building(self.stream("building"), seats)
        self.presence = Presence(self.stream("presence"), self.building)
        self.register = Register()
        self.screens = Screens()
        self.misuses: list[Misuse] = []
        stays = self._work()
        self._misuse(stays)

    def stream(self, name: str) -> Random:
        """Return a source of chance of its own for one part of the ward."""
        return Random(f"valley:{self._seed}:{name}")

    def _work(self) -> list[Stay]:
        """Let everybody do their honest work, day after day, and return their stays."""
        parts = (self.town, self.calendar, self.register, self.screens)
        desk, jobs = Desk(self.stream("desk"), *parts), Jobs(self.stream("jobs"), *parts)
        workdays = Workdays(
            self.stream("workdays"), self.staff, self.calendar, self.building, self.presence
        )
        all_stays: list[Stay] = []
        rng = self.stream("own matters")
        for day in self.calendar.days:
            present = list(workdays.on(day))
            heaps = jobs.deal(day, present)
            for operator, stays in present:
                for place, stay in enumerate(stays):
                    begin = stay.starts_at + 60
                    if place == 0 and operator.operator_id in heaps:
                        begin = jobs.do(operator, stay, heaps[operator.operator_id])
                    desk.fill(operator, stay, begin)
                    all_stays.append(stay)
            self._own_matters(rng, desk, present)
        return all_stays

    def _own_matters(
        self, rng: Random, desk: Desk, present: list[tuple[Operator, list[Stay]]]
    ) -> None:
        """Let staff who live here need a paper from a colleague, or now and then their own."""
        for operator, stays in present:
            if operator.resident is None or rng.random() > 0.012:
                continue
            household = self.town.households[operator.resident.household_id]
            subject = operator.resident if rng.random() < 0.6 else rng.choice(household)
            own = [
                (one, place)
                for one, places in present
                for place in places
                if place.section_id == stays[0].section_id and place.gaps
            ]
            others = [pair for pair in own if pair[0] is not operator]
            pairs = own if rng.random() < 0.1 else others
            if pairs:
                server, stay = rng.choice(pairs)
                desk.own_matter(server, stay, subject)

    def _misuse(self, stays: list[Stay]) -> None:
        """Play two of every kind, and a third of some."""
        rng = self.stream("insiders")
        insiders = Insiders(
            rng, self.town, self.staff, self.calendar, self.building, self.presence,
            self.register, self.screens, stays,
        )  # fmt: skip
        third = set(rng.sample(range(len(_KINDS)), rng.randint(4, 8)))
        for place, play in enumerate(_KINDS):
            wanted = 3 if place in third else 2
            for _ in range(wanted * 4):
                wanted -= insiders.keep(_whole(play(insiders)))
                if not wanted:
                    break
        self.misuses = insiders.misuses


def _whole(misuse: Misuse | None) -> Misuse | None:
    """Return a case if it came to something: chance may have covered most of its targets."""
    if misuse is None or misuse.kind == "bulk_export":
        return misuse
    opened = [act for act in misuse.acts if act.resident_id is not None]
    return misuse if len(opened) >= 2 else None
