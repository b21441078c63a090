"""Misuse of accounts and rights: lent, left over, asleep, or at night."""

from __future__ import annotations

from benchmarks.hill_ward.desk import Act
from benchmarks.hill_ward.ledger import Seat
from benchmarks.hill_ward.offices import OFFICES, Office
from benchmarks.hill_ward.scheme import Scheme, Stage
from benchmarks.hill_ward.seasons import DAY_MS, FIRST_MISUSE_DAY, MINUTE_MS, clock_ms
from benchmarks.hill_ward.staff import Clerk


def shared_id(stage: Stage, scheme: Scheme) -> None:
    """Let somebody else work under the clerk's name, far away or while the clerk is out."""
    rng = stage.rng
    manner = rng.choice(("elsewhere", "on_leave", "left_open"))
    for _ in range(stage.few(scheme, 1, 4)):
        if manner == "on_leave":
            _while_on_leave(stage, scheme)
            continue
        for workday, at_ms in stage.moments(scheme.clerk, 1):
            if manner == "left_open":
                # The session at the clerk's own desk stays open over lunch or the evening.
                seat = rng.choice(workday.seats)
                at_ms = seat.to_ms + rng.randint(6, 25) * MINUTE_MS
            else:
                far = stage.ward.premises.elsewhere(rng, workday.office.site)
                seat = stage.seat(at_ms - MINUTE_MS, at_ms + 20 * MINUTE_MS, far.terminal_id)
                stage.ward.ledger.sign_in(
                    scheme.clerk.operator_id, at_ms - 40_000, seat, "password"
                )
            _leaf_through(stage, scheme, workday.office, seat, at_ms)


def _while_on_leave(stage: Stage, scheme: Scheme) -> None:
    rng, clerk = stage.rng, scheme.clerk
    present = {w.day for w in stage.ward.attendance.by_clerk.get(clerk.operator_id, [])}
    absent = [d for d in _open_days(stage) if d not in present and clerk.posting_on(d)]
    if not absent:
        return
    day = rng.choice(absent)
    job = clerk.posting_on(day)
    if job is None:
        return
    at_ms = clock_ms(day, 9) + rng.randint(0, 440) * MINUTE_MS
    terminal = stage.ward.attendance.terminal_for(clerk, job.code)
    seat = stage.seat(at_ms - MINUTE_MS, at_ms + 20 * MINUTE_MS, terminal.terminal_id)
    stage.ward.ledger.sign_in(clerk.operator_id, at_ms - 35_000, seat, "password")
    _leaf_through(stage, scheme, OFFICES[job.code], seat, at_ms)


def after_transfer(stage: Stage, scheme: Scheme) -> None:
    """Go on using the screens of the section that the clerk has left."""
    clerk = scheme.clerk
    if clerk.story != "transferred":
        return
    old, new = clerk.postings[0], clerk.postings[1]
    first = max(new.first_day + 16, (old.last_day or 0) + 2)
    office = OFFICES[old.code]
    screen = [f for f in office.inquiries if f not in new.functions][:1]
    for workday, at_ms in stage.moments(clerk, stage.few(scheme, 2, 12), first):
        if not screen or workday.posting.code == old.code:
            continue
        act = stage.act(scheme, workday, at_ms)
        act.function = screen[0]
        resident = stage.bare_target(clerk, stage.ward.town.pools[office.pool], [at_ms])
        if resident is not None:
            stage.open(scheme, workday, at_ms, resident, act)


def expired(stage: Stage, scheme: Scheme) -> None:
    """Use an account whose contract has ended, or that has slept for months."""
    rng, clerk, calendar = stage.rng, scheme.clerk, stage.ward.calendar
    days = [d for d in _open_days(stage) if _is_out(clerk, d)]
    days = days[: 8 + len(days) // 2]
    last = next((p for p in reversed(clerk.postings) if p.first_day < calendar.days), None)
    if not days or last is None:
        return
    for day in sorted(rng.sample(days, min(len(days), stage.few(scheme, 1, 3)))):
        at_ms = clock_ms(day, 9) + rng.randint(0, 470) * MINUTE_MS
        terminal = stage.ward.attendance.terminal_for(clerk, last.code)
        seat = stage.seat(at_ms - MINUTE_MS, at_ms + 20 * MINUTE_MS, terminal.terminal_id)
        stage.ward.ledger.sign_in(clerk.operator_id, at_ms - 30_000, seat, "password")
        if rng.random() < 0.3:
            stage.ward.ledger.door(clerk.operator_id, at_ms - 4 * MINUTE_MS, terminal.zone, "in")
        _leaf_through(stage, scheme, OFFICES[last.code], seat, at_ms)


def night(stage: Stage, scheme: Scheme) -> None:
    """Come back when the office is dark, or stay till it is."""
    rng, clerk, ledger = stage.rng, scheme.clerk, stage.ward.ledger
    for workday, _ in stage.moments(clerk, stage.few(scheme, 1, 5)):
        dark_ms = max(workday.ends_ms + 100 * MINUTE_MS, clock_ms(workday.day, 19, 15))
        at_ms = dark_ms + rng.randint(0, 80) * MINUTE_MS
        if rng.random() < 0.25:
            at_ms = clock_ms(workday.day, 6) + rng.randint(0, 60) * MINUTE_MS
        elif rng.random() > scheme.care:
            at_ms += rng.randint(60, 200) * MINUTE_MS
        own = workday.seats[0].terminal_id
        seat = stage.seat(at_ms - MINUTE_MS, at_ms + 30 * MINUTE_MS, own)
        ledger.sign_in(clerk.operator_id, at_ms - 30_000, seat, "fingerprint")
        if rng.random() < 0.75:
            zone = workday.office.zone
            ledger.door(clerk.operator_id, at_ms - 4 * MINUTE_MS, zone, "in")
            ledger.door(clerk.operator_id, at_ms + 35 * MINUTE_MS, zone, "out")
        _leaf_through(stage, scheme, workday.office, seat, at_ms)


def _is_out(clerk: Clerk, day: int) -> bool:
    """Return whether the contract is over for days, or the clerk long away."""
    if clerk.story == "left":
        return (clerk.postings[0].last_day or 0) + 2 < day
    return any(low + 35 < day <= high for low, high in clerk.away)


def _open_days(stage: Stage) -> list[int]:
    calendar = stage.ward.calendar
    return [d for d in range(FIRST_MISUSE_DAY, calendar.days) if calendar.is_open(d)]


def _leaf_through(stage: Stage, scheme: Scheme, office: Office, seat: Seat, at_ms: int) -> None:
    """Look some residents up in one sitting."""
    rng = stage.rng
    if at_ms >= stage.ward.calendar.days * DAY_MS:
        return
    at_ms += rng.randrange(MINUTE_MS)  # else full minutes would give the misuse away
    for _ in range(stage.few(scheme, 2, 9)):
        resident = stage.bare_target(scheme.clerk, stage.ward.town.pools["adult"], [at_ms])
        if resident is None:
            continue
        function = office.inquiries[0]
        purpose = stage.ward.work.numbers.purpose(function)
        act = Act(scheme.clerk.operator_id, seat, function, None, purpose)
        act.one_record = office.one_record_search
        after_ms, written = stage.ward.desk.open(act, at_ms, resident)
        scheme.written += written
        at_ms = after_ms + rng.randint(2, 50) * 1000
