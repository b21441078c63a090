"""Hire the staff: postings, contracts, transfers, and what each is like at work."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random

from benchmarks.valley_ward.days import APRIL, FILING, HOUR_S, MINUTE_S
from benchmarks.valley_ward.records import Json
from benchmarks.valley_ward.sections import BY_ID, SECTIONS
from benchmarks.valley_ward.town import Resident, Town

DAY = timedelta(days=1)
_MIDYEAR = (date(2025, 1, 6), date(2025, 2, 3), date(2025, 6, 2))


@dataclass(slots=True)
class Habits:
    """Hold how one person works; factors are 1 for the middling clerk."""

    pace: float
    starts_s: float
    ends_s: float
    lunch_s: float
    weekdays: int
    overtime: float
    prints: float
    blank: float
    loose: float
    late: float
    family: float
    direct: float
    wildcard: float
    dry_finger: float
    sign_out: float
    kinds: tuple[float, ...]
    copies: tuple[int, ...]
    taste: dict[str, float] = field(default_factory=dict)


@dataclass(slots=True, eq=False)
class Post:
    """Hold where somebody works in truth; the directory may say so later or longer."""

    section_id: str
    role: str
    first: date
    last: date | None = None
    share: float = 1.0
    """How many of the days: a stand-in is at the other section now and then."""


@dataclass(slots=True, eq=False)
class Operator:
    """Hold one person with an account."""

    operator_id: str
    employment: str
    habits: Habits
    resident: Resident | None
    trained_until: date | None
    posts: list[Post] = field(default_factory=list)
    stand_ins: list[Post] = field(default_factory=list)
    assignments: list[Json] = field(default_factory=list)

    def post_on(self, day: date) -> Post | None:
        """Return the posting of a day, None before the first and after the last contract."""
        for post in self.posts:
            if post.first <= day and (post.last is None or day <= post.last):
                return post
        return None

    def assign(self, post: Post, first: date | None = None, last: date | None = None) -> None:
        """Write a posting into the directory, with other days where they differ."""
        section = BY_ID[post.section_id]
        end = last or post.last
        self.assignments.append(
            {
                "section_id": post.section_id,
                "role": post.role,
                "employment": self.employment,
                "functions": section.functions_of(post.role),
                "supervisor_id": f"sv-{post.section_id}",
                "starts_on": str(first or post.first),
                "ends_on": None if end is None else str(end),
            }
        )

    def line(self) -> Json:
        """Return the record of the directory."""
        home = self.resident
        return {
            "operator_id": self.operator_id,
            "resident_token": home.resident_id if home else None,
            "household_id": home.household_id if home else None,
            "block_id": home.block_id if home else None,
            "trained_until": str(self.trained_until) if self.trained_until else None,
            "assignments": sorted(self.assignments, key=lambda one: str(one["starts_on"])),
        }


class Staff:
    """Hire everybody for a ward and move them about over the run."""

    def __init__(self, rng: Random, town: Town, count: int) -> None:
        self._rng = rng
        self.operators: list[Operator] = []
        homes = [one for one in town.residents if 21 <= one.age <= 66]
        numbers = rng.sample(range(1000, 9000), count)
        for place, section_id in enumerate(_seats(count)):
            home = rng.choice(homes) if rng.random() < 0.72 else None
            self._hire(f"v{numbers[place]}", section_id, home)
        self._transfer()
        self._lend()
        for operator in self.operators:
            self._record(operator)

    def _hire(self, operator_id: str, section_id: str, home: Resident | None) -> None:
        rng, section = self._rng, BY_ID[section_id]
        temporary = rng.random() < section.temporary
        employment = "temporary" if temporary else "permanent"
        if section_id == "night":
            employment = "contractor"
        names = [name for name, _ in section.roles]
        role = rng.choices(names, [share for _, share in section.roles])[0]
        trained = rng.choice((date(2025, 3, 31), date(2026, 3, 31), date(2025, 9, 30)))
        operator = Operator(
            operator_id,
            employment,
            _habits(rng, employment),
            home,
            None if rng.random() < 0.1 else trained,
        )
        operator.posts = self._contracts(employment, section_id, role)
        self.operators.append(operator)

    def _contracts(self, employment: str, section_id: str, role: str) -> list[Post]:
        """Return the postings of one person; a fiscal year ends on 31 March."""
        rng = self._rng
        began = date(rng.randint(2014, 2024), 4, 1)
        if employment == "contractor":
            return [Post(section_id, role, began)]
        if employment == "permanent":
            first = APRIL if rng.random() < 0.07 else began
            return [Post(section_id, role, first)]
        draw = rng.random()
        if draw < 0.14:
            return [Post(section_id, role, rng.choice((APRIL, APRIL, date(2025, 5, 7))))]
        if draw < 0.30:
            ends = rng.choice((date(2025, 1, 31), date(2025, 3, 31), date(2025, 3, 31)))
            return [Post(section_id, role, date(2024, 4, 1), ends)]
        if draw < 0.40:
            # Hired by the half year, and again after a fortnight at home.
            split = date(2025, 4, 30)
            return [
                Post(section_id, role, date(2024, 11, 1), split),
                Post(section_id, role, split + timedelta(days=15)),
            ]
        return [
            Post(section_id, role, date(2024, 4, 1), APRIL - DAY),
            Post(section_id, role, APRIL, date(2026, 3, 31)),
        ]

    def _transfer(self) -> None:
        """Move one permanent clerk in six on 1 April, and one in twenty in mid-year."""
        rng = self._rng
        settled = [one for one in self.operators if one.employment == "permanent" and _is_old(one)]
        rng.shuffle(settled)
        late = max(2, len(settled) // 16)
        for place, operator in enumerate(settled[: late + max(3, len(settled) // 6)]):
            day = rng.choice(_MIDYEAR) if place < late else APRIL
            old = operator.posts[0]
            others = [one for one in SECTIONS if one.section_id not in (old.section_id, "night")]
            section = rng.choices(others, [one.weight for one in others])[0]
            role = rng.choices([n for n, _ in section.roles], [w for _, w in section.roles])[0]
            old.last = day - DAY
            operator.posts.append(Post(section.section_id, role, day))

    def _lend(self) -> None:
        """Lend clerks for the filing weeks, to the branch, and in the moving season."""
        rng = self._rng
        plans = (
            ("tax", "assess", *FILING, 0.6),
            ("north", "counter", date(2024, 12, 2), None, 0.12),
            ("citizen", "counter", date(2025, 3, 17), date(2025, 4, 11), 0.5),
            ("welfare", "intake", date(2025, 2, 10), date(2025, 4, 30), 0.4),
        )
        count = max(1, len(self.operators) // 30)
        for section_id, role, first, last, share in plans:
            from_section = "citizen" if section_id == "north" else None
            able = [
                one
                for one in self.operators
                if (post := one.post_on(first)) is not None
                and one.employment == "permanent"
                and post.section_id not in (section_id, "night", "north")
                and from_section in (None, post.section_id)
                and not one.stand_ins
            ]
            for operator in rng.sample(able, min(count, len(able))):
                operator.stand_ins.append(Post(section_id, role, first, last, share))

    def _record(self, operator: Operator) -> None:
        """Write the assignments: rights kept for a hand-over, contracts written in late."""
        rng = self._rng
        for place, post in enumerate(operator.posts):
            first = post.first
            moved = place + 1 < len(operator.posts)
            handover = moved and operator.employment == "permanent" and rng.random() < 0.3
            if operator.employment == "temporary" and first == APRIL and rng.random() < 0.25:
                first = APRIL + timedelta(days=rng.randint(2, 4))
            last = post.last + timedelta(days=30) if handover and post.last else None
            operator.assign(post, first, last)
        for post in operator.stand_ins:
            operator.assign(post)


def _is_old(operator: Operator) -> bool:
    return operator.posts[0].first < APRIL


def _seats(count: int) -> list[str]:
    """Return the section of every seat, by weight; the biggest takes what rounding leaves."""
    total = sum(one.weight for one in SECTIONS)
    seats: list[str] = []
    for section in SECTIONS[1:]:
        seats += [section.section_id] * max(2, round(count * section.weight / total))
    first = SECTIONS[0].section_id
    return ([first] * max(2, count - len(seats)) + seats)[:count]


def _habits(rng: Random, employment: str) -> Habits:
    short = employment == "temporary"
    starts = 9 * HOUR_S if short else 8.5 * HOUR_S
    ends = rng.choice((16, 16.5, 17)) * HOUR_S if short else 17.25 * HOUR_S
    many = rng.random() < 0.2
    return Habits(
        pace=min(rng.lognormvariate(0.0, 0.35), 2.2),
        starts_s=starts - rng.uniform(2, 14) * MINUTE_S,
        ends_s=ends,
        lunch_s=rng.choice((11.5, 12, 12, 12, 13)) * HOUR_S,
        weekdays=rng.choice((3, 4, 4, 5)) if short else 5,
        overtime=0.01 if short else rng.betavariate(1.2, 7),
        prints=rng.uniform(0.5, 1.0),
        blank=rng.lognormvariate(0.0, 0.7),
        loose=rng.lognormvariate(0.0, 0.3),
        late=rng.lognormvariate(0.0, 0.6),
        family=rng.lognormvariate(0.0, 0.4),
        direct=rng.betavariate(1.5, 3.5),
        wildcard=rng.lognormvariate(0.0, 0.7),
        dry_finger=rng.betavariate(1, 14),
        sign_out=rng.betavariate(6, 1.2),
        kinds=tuple(rng.gammavariate(a, 1.0) for a in (5, 1.2, 3, 1.5, 1)),
        copies=(1, 1, 1, 2, 3) if many else (1, 1, 1, 1, 2),
    )
