"""Make the ward and let it work honestly, day by day."""

from __future__ import annotations

from random import Random

from benchmarks.plain_ward.city import settle
from benchmarks.plain_ward.oddities import appointments, give_habits, keep
from benchmarks.plain_ward.sections import SECTIONS
from benchmarks.plain_ward.staff import hire
from benchmarks.plain_ward.ward import Ward
from benchmarks.plain_ward.workday import Clocks, Seats, attend
from benchmarks.plain_ward.year import DAY_S, Year, midnight

CARD_SUNDAY_STAFF = 5


def honest_ward(seed: int, days: int, operators: int, residents: int) -> Ward:
    """Return a ward in which everybody did their work and nothing else."""
    year = Year(days)
    city = settle(Random(f"plain:{seed}:city"), residents)
    staff = hire(Random(f"plain:{seed}:staff"), year, city, operators)
    ward = Ward(seed, year, city, staff)
    give_habits(ward)
    _open_old_cases(ward)
    _work(ward)
    return ward


def _open_old_cases(ward: Ward) -> None:
    """Fill the cabinets with what was begun in the months before the run."""
    rng = ward.stream("old cases")
    start = midnight(ward.year.days[0])
    for section in SECTIONS:
        staff = [
            one.operator_id
            for one in ward.staff
            if one.contracts[0].section_id == section.section_id
        ]
        ages = sorted((rng.uniform(0.5, 75) for _ in range(24 * len(staff))), reverse=True)
        for age_days in ages:
            resident = ward.city.visitor(section.section_id, rng)
            house = ward.city.household_of(resident)
            ward.register.open(
                rng,
                section.section_id,
                (*section.inquiry, *section.edits),
                house if rng.random() < 0.3 else [resident],
                [rng.choice(staff)],
                start - age_days * DAY_S + rng.uniform(0.0, 0.3) * DAY_S,
                rng.uniform(1, 90) * DAY_S,
            )


def _work(ward: Ward) -> None:
    rng = ward.stream("work")
    clocks = Clocks.of(ward.stream("clocks"))
    book = appointments(ward)
    fixed = ward.stream("fixed")
    for day in ward.year.days:
        staff = list(ward.staff)
        rng.shuffle(staff)
        if ward.year.is_card_sunday(day):
            staff = [
                one
                for one in staff
                if (held := one.contract(day)) is not None
                and held.section_id == "citizens"
                and one.help is None
            ][:CARD_SUNDAY_STAFF]
        elif not ward.year.is_worked(day):
            continue
        seats = Seats(ward, rng, set())
        for operator in staff:
            attend(ward, rng, clocks, seats, operator, day)
        for appointment in book.get(day, ()):
            keep(ward, fixed, appointment)
