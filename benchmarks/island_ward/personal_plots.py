"""Looks at persons one knows, or knows of: the misuse that every office has."""

from __future__ import annotations

from benchmarks.island_ward.casting import Cast
from benchmarks.island_ward.staff import Operator
from benchmarks.island_ward.work import AFTERNOON, EARLY, FLAT

_HOURS = (FLAT, EARLY, AFTERNOON)


def founding(cast: Cast, operator: Operator, days: list[int]) -> None:
    """A temporary clerk looks one person up a few times in months."""
    person = cast.rng.choice([p for p in cast.town.group("adult") if p.listed])
    label = cast.errands.label("founding", operator, person)
    count = cast.rng.randint(2, 4)
    step = (len(days) - 1) / max(1, count - 1)
    with_case = cast.rng.randrange(count) if cast.rng.random() < 0.5 else -1
    for place in range(count):
        drift = cast.rng.uniform(-0.25, 0.25) * step
        day = days[min(len(days) - 1, max(0, round(place * step + drift)))]
        cite = "own" if place == with_case else None
        cast.look_at(operator, day, label, person, _HOURS, cite)


def has_family(cast: Cast, operator: Operator) -> bool:
    """Return whether an operator lives here with others."""
    return operator.resident is not None and bool(cast.town.family(operator.resident))


def family(cast: Cast, operator: Operator, days: list[int]) -> None:
    """Somebody keeps an eye on the own household."""
    if operator.resident is None:
        return
    people = cast.town.family(operator.resident)
    main = cast.rng.choice([p for p in people if p.age >= 15] or people)
    label = cast.errands.label("family", operator, main)
    for day in cast.some(days, cast.rng.randint(3, 7)):
        person = main if cast.rng.random() < 0.75 else cast.rng.choice(people)
        cast.look_at(operator, day, label, person, _HOURS)


def has_neighbours(cast: Cast, operator: Operator) -> bool:
    """Return whether an operator lives in a block of the town with others."""
    home = operator.resident
    return home is not None and len(cast.town.by_block[home.block]) >= 8


def neighbour(cast: Cast, operator: Operator, days: list[int]) -> None:
    """Somebody reads up on the people next door."""
    home = operator.resident
    if home is None:
        return
    street = cast.town.by_block[home.block]
    place = street.index(home)
    near = [p for p in street[max(0, place - 22) : place + 23] if p.household != home.household]
    people = cast.rng.sample(near, min(len(near), cast.rng.randint(3, 7)))
    if not people:
        return
    label = cast.errands.label("neighbour", operator)
    for day in cast.some(days, cast.rng.randint(3, 6)):
        for person in cast.rng.sample(people, cast.rng.randint(1, min(3, len(people)))):
            cast.look_at(operator, day, label, person, _HOURS)


def colleague(cast: Cast, operator: Operator, days: list[int]) -> None:
    """Somebody follows a colleague, or the colleague's family."""
    homes = [op.resident for op in cast.staff if op.resident and op is not operator]
    if not homes:
        return
    main = cast.rng.choice(homes)
    others = [*cast.town.family(main)[:2], cast.rng.choice(homes), main]
    label = cast.errands.label("colleague", operator, main)
    for day in cast.some(days, cast.rng.randint(3, 7)):
        person = main if cast.rng.random() < 0.7 else cast.rng.choice(others)
        cast.look_at(operator, day, label, person, _HOURS)


def public_figure(cast: Cast, operator: Operator, days: list[int]) -> None:
    """Curiosity after something was in the newspaper."""
    known = [p for p in cast.town.people if p.public_figure]
    people = cast.rng.sample(known, cast.rng.randint(1, min(3, len(known))))
    label = cast.errands.label("public_figure", operator, people[0] if len(people) == 1 else None)
    for day in cast.some(days, cast.rng.randint(2, 5)):
        person = cast.rng.choice(people)
        cast.look_at(operator, day, label, person, _HOURS)
        if cast.rng.random() < 0.35:
            for member in cast.town.family(person)[:2]:
                cast.look_at(operator, day, label, member, _HOURS)


def protected(cast: Cast, operator: Operator, days: list[int]) -> None:
    """Somebody finds for another where a person under protection lives."""
    person = cast.rng.choice([p for p in cast.town.people if p.protected and p.age >= 18])
    label = cast.errands.label("protected", operator, person)
    for day in cast.some(days, cast.rng.randint(1, 4)):
        cite = "own" if cast.rng.random() < 0.3 else None
        cast.look_at(operator, day, label, person, _HOURS, cite, prints=0.25)
