"""Misuse that is after one person or a few: family, neighbours, the famous, the sheltered."""

from __future__ import annotations

from benchmarks.hill_ward.scheme import Scheme, Stage
from benchmarks.hill_ward.seasons import DAY_MS


def founding(stage: Stage, scheme: Scheme) -> None:
    """Look one resident up twice months apart, and again under another contract."""
    rng, clerk = stage.rng, scheme.clerk
    if len(clerk.postings) < 2 or clerk.postings[0].last_day is None:
        return
    unit = stage.ward.calendar.days / 210
    ended, begun = clerk.postings[0].last_day, clerk.postings[1].first_day
    for _ in range(30):
        first = stage.moments(clerk, 1, 40, 40 + max(2, int(22 * unit)))
        if not first:
            return
        day = first[0][0].day + int(rng.uniform(48, 68) * unit)
        second = stage.moments(clerk, 1, day, min(day + 10, ended + 1))
        if not second:
            continue
        day = max(begun, second[0][0].day + int(rng.uniform(60, 80) * unit))
        third = stage.moments(clerk, 1, day, day + 20)
        if third and begun <= third[0][0].day:
            scheme.care = max(scheme.care, 0.97)
            stage.prying(scheme, stage.ward.town.pools["adult"], [*first, *second, *third])
        if scheme.written:
            return


def family(stage: Stage, scheme: Scheme) -> None:
    """Look up one's own household or a former partner, several times over months."""
    town, own = stage.ward.town, scheme.clerk.resident
    moments = stage.moments(scheme.clerk, stage.few(scheme, 2, 8))
    if own is not None and stage.rng.random() < 0.5:
        kin = [m for m in town.household_of(own) if m != own]
        if kin:
            stage.prying(scheme, kin, moments)
        if scheme.written:
            return
    age = 38 if own is None else town.residents[own].age
    former = [i for i, r in enumerate(town.residents) if abs(r.age - age) < 7 and r.age > 20]
    stage.prying(scheme, former, moments)


def neighbour(stage: Stage, scheme: Scheme) -> None:
    """Look up people of one's own block."""
    town, own = stage.ward.town, scheme.clerk.resident
    if own is None:
        return
    near = [i for i in town.blocks[town.residents[own].block] if i not in town.household_of(own)]
    _several(stage, scheme, near, stage.rng.choice((1, 1, 2, 3, 4)), stage.few(scheme, 2, 9))


def colleague(stage: Stage, scheme: Scheme) -> None:
    """Look up people who work in the same city hall."""
    others = [
        c.resident for c in stage.ward.clerks if c.resident not in (None, scheme.clerk.resident)
    ]
    pool = [r for r in others if r is not None]
    _several(stage, scheme, pool, stage.rng.choice((1, 2, 2, 4)), stage.few(scheme, 2, 9))


def public_figure(stage: Stage, scheme: Scheme) -> None:
    """Look up somebody known, when the papers write of them or for no reason at all."""
    oddities, clerk = stage.ward.oddities, scheme.clerk
    moments = stage.moments(
        clerk, stage.few(scheme, 1, 3), oddities.news_day, oddities.news_day + 6
    )
    if moments and stage.rng.random() < 0.65:
        stage.prying(scheme, [oddities.news_figure], moments)
    if not scheme.written:
        moments = stage.moments(clerk, stage.few(scheme, 2, 4))
        stage.prying(scheme, stage.ward.town.figures, moments)


def protected(stage: Stage, scheme: Scheme) -> None:
    """Find out where somebody lives who is under protection from another."""
    sheltered = [i for i, r in enumerate(stage.ward.town.residents) if r.protected and r.age > 17]
    first = stage.rng.randint(40, max(41, stage.ward.calendar.days - 25))
    moments = stage.moments(scheme.clerk, stage.few(scheme, 1, 5), first, first + 60)
    stage.prying(scheme, sheltered, moments)


def borrowed_case(stage: Stage, scheme: Scheme) -> None:
    """Give the number of a case that belongs to others."""
    rng, ward = stage.rng, stage.ward
    moments = stage.moments(scheme.clerk, stage.few(scheme, 2, 9))
    targets = [rng.randrange(len(ward.town.residents)) for _ in range(rng.choice((1, 2, 3)))]
    for workday, at_ms in moments:
        target = stage.bare_target(scheme.clerk, targets, [at_ms])
        if target is None:
            continue
        cases = [
            case
            for case in ward.ledger.cases.get(workday.posting.code, ())
            if at_ms - 20 * DAY_MS < case.opened_ms < at_ms
            and target not in case.residents
            and scheme.clerk.operator_id not in case.assigned_to
        ]
        if cases:
            act = stage.act(scheme, workday, at_ms)
            act.case_id = rng.choice(cases).case_id
            stage.open(scheme, workday, at_ms, target, act)


def _several(stage: Stage, scheme: Scheme, pool: list[int], people: int, count: int) -> None:
    """Pry into some people of a pool in turn."""
    moments = stage.moments(scheme.clerk, count)
    if people == 1:
        stage.prying(scheme, pool, moments)
        return
    targets = stage.rng.sample(pool, min(people, len(pool)))
    for place, (workday, at_ms) in enumerate(moments if targets else []):
        turn = targets[place % len(targets) :] + targets[: place % len(targets)]
        bare = [t for t in turn if stage.is_bare(scheme.clerk, t, at_ms)]
        if bare:
            stage.open(scheme, workday, at_ms, bare[0])
