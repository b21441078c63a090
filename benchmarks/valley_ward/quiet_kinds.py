"""Play the quiet insiders: a few look-ups of people they know, or wish they knew."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from benchmarks.valley_ward.days import APRIL
from benchmarks.valley_ward.misuse import Insiders
from benchmarks.valley_ward.records import Misuse, Stay
from benchmarks.valley_ward.staff import Operator
from benchmarks.valley_ward.town import Resident


def _steady(ward: Insiders) -> Callable[[Operator], bool]:
    """Return whether somebody works long enough to be careful."""
    first, last = ward.calendar.days[ward.earliest_day], ward.calendar.last
    least = max(8, len(ward.calendar.days) // 6)
    return lambda one: len(ward.hours_of(one, first, last)) >= least


def _visits(
    ward: Insiders, kind: str, operator: Operator, targets: list[Resident], stays: list[Stay]
) -> Misuse:
    """Look the targets up, now and then one a day, seldom two."""
    misuse = Misuse(kind, operator.operator_id)
    for place, stay in enumerate(stays):
        at = ward.moment(stay)
        first = targets[place % len(targets)] if place < len(targets) else ward.rng.choice(targets)
        for target in [first, *ward.rng.sample(targets, min(1, int(ward.rng.random() * 1.25)))]:
            if ward.is_uncovered(stay.section_id, target, at):
                at = ward.look(misuse, operator, stay, at, target)
    return misuse


def founding(ward: Insiders) -> Misuse | None:
    """Look one resident up two or three times, months and a contract apart."""
    steady = _steady(ward)
    days = ward.calendar.days

    def renewed(one: Operator) -> bool:
        return steady(one) and len(one.assignments) > 1

    operator = ward.cast(renewed) or ward.cast(steady)
    if operator is None:
        return None
    times = ward.rng.choice((2, 3))
    span = (len(days) - ward.earliest_day) // times
    misuse = Misuse("founding", operator.operator_id)
    target: Resident | None = None
    for place in range(times):
        # The first and the last lie on the two sides of 1 April where the run holds it.
        begin = ward.earliest_day + place * span + (span // 3 if place else 0)
        first, last = days[begin], days[min(begin + span // 2, len(days) - 1)]
        if place == times - 1 and first < APRIL < last:
            first = APRIL
        stays = ward.within(operator, 1, first, last)
        if not stays:
            return None
        people = ward.town.pools["everyone"].residents if target is None else [target]
        targets = ward.strangers(stays[0], people, 1)
        if not targets:
            return None
        target = targets[0]
        ward.look(misuse, operator, stays[0], ward.moment(stays[0]), target, bare=True)
    return misuse


def family(ward: Insiders) -> Misuse | None:
    """Follow those who live under the same roof."""
    steady = _steady(ward)

    def housed(one: Operator) -> bool:
        home = one.resident
        return home is not None and len(ward.town.households[home.household_id]) > 1 and steady(one)

    operator = ward.cast(housed)
    if operator is None or operator.resident is None:
        return None
    home = operator.resident
    others = [one for one in ward.town.households[home.household_id] if one is not home]
    targets = ward.rng.sample(others, min(len(others), ward.rng.randint(1, 2)))
    stays = ward.spread(operator, ward.rng.randint(3, 7), ward.rng.randint(21, 75))
    return _visits(ward, "family", operator, targets, stays)


def neighbour(ward: Insiders) -> Misuse | None:
    """Read about the people of the same street."""
    steady = _steady(ward)
    operator = ward.cast(lambda one: one.resident is not None and steady(one))
    if operator is None or operator.resident is None:
        return None
    home = operator.resident
    street = [
        one
        for one in ward.town.blocks[home.block_id]
        if one.household_id != home.household_id and one.age >= 18
    ]
    if not street:
        return None
    targets = ward.rng.sample(street, min(len(street), ward.rng.randint(1, 4)))
    stays = ward.spread(operator, ward.rng.randint(4, 9), ward.rng.randint(21, 70))
    return _visits(ward, "neighbour", operator, targets, stays)


def colleague(ward: Insiders) -> Misuse | None:
    """Read about the people at the next desks."""
    operator = ward.cast(_steady(ward))
    if operator is None:
        return None
    own = operator.posts[-1].section_id
    near = [
        one.resident
        for one in ward.staff.operators
        if one.resident is not None and one is not operator and one.posts[-1].section_id == own
    ]
    far = [
        one.resident
        for one in ward.staff.operators
        if one.resident is not None and one.posts[-1].section_id != own
    ]
    people = near if near and ward.rng.random() < 0.7 else far
    targets = ward.rng.sample(people, min(len(people), ward.rng.randint(1, 3)))
    stays = ward.spread(operator, ward.rng.randint(3, 7), ward.rng.randint(20, 60))
    return _visits(ward, "colleague", operator, targets, stays)


def public_figure(ward: Insiders) -> Misuse | None:
    """Look up somebody whom everybody knows."""
    operator = ward.cast(_steady(ward))
    known = [one for one in ward.town.residents if one.public_figure]
    if operator is None:
        return None
    targets = ward.rng.sample(known, ward.rng.randint(1, 2))
    stays = ward.spread(operator, ward.rng.randint(2, 5), ward.rng.randint(10, 45))
    return _visits(ward, "public_figure", operator, targets, stays)


def protected(ward: Insiders) -> Misuse | None:
    """Look for the address of somebody who hides, for whoever asked."""
    operator = ward.cast(_steady(ward))
    hidden = [one for one in ward.town.residents if one.protected]
    if operator is None:
        return None
    home = ward.rng.choice(hidden).household_id
    targets = [one for one in ward.town.households[home] if one.protected]
    stays = ward.spread(operator, ward.rng.randint(2, 4), ward.rng.randint(7, 40))
    return _visits(ward, "protected", operator, targets, stays)


def borrowed_case(ward: Insiders) -> Misuse | None:
    """Type the number of somebody else's case, so that the field is not empty."""
    operator = ward.cast(_steady(ward))
    if operator is None:
        return None
    misuse = Misuse("borrowed_case", operator.operator_id)
    people = ward.town.pools["everyone"].residents
    regulars: list[Resident] = []
    stays = ward.spread(operator, ward.rng.randint(4, 9), ward.rng.randint(18, 50))
    for stay in stays:
        regulars = regulars or ward.strangers(stay, people, ward.rng.randint(3, 7))
        target = ward.rng.choice(regulars)
        at = ward.moment(stay)
        case = ward.case_of_another(stay.section_id, target, at)
        if case is not None and ward.is_uncovered(stay.section_id, target, at):
            ward.look(misuse, operator, stay, at, target, typed=case)
    return misuse


def after_transfer(ward: Insiders) -> Misuse | None:
    """Go on using the rights of the section one has left."""
    last_day = ward.calendar.last

    def moved(one: Operator) -> bool:
        return (
            len(one.posts) > 1
            and one.posts[0].section_id != one.posts[1].section_id
            and one.posts[1].first < last_day - timedelta(days=24)
        )

    operator = ward.cast(moved)
    if operator is None:
        return None
    old, new = operator.posts[0], operator.posts[1]
    first = max(new.first + timedelta(days=6), ward.calendar.days[ward.earliest_day])
    span = min(ward.rng.randint(20, 55), (last_day - first).days)
    start = first + timedelta(days=ward.rng.randint(0, max(0, (last_day - first).days - span)))
    misuse = Misuse("after_transfer", operator.operator_id)
    stays = ward.within(operator, ward.rng.randint(3, 8), start, start + timedelta(days=span))
    people = ward.town.pools["everyone"].residents
    for stay in stays:
        at = ward.moment(stay)
        functions = ward.former_functions(operator, stay.day)
        targets = ward.strangers(stay, people, ward.rng.choice((1, 1, 2)))
        for target in targets:
            if functions and ward.is_uncovered(old.section_id, target, at):
                name = ward.rng.choice(functions)
                at = ward.look(misuse, operator, stay, at, target, function=name)
    return misuse
