"""Give honest people their odd habits, and the office the batches and callers of its year."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from benchmarks.plain_ward.city import Resident
from benchmarks.plain_ward.errands import Bench, lag_of_case_s
from benchmarks.plain_ward.records import Json, Stay
from benchmarks.plain_ward.sections import BY_ID, SECTIONS
from benchmarks.plain_ward.staff import Contract, Help, Operator
from benchmarks.plain_ward.ward import Ward
from benchmarks.plain_ward.year import DAY_S

# Section, month, first day, how many afternoons, fewest and most look-ups: returned tax
# notices, premium notices, yearly child allowance reports, polling cards, demand letters.
_BATCHES = (
    ("city-tax", 6, 20, 4, 110, 340),
    ("children", 7, 4, 3, 80, 220),
    ("insurance", 7, 21, 3, 120, 320),
    ("elder-care", 7, 25, 2, 70, 190),
    ("collection", 8, 22, 1, 90, 200),
    ("citizens", 9, 12, 2, 120, 260),
    ("property-tax", 10, 11, 2, 60, 180),
    ("citizens", 10, 17, 2, 150, 330),
    ("collection", 11, 14, 2, 90, 240),
    ("city-tax", 12, 5, 2, 100, 260),
    ("insurance", 12, 12, 1, 90, 210),
    ("property-tax", 1, 11, 2, 90, 240),
    ("city-tax", 1, 17, 2, 120, 320),
    ("children", 2, 8, 1, 80, 180),
    ("property-tax", 4, 18, 2, 120, 300),
    ("insurance", 4, 20, 2, 100, 260),
)


@dataclass
class Appointment:
    """Hold an errand fixed for a day: of one operator, or of whoever is there."""

    day: date
    section_id: str
    operator_id: str | None
    do: Callable[[Bench], None]


def give_habits(ward: Ward) -> None:
    """Choose who comes early, prints lists, keeps a block, has young callers, helps elsewhere."""
    rng = ward.stream("habits")
    for operator in rng.sample(ward.staff, max(1, len(ward.staff) // 22)):
        operator.comes_early_s = rng.uniform(38, 68) * 60
    for section_id, number in (("property-tax", 1), ("elder-care", 1), ("city-tax", 1)):
        for clerk in _steady(ward, rng, section_id)[:number]:
            clerk.lists_for_section = True
            contract = clerk.contracts[0]
            contract.desk = "lists"
            contract.functions = tuple(
                dict.fromkeys((*contract.functions, BY_ID[section_id].lists))
            )
    for clerk in _steady(ward, rng, "elder-care")[:1]:
        clerk.contracts[0].desk = "visits"
        clerk.own_block_id = rng.choice(ward.city.clients["elder-care"]).block_id
    decade = rng.choice((20, 20, 30))
    ward.city.clients[f"decade.{decade}"] = [
        one for one in ward.city.residents if one.age // 10 * 10 == decade
    ]
    for clerk in _steady(ward, rng, "insurance")[:1]:
        clerk.contracts[0].desk = "telephone"
        clerk.callers_decade = decade
    for place in range(max(1, len(ward.staff) // 18)):
        _lend(ward, rng, recorded=place % 2 == 0)


def _steady(ward: Ward, rng: Random, section_id: str) -> list[Operator]:
    """Return who stays in a section all along and is not odd yet, in any order."""
    found = [
        one
        for one in ward.staff
        if len(one.contracts) == 1
        and one.contracts[0].section_id == section_id
        and one.contracts[0].desk != "approval"
        and not one.lists_for_section
        and not one.own_block_id
        and not one.long_leave
        and not one.help
    ]
    rng.shuffle(found)
    return found


def _lend(ward: Ward, rng: Random, *, recorded: bool) -> None:
    """Lend a clerk to another section for some weeks, with or without an assignment."""
    home = rng.choice([one.section_id for one in SECTIONS if one.people > 6])
    lent = next(iter(_steady(ward, rng, home)), None)
    if lent is None or ward.year.length_days < 30:
        return
    target = rng.choice([one for one in SECTIONS if one.section_id != home])
    first = ward.year.days[rng.randrange(10, ward.year.length_days - 15)]
    last = first + timedelta(days=rng.randint(28, 110))
    weekdays = tuple(rng.sample(range(5), rng.randint(1, 2)))
    lent.help = Help(target.section_id, first, last, weekdays)
    if recorded:
        functions = (*target.inquiry, *target.edits)
        # By its true beginning it is older than the clerk's own posting, so never the posting.
        own = lent.contracts[0]
        lent.contracts.append(
            Contract(
                target.section_id,
                own.desk,
                own.employment,
                functions,
                date(2019, 4, 1),
                last,
                first,
            )
        )


def appointments(ward: Ward) -> dict[date, list[Appointment]]:
    """Return the fixed errands of the run by day."""
    rng = ward.stream("appointments")
    book: dict[date, list[Appointment]] = defaultdict(list)
    for appointment in (*_batches(ward, rng), *_regulars(ward, rng), *_known_people(ward, rng)):
        book[appointment.day].append(appointment)
    return book


def keep(ward: Ward, rng: Random, appointment: Appointment) -> None:
    """Do a fixed errand in the last stretch of the day, if who should do it is there."""
    there = ward.present(appointment.day, appointment.section_id)
    if appointment.operator_id is not None:
        there = [one for one in there if one.operator_id == appointment.operator_id]
    if not there:
        return
    operator_id = rng.choice(there).operator_id
    stay: Stay = ward.stays[operator_id, appointment.day][-1]
    at = stay.starts_at + 120 + rng.uniform(0, 0.3) * (stay.ends_at - stay.starts_at)
    bench = ward.bench(rng, stay, appointment.section_id, at)
    appointment.do(bench)
    ward.acts[operator_id, appointment.day] += bench.acts


def _batches(ward: Ward, rng: Random) -> list[Appointment]:
    found = []
    for section_id, month, first, afternoons, fewest, most in _BATCHES:
        days = [
            one
            for one in ward.year.days
            if one.month == month
            and one.day >= first
            and one.day < first + 11
            and ward.year.is_worked(one)
        ]
        for day in rng.sample(days, min(len(days), afternoons)):
            found.append(Appointment(day, section_id, None, _batch(rng.randint(fewest, most))))
    return found


def _batch(number: int) -> Callable[[Bench], None]:
    def do(bench: Bench) -> None:
        """Go through a pile of returned letters, without cases."""
        rng = bench.rng
        pile = [bench.city.visitor(bench.section.section_id, rng) for _ in range(number)]
        pile.sort(key=lambda one: (one.block_id, one.kana))
        by_number = rng.random() < 0.35
        screen = bench.inquiry()
        for resident in pile:
            terms: Json = {
                "kind": "resident_id",
                "wildcard": False,
                "hits": 1,
                "sequential": rng.random() < 0.2,
            }
            if by_number:
                bench.act(screen, "search", resident, None, terms)
            else:
                bench.act(screen, "view", resident)
            bench.at -= rng.uniform(4, 6)

    return do


def _regulars(ward: Ward, rng: Random) -> list[Appointment]:
    """Return the callers and complaints that come back to one clerk without any case."""
    found = []
    weeks = ward.year.length_days / 7
    rates = {"welfare": 1.9, "collection": 0.6}
    for section in SECTIONS:
        staff = [one for one in ward.staff if one.contracts[0].section_id == section.section_id]
        for _ in range(round(weeks * rates.get(section.section_id, 0.22))):
            clerk = rng.choice(staff)
            caller = ward.city.visitor(section.section_id, rng)
            day = rng.choice(ward.year.days)
            for _ in range(rng.randint(2, 6)):
                found.append(Appointment(day, section.section_id, clerk.operator_id, _call(caller)))
                day += timedelta(days=rng.choice((1, 1, 2, 4, 7, 7, 9, 14)))
    return found


def _call(caller: Resident) -> Callable[[Bench], None]:
    def do(bench: Bench) -> None:
        """Look up a caller whom no case covers."""
        bench.search(0.25)
        bench.act(bench.inquiry(), "view", caller)

    return do


def _serve(visitor: Resident) -> Callable[[Bench], None]:
    def do(bench: Bench) -> None:
        """Serve a certain person with a case."""
        case = bench.new_case([visitor], lag_of_case_s(bench.rng), 2 * DAY_S)
        number = bench.number(case)
        bench.act(bench.inquiry(), "view", visitor, number)
        if bench.rng.random() < 0.6:
            bench.act(bench.edit(), "update", visitor, number)

    return do


def _known_people(ward: Ward, rng: Random) -> list[Appointment]:
    """Return honest business with colleagues, neighbours, the known and the protected."""
    city, year = ward.city, ward.year
    colleagues = [one.resident for one in ward.staff if one.resident]
    figures = [one for one in city.residents if one.public_figure]
    guarded = [one for one in city.residents if one.protected]
    found = []
    for _ in range(round(year.length_days / 7 * len(ward.staff) / 14)):
        day = rng.choice(year.days)
        clerk = rng.choice(ward.staff)
        contract = clerk.contract(day)
        if contract is None:
            continue
        home = clerk.resident
        choices = [rng.choice(colleagues), rng.choice(guarded), rng.choice(guarded)]
        if home:
            choices += [rng.choice(city.blocks[home.block_id])] * 2
            choices += city.household_of(home)[:1] if rng.random() < 0.25 else []
        if rng.random() < 0.35:
            choices.append(rng.choice(figures))
        make = _call if rng.random() < 0.09 else _serve
        whom = rng.choice(choices)
        found.append(Appointment(day, contract.section_id, clerk.operator_id, make(whom)))
    figure, first = news(ward)
    for _ in range(rng.randint(3, 6)):
        day = first + timedelta(days=rng.randint(0, 5))
        section_id = rng.choice(("citizens", "city-tax", "property-tax"))
        make = _serve if rng.random() < 0.7 else _call
        found.append(Appointment(day, section_id, None, make(figure)))
    return found


def news(ward: Ward) -> tuple[Resident, date]:
    """Return the public figure who gets into the news, and the first day of it."""
    rng = ward.stream("news")
    figures = [one for one in ward.city.residents if one.public_figure]
    days = ward.year.between(50, ward.year.length_days - 12) or ward.year.days
    return rng.choice(figures), rng.choice(days)
