"""Play the insiders who collect: to order, street by street, by number, by list, by class."""

from __future__ import annotations

from collections.abc import Callable

from benchmarks.valley_ward.misuse import Insiders
from benchmarks.valley_ward.records import Misuse, Stay
from benchmarks.valley_ward.staff import Operator
from benchmarks.valley_ward.town import Resident


def _steady(ward: Insiders) -> Callable[[Operator], bool]:
    first, last = ward.calendar.days[ward.earliest_day], ward.calendar.last
    least = max(8, len(ward.calendar.days) // 4)
    return lambda one: len(ward.hours_of(one, first, last)) >= least


def _collect(
    ward: Insiders,
    misuse: Misuse,
    operator: Operator,
    stays: list[Stay],
    wanted: list[Resident],
    a_day: tuple[int, int],
    by_list: bool,
) -> None:
    """Take the wanted in their order, a few each day, at one or two quiet moments."""
    rest = list(wanted)
    for stay in stays:
        at = ward.moment(stay)
        for place in range(ward.rng.randint(*a_day)):
            if place == 2:
                at = ward.moment(stay)
            while rest and not ward.is_uncovered(stay.section_id, rest[0], at):
                rest.pop(0)
            if not rest:
                return
            at = ward.look(misuse, operator, stay, at, rest.pop(0), by_list=by_list)
            if by_list and ward.rng.random() < 0.15:
                last = misuse.acts[-1]
                resident = ward.town.by_id[str(last.resident_id)]
                act = ward.screens.act(stay, at, last.function, "print", resident, copies=1)
                misuse.acts.append(act)
                at += ward.rng.uniform(4, 12)


def seller(ward: Insiders) -> Misuse | None:
    """Look up the names that somebody outside pays for."""
    operator = ward.cast(_steady(ward))
    if operator is None:
        return None
    misuse = Misuse("seller", operator.operator_id)
    everyone = ward.town.pools["taxed"].residents
    wanted = ward.rng.sample(everyone, min(len(everyone), ward.rng.randint(60, 110)))
    stays = ward.spread(operator, ward.rng.randint(9, 18), ward.rng.randint(21, 42))
    _collect(ward, misuse, operator, stays, wanted, (1, 3), by_list=True)
    return misuse


def slow_bulk(ward: Insiders) -> Misuse | None:
    """Copy the register street by street, a few households a day."""
    operator = ward.cast(_steady(ward))
    if operator is None:
        return None
    misuse = Misuse("slow_bulk", operator.operator_id)
    blocks = sorted(ward.town.blocks)
    start = ward.rng.randrange(len(blocks))
    streets = [*blocks[start:], *blocks[:start]][:12]
    wanted = [one for block in streets for one in ward.town.blocks[block] if one.age >= 18]
    stays = ward.spread(operator, ward.rng.randint(16, 22), ward.rng.randint(26, 45))
    _collect(ward, misuse, operator, stays, wanted, (2, 5), by_list=False)
    return misuse


def target_skew(ward: Insiders) -> Misuse | None:
    """Look at one sort of people only, where the day's work is about all sorts."""
    operator = ward.cast(_steady(ward))
    if operator is None:
        return None
    misuse = Misuse("target_skew", operator.operator_id)
    sorts: list[Callable[[Resident], bool]] = [
        lambda one: one.sex == "f" and 19 <= one.age < 32,
        lambda one: one.sex == "f" and one.lives_alone and one.age < 50,
        lambda one: one.age >= 75 and one.lives_alone,
    ]
    wanted = list(filter(ward.rng.choice(sorts), ward.town.residents))
    ward.rng.shuffle(wanted)
    stays = ward.spread(operator, ward.rng.randint(14, 26), ward.rng.randint(35, 65))
    _collect(ward, misuse, operator, stays, wanted, (1, 3), by_list=False)
    return misuse


def enumeration(ward: Insiders) -> Misuse | None:
    """Run through resident numbers one after another, at one to three sittings."""
    operator = ward.cast(_steady(ward))
    if operator is None:
        return None
    misuse = Misuse("enumeration", operator.operator_id)
    number = ward.rng.randrange(len(ward.town.residents))
    noticed = ward.rng.random() < 0.7  # not every screen tells consecutive numbers
    for stay in ward.spread(operator, ward.rng.randint(1, 3), ward.rng.randint(2, 12)):
        at = ward.moment(stay)
        function = ward.function(operator, stay)
        for place in range(ward.rng.randint(18, 36)):
            number = (number + ward.rng.choice((1, 1, 1, 1, 2))) % len(ward.town.residents)
            if at > stay.ends_at - 20:
                break
            run = noticed and place > 2
            search = {"kind": "resident_id", "wildcard": False, "hits": 1, "sequential": run}
            resident = ward.town.residents[number]
            misuse.acts += ward.screens.open(stay, at, function, resident, search)
            at = misuse.acts[-1].at + 3 + ward.rng.expovariate(1 / 6)
    return misuse


def bulk_export(ward: Insiders) -> Misuse | None:
    """Take whole lists home, by a function that is there for lists."""
    operator = ward.cast(_steady(ward))
    if operator is None:
        return None
    misuse = Misuse("bulk_export", operator.operator_id)
    for stay in ward.spread(operator, ward.rng.randint(1, 3), ward.rng.randint(3, 20)):
        large = stay.section_id == "general" or stay.role == "review"
        function = "stat.export" if large else f"{stay.section_id}.list"
        copies = int(ward.rng.lognormvariate(7.6, 0.6)) + 300
        act = ward.screens.act(stay, ward.moment(stay), function, "export", copies=copies)
        misuse.acts.append(act)
    return misuse
