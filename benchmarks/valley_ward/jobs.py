"""Plan the work that comes in heaps: returned mail, surveys, corrections, lists, training."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from random import Random

from benchmarks.valley_ward.days import DAY_S, Calendar, midnight
from benchmarks.valley_ward.records import Case, Stay
from benchmarks.valley_ward.register import Register
from benchmarks.valley_ward.screens import Screens, search_terms
from benchmarks.valley_ward.sections import BY_ID
from benchmarks.valley_ward.staff import Operator
from benchmarks.valley_ward.town import Resident, Town

_MonthDay = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Plan:
    """Describe one sort of heap: where, when, how likely a day, how big, and its case.

    `together` is the chance of one case for the whole heap, `each` that of one a resident.
    """

    name: str
    section_id: str
    roles: tuple[str, ...]
    first: _MonthDay
    last: _MonthDay
    a_day: float
    size: tuple[int, int]
    functions: tuple[str, ...]
    pool: str
    together: float = 0.0
    each: float = 0.0


_YEAR: tuple[_MonthDay, _MonthDay] = ((1, 1), (12, 31))
_PLANS = (
    Plan("returned", "tax", ("assess",), (6, 16), (6, 30), 0.9, (20, 60), ("juki.inquiry:view",),
         "taxed", 0.35),
    Plan("returned", "tax", ("assess", "collect"), (4, 15), (5, 20), 0.3, (12, 40),
         ("juki.inquiry:view",), "taxed", 0.35),
    Plan("returned", "insurance", ("nhi",), (3, 28), (4, 25), 0.3, (10, 40),
         ("juki.inquiry:view",), "insured", 0.4),
    Plan("returned", "care", ("care",), *_YEAR, 0.03, (8, 25), ("juki.inquiry:view",), "elderly",
         0.3),
    Plan("benefit", "welfare", ("intake", "caseworker"), (2, 12), (4, 30), 0.5, (15, 45),
         ("benefit.entry:view", "benefit.entry:update"), "needy", 0.0, 0.93),
    Plan("survey", "children", ("children",), (6, 2), (6, 30), 0.6, (15, 50),
         ("jido.entry:view", "jido.entry:update"), "parents", 0.6, 0.9),
    Plan("survey", "care", ("care",), (1, 15), (3, 15), 0.12, (12, 40), ("kaigo.record:view",),
         "elderly", 0.5),
    Plan("correction", "citizen", ("review",), *_YEAR, 0.06, (30, 110),
         ("juki.correct:view", "juki.correct:update"), "block", 0.85),
    Plan("audit", "tax", ("collect",), *_YEAR, 0.02, (10, 25), ("collect.ledger:view",),
         "indebted"),
    Plan("audit", "welfare", ("caseworker",), *_YEAR, 0.02, (8, 20), ("seiho.record:view",),
         "needy"),
    Plan("roll", "general", ("planning",), (3, 1), (6, 25), 0.1, (20, 60), ("senkyo.roll:view",),
         "everyone", 0.7),
)  # fmt: skip


@dataclass(slots=True, eq=False)
class Job:
    """Hold one heap on somebody's desk."""

    functions: tuple[str, ...]
    residents: list[Resident] = field(default_factory=list)
    together: bool = False
    each: float = 0.0
    copies: int = 0
    by_mail: bool = False


class Jobs:
    """Deal heaps out to those who are in, and do them at the start of a stay."""

    def __init__(
        self, rng: Random, town: Town, calendar: Calendar, register: Register, screens: Screens
    ) -> None:
        self._rng, self._town, self._calendar = rng, town, calendar
        self._register, self._screens = register, screens
        # Somebody owns the statistics; the others make a list now and then.
        self._samples = rng.sample(town.pools["everyone"].residents, 5)

    def deal(self, day: date, present: list[tuple[Operator, list[Stay]]]) -> dict[str, Job]:
        """Return today's heaps by operator."""
        rng = self._rng
        if not self._calendar.is_worked(day):
            return {}
        jobs: dict[str, Job] = {}
        for plan in _PLANS:
            if plan.first <= (day.month, day.day) <= plan.last and rng.random() < plan.a_day:
                able = [
                    operator.operator_id
                    for operator, stays in present
                    if stays[0].section_id == plan.section_id and stays[0].role in plan.roles
                ]
                if able:
                    jobs[rng.choice(able)] = self._job(plan)
        self._lists(day, present, jobs)
        if day in (date(2025, 4, 3), date(2025, 4, 10), date(2025, 5, 14), date(2024, 12, 11)):
            self._train(day, present, jobs)
        return jobs

    def _job(self, plan: Plan) -> Job:
        rng = self._rng
        size = rng.randint(*plan.size)
        if plan.pool == "block":
            # A street gets new numbers: everyone who lives there, door by door.
            people = self._town.blocks[rng.choice(sorted(self._town.blocks))][:size]
        else:
            people = [self._town.pools[plan.pool].pick(rng) for _ in range(size)]
        together = rng.random() < plan.together
        returned = plan.name == "returned"
        return Job(plan.functions, people, together, plan.each, by_mail=returned)

    def _lists(
        self, day: date, present: list[tuple[Operator, list[Stay]]], jobs: dict[str, Job]
    ) -> None:
        """Let a few make lists; the first days of a month bring the large ones."""
        rng = self._rng
        for operator, stays in present:
            stay = stays[0]
            large = stay.section_id == "general" or stay.role == "review"
            early = day.day <= 5
            chance = (0.16 if early else 0.015) if large else (0.04 if early else 0.015)
            if operator.operator_id in jobs or rng.random() > chance:
                continue
            function = "stat.export" if large else f"{stay.section_id}.list"
            size = rng.lognormvariate(6.6, 1.0) if large else rng.lognormvariate(3.4, 0.9)
            if stay.section_id in ("tax", "care") and early and rng.random() < 0.2:
                size *= 12
            jobs[operator.operator_id] = Job((f"{function}:export",), copies=int(size) + 3)

    def _train(
        self, day: date, present: list[tuple[Operator, list[Stay]]], jobs: dict[str, Job]
    ) -> None:
        """Seat the newly come at their screens with the same few sample residents."""
        for operator, _ in present:
            newest = max(post.first for post in operator.posts if post.first <= day)
            if (day - newest).days < 50 or self._rng.random() < 0.03:
                jobs[operator.operator_id] = Job(("juki.inquiry:view",), list(self._samples))

    def do(self, operator: Operator, stay: Stay, job: Job) -> float:
        """Do a heap, as far as the stay goes, and return when it is laid down."""
        rng, screens = self._rng, self._screens
        at = stay.starts_at + rng.uniform(300, 2400)
        if not job.residents:
            function, action = job.functions[0].split(":")
            screens.act(stay, at, function, action, copies=job.copies)
            return at + 60
        case = None
        if job.together:
            opened = midnight(stay.day) - rng.uniform(-0.8, 6) * DAY_S
            case = self._open(operator, stay, job, job.residents, opened)
        for resident in job.residents:
            if at > stay.ends_at - 60:
                break
            typed = case
            if not job.together and rng.random() < job.each:
                opened = at - rng.uniform(0.1, 9) * DAY_S
                typed = self._open(operator, stay, job, [resident], opened)
            search = None
            if job.by_mail or rng.random() > operator.habits.direct:
                # An envelope gives a name and an address that is wrong.
                kinds = (5.0, 4.0, 0.3, 0.2, 0.0) if job.by_mail else None
                unclear = 0.22 if job.by_mail else BY_ID[stay.section_id].wildcard
                search = search_terms(rng, operator.habits, unclear, kinds)
            if typed is not None and (typed.opened_at > at or rng.random() < 0.2):
                typed = None
            function = job.functions[0].split(":")[0]
            acts = screens.open(stay, at, function, resident, search, typed=typed)
            at = acts[-1].at + 8 + rng.expovariate(1 / 45)
            if len(job.functions) > 1 and rng.random() < 0.85:
                function, action = job.functions[1].split(":")
                screens.act(stay, at, function, action, resident, typed=typed)
                at += 5 + rng.expovariate(1 / 30)
        stay.gaps.append(at + 5)
        return at + 30

    def _open(
        self, operator: Operator, stay: Stay, job: Job, people: list[Resident], opened: float
    ) -> Case:
        functions = sorted({one.split(":")[0] for one in job.functions})
        closed = opened + self._rng.uniform(8, 40) * DAY_S
        return self._register.open(
            stay.section_id, functions, people, [operator.operator_id], opened, closed
        )
