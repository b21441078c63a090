"""Misuse that gathers many: block by block, class by class, by search and by list."""

from __future__ import annotations

from benchmarks.hill_ward.attendance import Workday
from benchmarks.hill_ward.scheme import Scheme, Stage
from benchmarks.hill_ward.seasons import MINUTE_MS

_SOLD = (
    {"lives_alone", "age.70s"},
    {"lives_alone", "age.80s"},
    {"single_parent"},
    {"moved_in"},
)
_STARED_AT = (
    {"sex.f", "age.20s"},
    {"sex.f", "age.30s", "lives_alone"},
    {"sex.f", "single_parent"},
    {"age.10s", "sex.f"},
)


def slow_bulk(stage: Stage, scheme: Scheme) -> None:
    """Copy the register for months, a few residents a day."""
    rng, town = stage.rng, stage.ward.town
    if rng.random() < 0.6:
        blocks = list(town.blocks.values())
        rng.shuffle(blocks)
        queue = [i for block in blocks for i in block]
    else:
        start = rng.randrange(len(town.by_name))
        queue = town.by_name[start:] + town.by_name[:start]
    first = rng.randint(40, 40 + stage.ward.calendar.days // 6)
    length = rng.randint(60, 130) if scheme.care > 0.5 else rng.randint(35, 80)
    most = 3 if scheme.care > 0.6 else 7
    heads = iter(queue)
    for workday in stage.days(scheme.clerk, first, first + length):
        if rng.random() < 0.12:
            continue
        for _ in range(rng.randint(1, most)):
            at_ms, _ = workday.moment(rng)
            stage.open(scheme, workday, at_ms, next(heads))


def seller(stage: Stage, scheme: Scheme) -> None:
    """Print what a buyer asks for, in small portions."""
    rng = stage.rng
    wanted = rng.sample(_class(stage, _SOLD), 1)[0]
    pool = stage.ward.town.of_class(wanted)
    for workday, at_ms in stage.moments(scheme.clerk, stage.few(scheme, 7, 34)):
        for resident in rng.sample(pool, min(len(pool), rng.randint(1, stage.few(scheme, 2, 6)))):
            after_ms = stage.open(scheme, workday, at_ms, resident)
            if rng.random() < 0.45:
                act = stage.act(scheme, workday, after_ms)
                act.function = workday.office.issue
                stage.issue(scheme, workday, after_ms, resident, act)
            at_ms = after_ms + rng.randint(5, 400) * 1000


def target_skew(stage: Stage, scheme: Scheme) -> None:
    """Look at people of one kind, again and again, and take nothing."""
    rng = stage.rng
    wanted = rng.sample(_class(stage, _STARED_AT), 1)[0]
    pool = stage.ward.town.of_class(wanted)
    for workday, at_ms in stage.moments(scheme.clerk, stage.few(scheme, 14, 60)):
        for resident in rng.sample(pool, min(len(pool), rng.choice((1, 1, 2, 3)))):
            at_ms = stage.open(scheme, workday, at_ms, resident) + rng.randint(3, 60) * 1000


def enumeration(stage: Stage, scheme: Scheme) -> None:
    """Search with wildcards or running numbers and open the hits one by one."""
    rng, ward = stage.rng, stage.ward
    for workday, at_ms in stage.moments(scheme.clerk, stage.few(scheme, 1, 5)):
        count = rng.randint(4, 8) if scheme.care > 0.6 else rng.randint(9, 26)
        sequential = rng.random() < 0.35
        found = ward.desk.search(not sequential, sequential)
        found["hits"] = 1 if sequential else count + rng.randint(0, 40)
        act = stage.act(scheme, workday, at_ms)
        scheme.written.append((at_ms, ward.desk.blank_search(act, at_ms, found)))
        start = rng.randrange(len(ward.town.by_name) - count)
        hits = ward.town.by_name[start : start + count]
        if sequential:
            hits = list(range(start, start + count))
        act.direct = 1.0
        for resident in hits:
            at_ms += rng.randint(6, 25) * 1000
            stage.open(scheme, workday, at_ms, resident, act)


def bulk_export(stage: Stage, scheme: Scheme) -> None:
    """Take lists out that nobody asked for, larger or more often than the job needs."""
    rng = stage.rng
    count = rng.randint(3, 8) if scheme.care > 0.6 else rng.randint(1, 4)
    for workday, at_ms in stage.moments(scheme.clerk, count):
        act = stage.act(scheme, workday, at_ms)
        act.function = _list_screen(workday)
        usual = rng.lognormvariate(4.4, 0.4)
        size = rng.uniform(1.5, 4.0) if scheme.care > 0.6 else rng.uniform(5.0, 25.0)
        action = "export" if rng.random() < 0.7 else "print"
        written = stage.ward.desk.take_list(act, at_ms, action, int(usual * size))
        scheme.written.append((at_ms, written))
        if rng.random() < 0.2:
            at_ms += rng.randint(2, 9) * MINUTE_MS
            again = stage.ward.desk.take_list(act, at_ms, "print", int(usual))
            scheme.written.append((at_ms, again))


def _list_screen(workday: Workday) -> str:
    listing = workday.office.listing
    granted = listing in workday.posting.functions
    return listing if granted else workday.office.inquiries[0]


def _class(stage: Stage, classes: tuple[set[str], ...]) -> list[set[str]]:
    """Return the classes that have anybody in this town."""
    return [c for c in classes if stage.ward.town.of_class(c)] or [{"sex.f"}]
