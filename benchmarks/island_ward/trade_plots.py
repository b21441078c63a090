"""Records taken for a use: sold, gathered, chosen by kind of person, or exported."""

from __future__ import annotations

from benchmarks.island_ward.casting import Cast
from benchmarks.island_ward.errands import Errand
from benchmarks.island_ward.staff import Operator
from benchmarks.island_ward.town import Resident
from benchmarks.island_ward.work import FLAT, Batch


def _one(
    cast: Cast,
    operator: Operator,
    day: int,
    label: int,
    group: list[Resident],
    prints: float = 0.05,
    cite: str | None = None,
) -> None:
    person = cast.rng.choice(group)
    curves = FLAT, cast.desk(operator, day).curve
    cast.look_at(operator, day, label, person, curves, cite, prints)


def _inquiry(cast: Cast, operator: Operator, day: int, ending: str = "inquiry") -> str:
    """Return the screen of an operator's desk that ends so, or one that it has."""
    functions = cast.desk(operator, day).functions
    found = [f for f in functions if f.endswith(ending)]
    return (found or [f for f in functions if f.endswith("inquiry")] or functions)[0]


def seller(cast: Cast, operator: Operator, days: list[int]) -> None:
    """A few persons a week for somebody who pays."""
    label = cast.errands.label("seller", operator)
    group = cast.town.group("adult")
    prints, cites = cast.rng.choice([0.05, 0.3]), cast.rng.uniform(0.0, 0.4)
    for week in range(0, len(days), 5):
        order = cast.some(days[week : week + 5], cast.rng.randint(1, 2))
        for day in order:
            for _ in range(cast.rng.randint(1, 2)):
                cite = "own" if cast.rng.random() < cites else None
                _one(cast, operator, day, label, group, prints, cite)


def slow_bulk(cast: Cast, operator: Operator, days: list[int]) -> None:
    """A few records more every day, for weeks."""
    label = cast.errands.label("slow_bulk", operator)
    extra, cites = cast.rng.randint(4, 7), cast.rng.uniform(0.0, 0.3)
    for day in days:
        for _ in range(max(0, extra + cast.rng.randint(-3, 2))):
            cite = "own" if cast.rng.random() < cites else None
            _one(cast, operator, day, label, cast.town.group("any"), cite=cite)


def target_skew(cast: Cast, operator: Operator, days: list[int]) -> None:
    """Residents of one sort, one or two a day."""
    young = [p for p in cast.town.group("young") if p.sex == "f" and p.alone]
    old = [p for p in cast.town.group("old_alone") if p.age >= 75]
    mothers = [p for p in cast.town.group("women") if 20 <= p.age < 40 and not p.alone]
    group = cast.rng.choice([g for g in (young, young, old, mothers) if len(g) >= 5])
    label = cast.errands.label("target_skew", operator)
    for day in cast.some(days, max(3, len(days) * 3 // 4)):
        for _ in range(cast.rng.choice([1, 1, 2, 2, 3])):
            _one(cast, operator, day, label, group)


def enumeration(cast: Cast, operator: Operator, days: list[int]) -> None:
    """Trawl by pattern, and open what comes up."""
    label = cast.errands.label("enumeration", operator)
    way = cast.rng.choice(["name", "address", "resident_id"])
    for day in cast.some(days, cast.rng.randint(3, 5)):
        people = _trawled(cast, way, cast.rng.randint(8, 20))
        by_number = way == "resident_id"
        kind = Batch(
            "trawl", _inquiry(cast, operator, day), 0.0, (0, 0), searched=way,
            order={"address": "block", "resident_id": "number"}.get(way, "mixed"),
            wildcard=0.0 if by_number else 0.8, sequential=0.8 if by_number else 0.0, gap_s=16.0,
        )  # fmt: skip
        errand = Errand(day, label, kind, lambda _, people=people: people)  # type: ignore[misc]
        cast.errands.add(operator, errand)


def _trawled(cast: Cast, way: str, size: int) -> list[Resident]:
    """Return whom a trawl finds: a street, a stretch of numbers, or all over the town."""
    people = cast.town.people
    if way == "name":
        return cast.rng.sample(people, size)
    ordered = sorted(people, key=lambda p: p.token if way == "resident_id" else p.block)
    first = cast.rng.randint(0, len(ordered) - size)
    return ordered[first : first + size]


def bulk_export(cast: Cast, operator: Operator, days: list[int]) -> None:
    """Lists that nobody asked for."""
    label = cast.errands.label("bulk_export", operator)
    for day in cast.some(days, cast.rng.randint(2, 4)):
        few = cast.rng.sample(cast.town.people, cast.rng.randint(0, 4))
        kind = Batch(
            "lists", _inquiry(cast, operator, day, cast.rng.choice(["list", "inquiry"])), 0.0,
            (0, 0), searched="address", wildcard=0.7, ends="export", copies=(220, 4200), gap_s=25.0,
        )  # fmt: skip
        errand = Errand(day, label, kind, lambda _, few=few: few)  # type: ignore[misc]
        cast.errands.add(operator, errand)
