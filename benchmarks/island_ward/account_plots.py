"""Rights bent: other people's case numbers and accounts, the night, and desks one has left."""

from __future__ import annotations

from benchmarks.island_ward.casework import Ledger
from benchmarks.island_ward.casting import Cast, Insider
from benchmarks.island_ward.days import DAY, HOUR, MINUTE
from benchmarks.island_ward.errands import Errand, Sitting
from benchmarks.island_ward.site import Terminal
from benchmarks.island_ward.staff import Operator, Stint
from benchmarks.island_ward.town import Resident
from benchmarks.island_ward.work import Desk


def _errands(cast: Cast, desk: Desk, day: int, label: int, count: int) -> list[Errand]:
    """Return looks at as many residents, unrelated but for a household or two."""
    people: list[Resident] = []
    while len(people) < count:
        person = cast.rng.choice(cast.town.group("adult"))
        people.append(person)
        if cast.rng.random() < 0.2:
            people += cast.town.family(person)[:1]
    return [
        Errand(day, label, cast.look(desk), lambda _, p=p: [p])  # type: ignore[misc]
        for p in people[:count]
    ]


def _sit(
    cast: Cast,
    operator: Operator,
    terminal: Terminal,
    start: int,
    errands: list[Errand],
    method: str | None,
    badge: bool,
) -> None:
    length = cast.rng.randint(12, 30) * MINUTE + len(errands) * 3 * MINUTE
    sitting = Sitting(operator, terminal, start, start + length, method, badge, errands)
    cast.errands.sittings.setdefault(start // DAY, []).append(sitting)


def borrowed_case(cast: Cast, operator: Operator, days: list[int]) -> None:
    """Numbers of other people's cases, keyed in where the screen wants one."""
    label = cast.errands.label("borrowed_case", operator)
    for day in cast.some(days, cast.rng.randint(5, 11)):
        desk = cast.desk(operator, day)
        for errand in _errands(cast, desk, day, label, cast.rng.choice([1, 1, 2])):
            errand.cite = "other"
            cast.errands.add(operator, errand)


def night(cast: Cast, operator: Operator, days: list[int]) -> None:
    """The office after all have gone, before they come, or on a Sunday."""
    label = cast.errands.label("night", operator)
    chosen = cast.some(days, cast.rng.randint(2, 4))
    shut = [d for d in range(days[0], days[-1]) if cast.calendar.closed(d)]
    if shut and cast.rng.random() < 0.4:
        chosen[-1] = cast.rng.choice(shut)
    for day in chosen:
        hour = cast.rng.choice([6.2, 20.3, 21.0, 21.8, 22.4])
        if cast.calendar.closed(day):
            hour = cast.rng.uniform(10, 18)
        start = day * DAY + int((hour + cast.rng.uniform(0, 0.7)) * HOUR)
        desk = cast.desk(operator, day)
        places = cast.site.by_desk[desk.section_id]
        terminal = cast.rng.choice(places) if desk.joint else cast.site.own(operator, desk)
        errands = _errands(cast, desk, day, label, cast.rng.randint(3, 9))
        _sit(cast, operator, terminal, start, errands, None, cast.rng.random() < 0.8)


def _leaves(cast: Cast, operator: Operator) -> list[int]:
    """Return the open days after a contract's end on which an account may still be used."""
    last = operator.last_day
    if last is None:
        return []
    first = max(cast.calendar.number(last) + 1, cast.calendar.quiet_days)
    if first > cast.calendar.number(last) + 70:
        return []
    return [
        d
        for d in range(first, min(first + 26, cast.calendar.days - 1))
        if not cast.calendar.closed(d)
    ]


def gone(cast: Cast) -> Insider | None:
    """Return somebody whose contract has ended, and the days after it."""
    operator = cast.choose(lambda op: len(_leaves(cast, op)) >= 3)
    return operator and (operator, _leaves(cast, operator))


def expired(cast: Cast, operator: Operator, days: list[int]) -> None:
    """An account that works on after the contract has ended."""
    label = cast.errands.label("expired", operator)
    desk = operator.stints[-1].desk
    for day in cast.some(days, cast.rng.randint(2, 4)):
        start = day * DAY + int(cast.rng.uniform(9, 17.5) * HOUR)
        terminal = cast.rng.choice(cast.site.by_desk[desk.section_id])
        errands = _errands(cast, desk, day, label, cast.rng.randint(2, 7))
        _sit(cast, operator, terminal, start, errands, "password", cast.rng.random() < 0.4)


def shared_id(cast: Cast, operator: Operator, days: list[int]) -> None:
    """Somebody's number and password, used by another at another terminal."""
    label = cast.errands.label("shared_id", operator)
    desk = cast.desk(operator, days[0])
    elsewhere = [
        terminal
        for section, places in sorted(cast.site.by_desk.items())
        for terminal in places
        if section != desk.section_id
    ]
    neighbouring = cast.site.by_desk[desk.section_id]
    places = elsewhere if elsewhere and cast.rng.random() < 0.65 else neighbouring
    terminal = cast.rng.choice(places)
    for day in cast.some(days, cast.rng.randint(3, 5)):
        start = day * DAY + int(cast.rng.uniform(9.3, 16.3) * HOUR)
        errands = _errands(cast, cast.desk(operator, day), day, label, cast.rng.randint(3, 8))
        _sit(cast, operator, terminal, start, errands, "password", badge=False)


def _left_desk(operator: Operator) -> Stint | None:
    """Return the posting that somebody was transferred from."""
    first = operator.stints[0]
    moved = len(operator.stints) > 1 and operator.stints[1].desk is not first.desk
    return first if moved and first.ends is not None else None


def _later(cast: Cast, operator: Operator) -> list[int]:
    """Return the working days from a week after a transfer on."""
    left = _left_desk(operator)
    if left is None or left.ends is None:
        return []
    earliest = cast.calendar.number(left.ends) + 6
    return [d for d in cast.available(operator) if d >= earliest]


def transferred(cast: Cast) -> Insider | None:
    """Return somebody who was transferred, and the weeks after it."""
    operator = cast.choose(lambda op: len(_later(cast, op)) >= 5)
    return operator and (operator, _later(cast, operator)[:30])


def after_transfer(cast: Cast, operator: Operator, days: list[int]) -> None:
    """Still reading the files of the old desk, weeks after the transfer."""
    old = operator.stints[0].desk
    label = cast.errands.label("after_transfer", operator)
    known: list[Resident] = []

    def choose(ledger: Ledger) -> list[Resident]:
        """Return somebody of the old desk's files, or one looked at before."""
        if known and cast.rng.random() < 0.3:
            return [cast.rng.choice(known)]
        mine = [t for t in ledger.threads if t.desk is old]
        people = [t.residents[0] for t in mine] or cast.town.people
        known.append(cast.rng.choice(people))
        return known[-1:]

    for day in cast.some(days, cast.rng.randint(4, 8)):
        for _ in range(cast.rng.choice([1, 1, 2])):
            cast.errands.add(operator, Errand(day, label, cast.look(old), choose))
