"""Play those who use an account at a time, or from a place, that is not its owner's."""

from __future__ import annotations

from datetime import date, timedelta

from benchmarks.valley_ward.building import Terminal
from benchmarks.valley_ward.days import HOUR_S, midnight
from benchmarks.valley_ward.misuse import Insiders
from benchmarks.valley_ward.records import Misuse, Stay
from benchmarks.valley_ward.sections import BY_ID
from benchmarks.valley_ward.staff import Operator


def _stay(
    operator: Operator, terminal: Terminal, day: date, starts: float, ends: float, session: bool
) -> Stay:
    """Return a stay beside the honest ones, in the role of the last posting."""
    post = operator.post_on(day) or operator.posts[-1]
    name = f"z{operator.operator_id[1:]}-{int(starts):x}" if session else None
    return Stay(
        operator.operator_id, day, post.section_id, post.role, terminal.terminal_id, name,
        starts, ends,
    )  # fmt: skip


def _browse(ward: Insiders, misuse: Misuse, operator: Operator, stay: Stay, count: int) -> None:
    """Look up some residents without a case, one after another."""
    at = stay.starts_at + ward.rng.uniform(60, 240)
    people = ward.town.pools["everyone"].residents
    for target in ward.strangers(stay, people, count):
        if at < stay.ends_at - 20:
            at = ward.look(misuse, operator, stay, at, target) + ward.rng.expovariate(1 / 60)


def night(ward: Insiders) -> Misuse | None:
    """Come back in the evening or on a Sunday, with no shift, when nobody looks on."""
    rng = ward.rng
    days = ward.calendar.days[ward.earliest_day :]

    def permanent(one: Operator) -> bool:
        return one.employment == "permanent" and len(ward.hours_of(one, days[0], days[-1])) > 20

    operator = ward.cast(permanent)
    if operator is None:
        return None
    misuse = Misuse("night", operator.operator_id)
    start = rng.randrange(max(1, len(days) - 30))
    for day in sorted(rng.sample(days[start : start + 30], rng.randint(2, 3))):
        post = operator.post_on(day)
        if post is None:
            continue
        hour = rng.uniform(20.8, 23.0) if ward.calendar.is_worked(day) else rng.uniform(13, 21)
        starts = midnight(day) + hour * HOUR_S
        terminal = rng.choice(ward.building.of_section[post.section_id])
        stay = _stay(operator, terminal, day, starts, starts + rng.uniform(1200, 3000), True)
        stay.is_overtime = True
        ward.presence.sign_in(operator, stay)
        ward.presence.walk(operator, [stay])
        _browse(ward, misuse, operator, stay, rng.randint(2, 4))
    return misuse


def expired(ward: Insiders) -> Misuse | None:
    """Use the account after the contract: nobody has closed it."""
    rng, last = ward.rng, ward.calendar.last
    earliest = ward.calendar.days[ward.earliest_day]

    def gone(one: Operator) -> bool:
        end = one.posts[-1].last
        return end is not None and earliest - timedelta(days=20) < end < last - timedelta(days=14)

    operator = ward.cast(gone)
    if operator is None:
        return None
    ended = operator.posts[-1].last
    if ended is None:
        return None
    misuse = Misuse("expired", operator.operator_id)
    first = max(earliest, ended + timedelta(days=3))
    worked = [one for one in ward.calendar.days if first <= one and ward.calendar.is_worked(one)]
    for day in sorted(rng.sample(worked[:45], min(len(worked[:45]), rng.randint(1, 3)))):
        terminals = ward.building.of_section[operator.posts[-1].section_id]
        starts = midnight(day) + rng.uniform(9.2, 16) * HOUR_S
        stay = _stay(operator, rng.choice(terminals), day, starts, starts + 1800, True)
        # The badge was handed in; the password still works.
        ward.presence.sign_in(operator, stay)
        _browse(ward, misuse, operator, stay, rng.randint(2, 4))
    return misuse


def shared_id(ward: Insiders) -> Misuse | None:
    """Be somebody else: another terminal, often another building, no sign-in and no door."""
    rng = ward.rng
    days = ward.calendar.days[ward.earliest_day :]
    operator = ward.cast(lambda one: len(ward.hours_of(one, days[0], days[-1])) > 25)
    if operator is None:
        return None
    misuse = Misuse("shared_id", operator.operator_id)
    home = BY_ID[operator.posts[-1].section_id]
    away = [one for one in ward.building.all() if one.site_id != home.site_id]
    near = [one for one in ward.building.all() if one.zone_id != home.zone_id]
    terminal = rng.choice(away if rng.random() < 0.6 else near)
    start = rng.randrange(max(1, len(days) - 35))
    present = {stay.day for stay in ward.stays[operator.operator_id]}
    worked = [
        one
        for one in days[start : start + 35]
        if ward.calendar.is_worked(one) and operator.post_on(one) is not None
    ]
    # Rather on days when the owner of the account is not in.
    worked.sort(key=lambda one: (one in present, rng.random()))
    chosen = worked[:1] + rng.sample(worked[1:], min(len(worked[1:]), rng.randint(1, 2)))
    for day in sorted(chosen):
        starts = midnight(day) + rng.uniform(9, 16) * HOUR_S
        stay = _stay(operator, terminal, day, starts, starts + 2400, False)
        _browse(ward, misuse, operator, stay, rng.randint(2, 4))
    return misuse
