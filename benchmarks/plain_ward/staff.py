"""Hire the staff: who they are as residents, their desks, contracts and habits."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random

from benchmarks.plain_ward.city import City, Resident
from benchmarks.plain_ward.records import Json
from benchmarks.plain_ward.sections import BY_ID, SECTIONS, Section, staff_numbers
from benchmarks.plain_ward.year import Year

LONG_AGO = date(2020, 4, 1)
FISCAL_START = date(2022, 4, 1)
FISCAL_END = date(2023, 3, 31)


@dataclass
class Contract:
    """Hold one posting; `recorded_from` is later than `begins` where the record came late."""

    section_id: str
    desk: str
    employment: str
    functions: tuple[str, ...]
    begins: date
    ends: date | None = None
    recorded_from: date | None = None

    def holds(self, day: date) -> bool:
        """Return whether the operator truly works under it on a day."""
        return self.begins <= day and (self.ends is None or day <= self.ends)

    def is_on_record(self, day: date) -> bool:
        """Return whether the directory says so."""
        start = self.recorded_from or self.begins
        return start <= day and (self.ends is None or day <= self.ends)

    def line(self) -> Json:
        """Return the assignment as the directory holds it."""
        return {
            "section_id": self.section_id,
            "role": self.desk,
            "employment": self.employment,
            "functions": list(self.functions),
            "supervisor_id": BY_ID[self.section_id].supervisor_id,
            "starts_on": (self.recorded_from or self.begins).isoformat(),
            "ends_on": self.ends.isoformat() if self.ends else None,
        }


@dataclass
class Help:
    """Hold a spell of help in another section, on some weekdays."""

    section_id: str
    first: date
    last: date
    weekdays: tuple[int, ...]


@dataclass
class Operator:
    """Hold one operator: contracts in order, and what is particular about their days."""

    operator_id: str
    resident: Resident | None
    contracts: list[Contract]
    pace: float
    hours_s: tuple[float, float]
    trained_until: date | None
    comes_early_s: float = 0.0
    stays_late_weekday: int | None = None
    lists_for_section: bool = False
    own_block_id: str | None = None
    callers_decade: int | None = None
    help: Help | None = None
    long_leave: tuple[date, date] | None = None
    absences: set[date] = field(default_factory=set)
    """Days of leave; the office has no shift for those asked for in advance."""

    def contract(self, day: date) -> Contract | None:
        """Return the contract under which the operator works on a day."""
        held = [one for one in self.contracts if one.holds(day)]
        return max(held, key=lambda one: one.begins) if held else None

    def is_away(self, day: date) -> bool:
        """Return whether the operator is on leave on a day."""
        left = self.long_leave
        return day in self.absences or (left is not None and left[0] <= day <= left[1])

    def is_new(self, day: date) -> bool:
        """Return whether this is within the first five weeks of a posting that began here."""
        held = self.contract(day)
        return held is not None and held.begins > FISCAL_START and (day - held.begins).days < 35

    def line(self) -> Json:
        """Return the record of the directory."""
        home = self.resident
        return {
            "operator_id": self.operator_id,
            "resident_token": home.resident_id if home else None,
            "household_id": home.household_id if home else None,
            "block_id": home.block_id if home else None,
            "trained_until": self.trained_until.isoformat() if self.trained_until else None,
            "assignments": [contract.line() for contract in self.contracts],
        }


def posting(
    rng: Random, section: Section, employment: str, begins: date, ends: date | None = None
) -> Contract:
    """Return a contract at one of the section's desks, with the functions of the desk."""
    desk = rng.choices(list(section.desks), list(section.desks.values()))[0]
    functions = [*section.inquiry, *section.edits]
    if employment == "permanent" and rng.random() < 0.3:
        functions.append(section.lists)
    if section.section_id in ("welfare", "children") and rng.random() < 0.4:
        functions.append("kazei.inquiry")
    return Contract(section.section_id, desk, employment, tuple(functions), begins, ends)


def hire(rng: Random, year: Year, city: City, operators: int) -> list[Operator]:
    """Return the staff with all their contracts, and the absences of the run."""
    homes = [one for one in city.residents if 23 <= one.age <= 63 and not one.protected]
    rng.shuffle(homes)
    staff: list[Operator] = []
    for section_id, number in staff_numbers(rng, operators).items():
        for place in range(number):
            staff.append(_operator(rng, BY_ID[section_id], homes.pop(), first=place == 0))
    rng.shuffle(staff)
    _change_postings(rng, year, staff)
    for operator in staff:
        _take_leave(rng, year, operator)
    return staff


def _operator(rng: Random, section: Section, home: Resident, *, first: bool) -> Operator:
    kinds = ("permanent", "temporary", "contractor")
    employment = "permanent" if first else rng.choices(kinds, (0.6, 0.35, 0.05))[0]
    if employment == "permanent":
        begins = LONG_AGO + timedelta(days=365 * rng.randint(0, 1))
        contract = posting(rng, section, employment, begins)
    else:
        contract = posting(rng, section, employment, FISCAL_START, FISCAL_END)
    if first and section.people > 5:
        contract.desk = "approval"
        contract.functions = tuple({**dict.fromkeys(contract.functions), section.lists: None})
    part_time = employment == "temporary" and rng.random() < 0.5
    opens_s = 9.0 if part_time else 8.5
    closes_s = rng.choice((15.0, 16.0)) if part_time else 17.25
    trained = date(2022, 9, 30) if rng.random() < 0.15 else date(2023, 9, 30)
    return Operator(
        operator_id=f"op{rng.getrandbits(24):06x}",
        resident=home if rng.random() < 0.72 else None,
        contracts=[contract],
        pace=max(0.6, min(1.5, rng.gauss(1.0, 0.18))),
        hours_s=(opens_s * 3600, closes_s * 3600),
        trained_until=None if rng.random() < 0.1 else trained,
    )


class _Unchanged:
    """Hold whose posting does not change yet: each operator has at most one change."""

    def __init__(self, staff: list[Operator]) -> None:
        self._left = [one for one in staff if one.contracts[0].desk != "approval"]

    def take(self, number: int, *employments: str) -> list[Operator]:
        """Return and forget up to so many operators of these employments."""
        able = [one for one in self._left if one.contracts[0].employment in employments]
        self._left = [one for one in self._left if one not in able[:number]]
        return able[:number]


def _change_postings(rng: Random, year: Year, staff: list[Operator]) -> None:
    """Transfer, renew, end and begin postings."""
    unchanged = _Unchanged(staff)
    size = len(staff) / 75
    july, october, april = date(2022, 7, 1), date(2022, 10, 1), date(2023, 4, 1)
    for day, number in ((july, 2), (october, 5), (april, 9)):
        for moved in unchanged.take(round(number * size), "permanent"):
            if day <= year.last:
                _transfer(rng, moved, day, "permanent", overlap=True)
    if october <= year.last:
        for moved in unchanged.take(round(4 * size), "temporary"):
            _transfer(rng, moved, october, "temporary", overlap=False)
        for clerk in unchanged.take(round(5 * size), "temporary"):
            _renew(rng, clerk, october)
    _end_and_begin(rng, year, unchanged, size)
    for operator in rng.sample(staff, len(staff) // 12):
        operator.stays_late_weekday = rng.randrange(5)
    for operator in staff:
        if operator.contracts[-1].ends == FISCAL_END and year.last > FISCAL_END:
            _renew(rng, operator, april)


def _end_and_begin(rng: Random, year: Year, unchanged: _Unchanged, size: float) -> None:
    """Let some contracts end for good, some clerks come new, and a few go on long leave."""
    months = (date(2022, 7, 31), date(2022, 8, 31), date(2022, 9, 30), date(2022, 10, 31))
    ends = [one for one in months if one + timedelta(days=20) < year.last]
    for leaver in unchanged.take(max(1, round(4 * size)), "temporary", "contractor"):
        if ends:
            leaver.contracts[0].ends = rng.choice(ends)
    first_days = (date(2022, 6, 16), date(2022, 7, 1), date(2022, 9, 1), date(2022, 10, 3))
    for new in unchanged.take(round(4 * size), "permanent", "temporary", "contractor"):
        new.contracts[0].begins = rng.choice(first_days)
    for absent in unchanged.take(max(1, round(2 * size)), "permanent"):
        begins = year.days[min(len(year.days) - 1, rng.randint(25, 60))]
        absent.long_leave = (begins, begins + timedelta(days=rng.randint(120, 300)))


def _transfer(
    rng: Random, operator: Operator, day: date, employment: str, *, overlap: bool
) -> None:
    """Move an operator to another section; permanents keep the old rights for the handover."""
    old = operator.contracts[-1]
    section = rng.choice([one for one in SECTIONS if one.section_id != old.section_id])
    kept_days = rng.choice((3, 7, 14)) if overlap else 0
    old.ends = day + timedelta(days=kept_days - 1)
    if kept_days:
        operator.help = Help(old.section_id, day, old.ends, tuple(rng.sample(range(5), 2)))
    new_end = None if employment == "permanent" else FISCAL_END
    operator.contracts.append(posting(rng, section, employment, day, new_end))


def _renew(rng: Random, operator: Operator, day: date) -> None:
    """Renew a contract at the same desk; one in three reaches the directory days late."""
    old = operator.contracts[-1]
    old.ends = day - timedelta(days=1)
    end = FISCAL_END if day <= FISCAL_END else date(2024, 3, 31)
    new = Contract(old.section_id, old.desk, old.employment, old.functions, day, end)
    if rng.random() < 0.35:
        new.recorded_from = day + timedelta(days=rng.randint(2, 6))
    operator.contracts.append(new)


def _take_leave(rng: Random, year: Year, operator: Operator) -> None:
    """Spread single days of leave, a summer week, and now and then an illness."""
    for day in year.days:
        summer = day.month == 8 and 8 <= day.day <= 19
        if rng.random() < (0.22 if summer else 0.045):
            operator.absences.add(day)
    if rng.random() < 0.5:
        first = rng.randrange(year.length_days)
        operator.absences.update(year.days[first : first + rng.randint(3, 7)])
