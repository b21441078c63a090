"""Let an operator come to work: shift, doors, sign-ins, and a day's honest errands."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from random import Random

from benchmarks.plain_ward.errands import ERRANDS
from benchmarks.plain_ward.records import Passage, Shift, Sign, Stay
from benchmarks.plain_ward.sections import BY_ID, DESKS, Section
from benchmarks.plain_ward.staff import Contract, Operator
from benchmarks.plain_ward.ward import Ward
from benchmarks.plain_ward.year import HOUR_S, clock_s, midnight


@dataclass
class Seats:
    """Hold which terminal everybody uses today; counters change seats, offices do not."""

    ward: Ward
    rng: Random
    taken: set[str]

    def take(self, operator: Operator, section_id: str, desk: str) -> str:
        """Return a free terminal of the section; at an office desk mostly the usual one."""
        terminals = self.ward.terminals[section_id]
        usual = int(operator.operator_id[2:], 16) % len(terminals)
        order = [terminals[(usual + step) % len(terminals)] for step in range(len(terminals))]
        if desk in ("counter", "window") or self.rng.random() < 0.03:
            self.rng.shuffle(order)
        free = next((one for one in order if one not in self.taken), order[0])
        self.taken.add(free)
        return free


@dataclass
class Clocks:
    """Hold how far the clocks of doors and sign-ins are off in each building, in seconds."""

    doors: dict[str, float]
    signs: dict[str, float]

    @classmethod
    def of(cls, rng: Random) -> Clocks:
        """Return clocks that nobody has set for a while."""
        sites = ("city-hall", "east-hall")
        return cls(
            {site: rng.uniform(-80, 80) for site in sites},
            {site: rng.uniform(-15, 25) for site in sites},
        )


def hours_today(ward: Ward, rng: Random, operator: Operator, day: date) -> tuple[float, float]:
    """Return the approved hours in seconds of the day."""
    contract = operator.contract(day)
    section = BY_ID[contract.section_id] if contract else None
    if ward.year.is_card_sunday(day):
        return clock_s(8, 45), clock_s(13, 15)
    late = section is not None and section.late_thursday and day.weekday() == 3
    if late and operator.hours_s[0] < clock_s(9) and rng.random() < 0.3:
        return clock_s(10, 15), clock_s(19)
    return operator.hours_s


def attend(
    ward: Ward, rng: Random, clocks: Clocks, seats: Seats, operator: Operator, day: date
) -> None:
    """Write the shift, doors and sign-ins of an operator's day and fill it with work."""
    contract = operator.contract(day)
    if contract is None:
        return
    zero = midnight(day)
    starts_s, ends_s = hours_today(ward, rng, operator, day)
    if operator.is_away(day):
        if operator.long_leave is None and rng.random() < 0.2:
            _shift(ward, operator, zero + starts_s, zero + ends_s, "regular")
        return
    _shift(ward, operator, zero + starts_s, zero + ends_s, "regular")
    section_id = contract.section_id
    aid = operator.help
    if aid and aid.first <= day <= aid.last and day.weekday() in aid.weekdays:
        section_id = aid.section_id
    arrives = zero + starts_s - rng.uniform(60, 900)
    if operator.comes_early_s and rng.random() < 0.85:
        arrives = zero + starts_s - operator.comes_early_s + rng.uniform(-400, 400)
    leaves = _leaving(ward, rng, operator, section_id, day, zero + ends_s)
    terminal_id = seats.take(operator, section_id, contract.desk)
    for stay in _stays(ward, rng, operator, day, section_id, terminal_id, arrives, leaves):
        ward.stays[operator.operator_id, day].append(stay)
    stays = ward.stays[operator.operator_id, day]
    _pass_doors(ward, rng, clocks, stays)
    _sign_in(ward, rng, clocks, stays)
    for stay in stays:
        _work(ward, rng, operator, contract, stay)


def _leaving(
    ward: Ward, rng: Random, operator: Operator, section_id: str, day: date, ends: float
) -> float:
    """Return when the operator leaves; staying on is mostly approved as overtime."""
    busy = BY_ID[section_id].season.get(day.month, 1.0) >= 1.3
    late = rng.random() < (0.14 if busy else 0.012)
    if operator.stays_late_weekday == day.weekday() and rng.random() < 0.55:
        late = True
    if not late or day.weekday() == 6:
        return ends + rng.uniform(-240, 420)
    leaves = ends + rng.uniform(0.6, 3.2) * HOUR_S
    if rng.random() < 0.8:
        _shift(ward, operator, ends, leaves + rng.uniform(0, 1500), "overtime")
    return leaves


def _shift(ward: Ward, operator: Operator, starts: float, ends: float, kind: str) -> None:
    ward.shifts.append(Shift(operator.operator_id, round(starts), round(ends), kind))


def _stays(
    ward: Ward,
    rng: Random,
    operator: Operator,
    day: date,
    section_id: str,
    terminal_id: str,
    arrives: float,
    leaves: float,
) -> Iterator[Stay]:
    """Yield the stretches before and after lunch; who only locks the screen keeps the session."""
    session_id = ward.new_session(rng)
    lunch = midnight(day) + rng.choice((clock_s(12), clock_s(12), clock_s(13)))
    lunch += rng.uniform(-300, 600)
    if leaves - arrives < 5 * HOUR_S:
        yield Stay(operator.operator_id, day, section_id, terminal_id, session_id, arrives, leaves)
        return
    yield Stay(operator.operator_id, day, section_id, terminal_id, session_id, arrives, lunch)
    if rng.random() < 0.45:
        session_id = ward.new_session(rng)
    back = lunch + rng.uniform(45, 65) * 60
    yield Stay(operator.operator_id, day, section_id, terminal_id, session_id, back, leaves)


def _pass_doors(ward: Ward, rng: Random, clocks: Clocks, stays: list[Stay]) -> None:
    """Write passages; a forgotten badge leaves none all day, a held door leaves one out."""
    if rng.random() < 0.012:
        return
    section = BY_ID[stays[0].section_id]
    skew_s = clocks.doors[section.site_id]
    goes_out = rng.random() < 0.6
    for place, stay in enumerate(stays):
        if place == 0 or goes_out:
            before = stay.starts_at - rng.uniform(90, 420)
            _pass(ward, rng, stay, section, before + skew_s, "in")
        if place == len(stays) - 1 or goes_out:
            _pass(ward, rng, stay, section, stay.ends_at + rng.uniform(60, 500) + skew_s, "out")


def _pass(ward: Ward, rng: Random, stay: Stay, section: Section, at: float, direction: str) -> None:
    if rng.random() > (0.025 if direction == "in" else 0.05):
        ward.passages.append(Passage(at, stay.operator_id, section.zone_id, direction))


def _sign_in(ward: Ward, rng: Random, clocks: Clocks, stays: list[Stay]) -> None:
    """Write sign-ins and sign-outs: fingers in the city hall, cards in the east hall."""
    site_id = BY_ID[stays[0].section_id].site_id
    usual = "card" if site_id == "east-hall" else "fingerprint"
    skew_s = clocks.signs[site_id]
    session_id = ""
    for stay in stays:
        if stay.session_id != session_id:
            at = stay.starts_at + skew_s
            method = usual
            for _ in range(2):
                if rng.random() < (0.05 if usual == "fingerprint" else 0.015):
                    ward.signs.append(_sign(stay, at, method, "failure"))
                    at += rng.uniform(5, 18)
                    method = "password" if rng.random() < 0.5 else usual
            if rng.random() > 0.004:
                ward.signs.append(_sign(stay, at, method, "success"))
        session_id = stay.session_id
        if stay is stays[-1] or stays[-1].session_id != session_id:
            ward.signs.append(_sign(stay, stay.ends_at + 20 + skew_s, usual, "sign_out"))


def _sign(stay: Stay, at: float, method: str, outcome: str) -> Sign:
    return Sign(at, stay.operator_id, stay.terminal_id, stay.session_id, method, outcome)


def _work(ward: Ward, rng: Random, operator: Operator, contract: Contract, stay: Stay) -> None:
    """Fill a stay with errands of the desk; an early or late hour is for quiet files."""
    section = BY_ID[stay.section_id]
    desk = DESKS[contract.desk]
    hours = (stay.ends_at - stay.starts_at) / (7.5 * HOUR_S)
    season = section.season.get(stay.day.month, 1.0)
    crowd = season if stay.day.weekday() == 6 else season * ward.year.crowd(stay.day)
    wanted = desk.look_ups_a_day * operator.pace * hours * crowd * max(0.4, rng.gauss(1, 0.16))
    if operator.is_new(stay.day):
        wanted *= 0.75
    kinds, weights = list(desk.errands), list(desk.errands.values())
    chosen: list[str] = []
    while wanted > 0:
        kind = rng.choices(kinds, weights)[0]
        chosen.append(kind)
        wanted -= ERRANDS[kind][1]
    opens, closes = (midnight(stay.day) + hour for hour in (clock_s(8, 29), clock_s(17, 20)))
    begins = stay.starts_at + 90
    if not operator.comes_early_s and rng.random() < 0.97:
        begins = max(begins, opens)
    times = sorted(rng.uniform(begins, stay.ends_at - 240) for _ in chosen)
    bench = ward.bench(rng, stay, stay.section_id, begins)
    for kind, at in zip(chosen, times, strict=True):
        bench.at = max(bench.at, at)
        if bench.at > stay.ends_at - 120:
            break
        quiet = not opens <= bench.at <= closes and stay.day.weekday() != 3
        ERRANDS["file" if quiet else kind][0](bench)
    ward.acts[operator.operator_id, stay.day] += bench.acts
