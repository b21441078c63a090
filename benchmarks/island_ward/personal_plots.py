"""Looks at persons one knows, or knows of: the misuse that every office has."""

from __future__ import annotations

from benchmarks.island_ward.casting import Cast
from benchmarks.island_ward.errands import Errand
from benchmarks.island_ward.staff import Operator
from benchmarks.island_ward.town import Resident
from benchmarks.island_ward.work import AFTERNOON, EARLY, FLAT


def _look(
    cast: Cast,
    operator: Operator,
    day: int,
    label: int,
    person: Resident,
    cite: str | None = None,
    prints: float = 0.05,
) -> None:
    kind = cast.look(cast.desk(operator, day), prints)
    curve = cast.rng.choice([FLAT, EARLY, AFTERNOON])
    cast.errands.add(operator, Errand(day, label, kind, lambda _: [person], cite, curve))


def founding(cast: Cast) -> None:
    """A temporary clerk looks one person up a few times in months."""
    found = cast.insider((55, 125), lambda op: op.temporary)
    if not found:
        return
    operator, days = found
    person = cast.rng.choice([p for p in cast.town.group("adult") if p.listed])
    label = cast.errands.label("founding", operator, person)
    count = cast.rng.randint(2, 4)
    step = (len(days) - 1) / max(1, count - 1)
    with_case = cast.rng.randrange(count) if cast.rng.random() < 0.5 else -1
    for place in range(count):
        drift = cast.rng.uniform(-0.25, 0.25) * step
        day = days[min(len(days) - 1, max(0, round(place * step + drift)))]
        _look(cast, operator, day, label, person, "own" if place == with_case else None)


def family(cast: Cast) -> None:
    """Somebody keeps an eye on the own household."""
    found = cast.insider(
        (12, 50), lambda op: op.resident is not None and bool(cast.town.family(op.resident))
    )
    if not found or found[0].resident is None:
        return
    operator, days = found
    people = cast.town.family(found[0].resident)
    main = cast.rng.choice([p for p in people if p.age >= 15] or people)
    label = cast.errands.label("family", operator, main)
    for day in cast.some(days, cast.rng.randint(3, 7)):
        person = main if cast.rng.random() < 0.75 else cast.rng.choice(people)
        _look(cast, operator, day, label, person)


def neighbour(cast: Cast) -> None:
    """Somebody reads up on the people next door."""

    def fits(op: Operator) -> bool:
        return op.resident is not None and len(cast.town.by_block[op.resident.block]) >= 8

    found = cast.insider((12, 45), fits)
    if not found or found[0].resident is None:
        return
    operator, days = found
    home = found[0].resident
    street = cast.town.by_block[home.block]
    place = street.index(home)
    near = [p for p in street[max(0, place - 22) : place + 23] if p.household != home.household]
    people = cast.rng.sample(near, min(len(near), cast.rng.randint(3, 7)))
    if not people:
        return
    label = cast.errands.label("neighbour", operator)
    for day in cast.some(days, cast.rng.randint(3, 6)):
        for person in cast.rng.sample(people, cast.rng.randint(1, min(3, len(people)))):
            _look(cast, operator, day, label, person)


def colleague(cast: Cast) -> None:
    """Somebody follows a colleague, or the colleague's family."""
    found = cast.insider((10, 55))
    if not found:
        return
    operator, days = found
    homes = [op.resident for op in cast.staff if op.resident and op is not operator]
    if not homes:
        return
    main = cast.rng.choice(homes)
    others = [*cast.town.family(main)[:2], cast.rng.choice(homes), main]
    label = cast.errands.label("colleague", operator, main)
    for day in cast.some(days, cast.rng.randint(3, 7)):
        person = main if cast.rng.random() < 0.7 else cast.rng.choice(others)
        _look(cast, operator, day, label, person)


def public_figure(cast: Cast) -> None:
    """Curiosity after something was in the newspaper."""
    found = cast.insider((4, 24))
    if not found:
        return
    operator, days = found
    known = [p for p in cast.town.people if p.public_figure]
    people = cast.rng.sample(known, cast.rng.randint(1, min(3, len(known))))
    label = cast.errands.label("public_figure", operator, people[0] if len(people) == 1 else None)
    for day in cast.some(days, cast.rng.randint(2, 5)):
        person = cast.rng.choice(people)
        _look(cast, operator, day, label, person)
        if cast.rng.random() < 0.35:
            for member in cast.town.family(person)[:2]:
                _look(cast, operator, day, label, member)


def protected(cast: Cast) -> None:
    """Somebody finds for another where a person under protection lives."""
    found = cast.insider((3, 20))
    if not found:
        return
    operator, days = found
    person = cast.rng.choice([p for p in cast.town.people if p.protected and p.age >= 18])
    label = cast.errands.label("protected", operator, person)
    for day in cast.some(days, cast.rng.randint(1, 4)):
        cite = "own" if cast.rng.random() < 0.3 else None
        _look(cast, operator, day, label, person, cite, prints=0.25)
