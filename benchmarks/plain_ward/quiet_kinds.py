"""Commit the quiet kinds of misuse: a few look-ups over weeks to months."""

from __future__ import annotations

from benchmarks.plain_ward.city import Resident
from benchmarks.plain_ward.desk_misuse import FIRST_DAY, Insider, contract_spans
from benchmarks.plain_ward.oddities import news
from benchmarks.plain_ward.staff import Operator


def _quiet(insider: Insider, targets: list[Resident], fewest: int = 2, most: int = 6) -> None:
    """Look at the targets a few times within one to five months."""
    number = insider.rng.randint(fewest, most)
    span_days = insider.rng.randint(15, 150)
    insider.visit(insider.spread_days(number, span_days=span_days), targets)


def founding(insider: Insider) -> None:
    """Look at one resident twice in a contract, and once more in a later one for other work."""
    (_, first, last), (_, begins, ends) = contract_spans(insider.ward, insider.operator)[:2]
    middle = max(first, FIRST_DAY) + (last - max(first, FIRST_DAY)) // 3
    for _ in range(30):
        target = insider.rng.choice(insider.ward.city.residents)
        days = [
            *insider.spread_days(1, FIRST_DAY, middle),
            *insider.spread_days(1, max(middle + 1, last - 20), last),
            *insider.spread_days(1, begins + (ends - begins) // 2, ends - 4),
        ]
        moments = [insider.moment(day) for day in days]
        if all(not insider.is_covered(target.resident_id, at) for _, at in moments):
            for stay, at in moments:
                insider.look(stay, at, target, "jumin.inquiry")
            return


def family(insider: Insider) -> None:
    """Look at the own household, or at a former partner of whom the directory knows nothing."""
    home, rng = insider.operator.resident, insider.rng
    targets: list[Resident] = []
    if home:
        targets = [one for one in insider.ward.city.household_of(home) if one is not home]
    if not targets or rng.random() < 0.45:
        age = home.age if home else rng.randint(28, 50)
        near = [one for one in insider.ward.city.residents if abs(one.age - age) <= 5]
        targets = [rng.choice(near)]
    _quiet(insider, rng.sample(targets, min(len(targets), rng.randint(1, 2))))


def neighbour(insider: Insider) -> None:
    """Look at one to three people of the own block."""
    home, rng = insider.operator.resident, insider.rng
    if home is None:
        return
    near = [
        one
        for one in insider.ward.city.blocks[home.block_id]
        if one.household_id != home.household_id and one.age >= 18
    ]
    _quiet(insider, rng.sample(near, min(len(near), rng.randint(1, 3))), 2, 5)


def colleague(insider: Insider) -> None:
    """Look at one or two colleagues as residents."""
    others = [
        one.resident for one in insider.ward.staff if one.resident and one is not insider.operator
    ]
    _quiet(insider, insider.rng.sample(others, min(len(others), insider.rng.randint(1, 2))), 2, 5)


def public_figure(insider: Insider) -> None:
    """Look at who is in the news, on those days, or at somebody known at any time."""
    figure, first = news(insider.ward)
    number = (first - insider.ward.year.days[0]).days
    rng = insider.rng
    if rng.random() < 0.55:
        days = insider.spread_days(rng.randint(1, 3), number, number + 6)
        insider.visit(days, [figure])
    else:
        known = [one for one in insider.ward.city.residents if one.public_figure]
        _quiet(insider, rng.sample(known, min(len(known), rng.randint(1, 2))), 2, 4)


def protected(insider: Insider) -> None:
    """Look for a protected resident: directly, past the warning or not."""
    guarded = [one for one in insider.ward.city.residents if one.protected and one.age >= 18]
    _quiet(insider, [insider.rng.choice(guarded)], 2, 4)


def borrowed_case(insider: Insider) -> None:
    """Look at residents of no business under the numbers of other people's cases."""
    rng = insider.rng
    whom = [rng.choice(insider.ward.city.residents) for _ in range(rng.randint(2, 4))]
    insider.borrows = True
    for day in insider.spread_days(rng.randint(2, 6), span_days=rng.randint(20, 130)):
        stay, at = insider.moment(day)
        target = rng.choice(whom)
        number = insider.foreign_number(stay, target, at)
        if number and not insider.is_covered(target.resident_id, at):
            insider.do(stay, at, insider.screen(stay), "view", target, None, number)


def after_transfer(insider: Insider) -> None:
    """Go on using a screen of the former section, well after the handover."""
    rng = insider.rng
    (old, _, last), (new, _, _) = contract_spans(insider.ward, insider.operator)[:2]
    kept = [one for one in old.functions if one not in new.functions] or ["jumin.inquiry"]
    whom = rng.sample(insider.ward.city.residents, rng.randint(1, 3))
    days = insider.spread_days(rng.randint(2, 5), last + 15, span_days=rng.randint(20, 70))
    for day in days:
        stay, at = insider.moment(day)
        target = rng.choice(whom)
        if not insider.is_covered(target.resident_id, at):
            insider.do(stay, at, kept[0], "view", target)


def has_two_postings(operator: Operator, *, temporary: bool) -> bool:
    """Return whether an operator moved between sections during the run."""
    first, *rest = operator.contracts
    # A spell of help is on record from later than it truly began, a move never is.
    moved = bool(rest) and rest[0].section_id != first.section_id and not rest[0].recorded_from
    return moved and (first.employment == "permanent") is not temporary
