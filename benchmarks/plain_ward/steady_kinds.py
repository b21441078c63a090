"""Commit the steady kinds of misuse: small portions of many residents."""

from __future__ import annotations

from benchmarks.plain_ward.city import Resident
from benchmarks.plain_ward.desk_misuse import Insider
from benchmarks.plain_ward.records import Json
from benchmarks.plain_ward.sections import BY_ID


def slow_bulk(insider: Insider) -> None:
    """Go through a block, or the alphabet, one to three residents on most days."""
    rng, city = insider.rng, insider.ward.city
    if rng.random() < 0.5:
        queue = sorted(city.blocks[rng.choice(list(city.blocks))], key=lambda one: one.household_id)
    else:
        queue = sorted(city.residents, key=lambda one: one.kana)
        start = rng.randrange(len(queue) * 3 // 4)
        queue = queue[start:]
    waiting = iter([one for one in queue if one.age >= 18])
    days = insider.spread_days(rng.randint(28, 60), span_days=rng.randint(70, 150))
    for day in days:
        stay, at = insider.moment(day)
        for _ in range(rng.choice((1, 1, 2, 2, 3))):
            target = next(waiting, None)
            if target is None:
                return
            insider.look(stay, at, target)
            at += rng.uniform(12, 60)


def _class(insider: Insider) -> list[Resident]:
    """Return a class of residents that somebody pays for or stares at, outside the habit."""
    wanted: tuple[str, ...] = insider.rng.choice(
        (
            ("lives_alone", "sex.f", "age.20s"),
            ("lives_alone", "age.80s"),
            ("moved_in",),
            ("single_parent",),
            ("sex.f", "age.10s"),
            ("foreign",),
            ("lives_alone", "age.70s"),
        )
    )
    return [one for one in insider.ward.city.residents if set(wanted) <= set(one.traits)]


def seller(insider: Insider) -> None:
    """Print or copy small portions of one class of residents, now and then."""
    rng = insider.rng
    goods = _class(insider)
    rng.shuffle(goods)
    for day in insider.spread_days(rng.randint(4, 9), span_days=rng.randint(40, 120)):
        stay, at = insider.moment(day)
        for _ in range(rng.randint(2, 4)):
            if goods:
                printed = rng.random() < 0.6
                insider.look(
                    stay,
                    at,
                    goods.pop(),
                    None,
                    "print" if printed else "view",
                    1 if printed else None,
                )
                at += rng.uniform(15, 70)


def target_skew(insider: Insider) -> None:
    """Only look, at one class of residents, some a week."""
    rng = insider.rng
    liked = _class(insider)
    for day in insider.spread_days(rng.randint(10, 20), span_days=rng.randint(40, 100)):
        stay, at = insider.moment(day)
        for target in rng.sample(liked, min(len(liked), rng.choice((1, 1, 2)))):
            insider.look(stay, at, target)
            at += rng.uniform(15, 60)


def enumeration(insider: Insider) -> None:
    """Search by wildcard or by consecutive numbers and open the hits, on one to three days."""
    rng = insider.rng
    queue = sorted(insider.ward.city.residents, key=lambda one: one.kana)
    for day in insider.spread_days(rng.randint(1, 3), span_days=30):
        stay, at = insider.moment(day)
        start = rng.randrange(len(queue) - 40)
        hits = queue[start : start + rng.randint(4, 10)]
        terms: Json = {"kind": "name", "wildcard": True, "hits": len(hits) + rng.randint(0, 9)}
        if rng.random() < 0.4:
            terms = {"kind": "resident_id", "wildcard": False, "hits": 1, "sequential": True}
        screen = insider.screen(stay)
        insider.do(stay, at, screen, "search", None, terms)
        for target in hits:
            at += rng.uniform(7, 30)
            if not insider.is_covered(target.resident_id, at):
                insider.do(stay, at, screen, "view", target)


def bulk_export(insider: Insider) -> None:
    """Print or export lists beyond the habit, a few times in some weeks."""
    rng = insider.rng
    for day in insider.spread_days(rng.randint(2, 4), span_days=rng.randint(20, 60)):
        stay, at = insider.moment(day)
        contract = insider.operator.contract(day)
        section = BY_ID[contract.section_id if contract else stay.section_id]
        copies = rng.randint(250, 1600)
        terms: Json = {"kind": "address", "wildcard": True, "hits": copies}
        insider.do(stay, at, section.lists, "search", None, terms)
        action = rng.choice(("export", "export", "print"))
        insider.do(stay, at + rng.uniform(20, 90), section.lists, action, None, None, None, copies)
