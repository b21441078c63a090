"""Commit the kinds of misuse that show in who is where: other hands, old accounts, nights."""

from __future__ import annotations

from datetime import date, timedelta

from benchmarks.plain_ward.city import Resident
from benchmarks.plain_ward.desk_misuse import FIRST_DAY, Insider, evening_s
from benchmarks.plain_ward.records import Passage, Sign, Stay
from benchmarks.plain_ward.sections import BY_ID, SECTIONS
from benchmarks.plain_ward.staff import Operator
from benchmarks.plain_ward.ward import Ward
from benchmarks.plain_ward.year import clock_s, midnight


def _session(insider: Insider, day: date, at: float, section_id: str, method: str) -> Stay:
    """Sign in at some terminal of a section for a quarter of an hour, by no door."""
    rng, ward = insider.rng, insider.ward
    operator_id = insider.operator.operator_id
    terminal_id = rng.choice(ward.terminals[section_id])
    session_id = ward.new_session(rng)
    stay = Stay(operator_id, day, section_id, terminal_id, session_id, at, at + 900)
    for when, outcome in ((at, "success"), (at + 900, "sign_out")):
        insider.signs.append(Sign(when, operator_id, terminal_id, session_id, method, outcome))
    return stay


def _few(insider: Insider) -> list[Resident]:
    return insider.rng.sample(insider.ward.city.residents, insider.rng.randint(2, 4))


def shared_id(insider: Insider) -> None:
    """Let another use the password: on a day of leave, in the other building, or at lunch."""
    rng, ward, operator = insider.rng, insider.ward, insider.operator
    whom = _few(insider)
    way = rng.choice(("leave", "other building", "lunch"))
    days = insider.spread_days(rng.choice((1, 2, 2)), span_days=rng.randint(10, 60))
    if way == "leave":
        gone = [
            day
            for day in ward.year.between(FIRST_DAY, ward.year.length_days - 4)
            if day in operator.absences and operator.contract(day)
        ]
        days = sorted(rng.sample(gone, min(len(gone), len(days))))
    for day in days:
        contract = operator.contract(day) or operator.contracts[-1]
        section = BY_ID[contract.section_id]
        at = midnight(day) + rng.uniform(clock_s(9, 30), clock_s(15, 30))
        if way == "lunch":
            at = midnight(day) + rng.uniform(clock_s(12, 12), clock_s(12, 35))
        if way == "other building":
            others = [one for one in SECTIONS if one.site_id != section.site_id]
            section = rng.choice(others)
        stay = _session(insider, day, at, section.section_id, "password")
        for target in rng.sample(whom, min(len(whom), rng.randint(1, 3))):
            at += rng.uniform(30, 120)
            insider.look(stay, at, target, "jumin.inquiry")


def expired(insider: Insider) -> None:
    """Use the account after the contract ended, or wake it in the middle of a long leave."""
    rng, ward, operator = insider.rng, insider.ward, insider.operator
    begins = _asleep_from(operator)
    if begins is None:
        return
    first = (begins - ward.year.days[0]).days + rng.randint(8, 25)
    last = ward.year.length_days - 4
    if operator.long_leave:
        last = min(last, (operator.long_leave[1] - ward.year.days[0]).days)
    days = ward.year.between(max(FIRST_DAY, first), last)
    whom = _few(insider)[:2]
    for day in sorted(rng.sample(days, min(len(days), rng.randint(1, 3)))):
        at = midnight(day) + rng.uniform(clock_s(9), clock_s(16, 30))
        stay = _session(insider, day, at, operator.contracts[0].section_id, "password")
        for target in whom[: rng.randint(1, 2)]:
            at += rng.uniform(30, 120)
            insider.look(stay, at, target)


def night(insider: Insider) -> None:
    """Come back, or stay, in the dark without a shift, on a few evenings."""
    rng, operator = insider.rng, insider.operator
    whom = _few(insider)
    for day in insider.spread_days(rng.randint(2, 4), span_days=rng.randint(20, 90)):
        contract = operator.contract(day) or operator.contracts[-1]
        section = BY_ID[contract.section_id]
        at = midnight(day) + evening_s(rng)
        usual = "card" if section.site_id == "east-hall" else "fingerprint"
        stay = _session(insider, day, at, section.section_id, usual)
        if rng.random() < 0.7:
            for when, direction in ((at - 130, "in"), (at + 1000, "out")):
                insider.passages.append(
                    Passage(when, operator.operator_id, section.zone_id, direction)
                )
        for target in rng.sample(whom, rng.choice((1, 1, 2))):
            at += rng.uniform(30, 150)
            insider.look(stay, at, target)


def _asleep_from(operator: Operator) -> date | None:
    if operator.long_leave:
        return operator.long_leave[0]
    ends = operator.contracts[-1].ends
    return ends + timedelta(days=1) if ends else None


def falls_asleep(ward: Ward, operator: Operator) -> bool:
    """Return whether an account goes out of use early enough to be misused after."""
    begins = _asleep_from(operator)
    single = len(operator.contracts) == 1
    return single and begins is not None and begins + timedelta(days=40) < ward.year.last
