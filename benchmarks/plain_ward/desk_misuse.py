"""Slip misuse into honest days: find a moment, check that no case covers it, do the act."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from random import Random

from benchmarks.plain_ward.city import Resident
from benchmarks.plain_ward.records import Act, Json, Misuse, Passage, Sign, Stay
from benchmarks.plain_ward.sections import BY_ID
from benchmarks.plain_ward.staff import Contract, Operator
from benchmarks.plain_ward.ward import Ward
from benchmarks.plain_ward.year import DAY_S, HOUR_S, clock_s, midnight

FIRST_DAY = 40
"""No misuse before this day of the run."""


@dataclass
class Insider:
    """Hold one operator who misuses data, how careful they are, and what they did so far.

    Careful ones open the resident directly, in the middle of honest work, under the number
    of a colleague's case (`borrows`); careless ones search by name and look at households.
    """

    ward: Ward
    rng: Random
    operator: Operator
    misuse: Misuse
    care: float
    borrows: bool
    signs: list[Sign] = field(default_factory=list)
    passages: list[Passage] = field(default_factory=list)

    def days_at_work(self, first: int = FIRST_DAY, last: int | None = None) -> list[date]:
        """Return the days numbered `first` to `last` on which the operator did honest work."""
        end = self.ward.year.length_days - 3 if last is None else last
        days = self.ward.year.days[max(FIRST_DAY, first) : max(0, end + 1)]
        return [day for day in days if self.ward.acts.get((self.operator.operator_id, day))]

    def spread_days(
        self,
        number: int,
        first: int = FIRST_DAY,
        last: int | None = None,
        span_days: int | None = None,
    ) -> list[date]:
        """Return days at work, far apart, within a span somewhere between `first` and `last`."""
        end = self.ward.year.length_days - 3 if last is None else last
        if span_days is not None and span_days < end - first:
            first = self.rng.randint(first, end - span_days)
            end = first + span_days
        days = self.days_at_work(first, end)
        if len(days) <= number:
            return days
        slices = [
            days[len(days) * n // number : len(days) * (n + 1) // number] for n in range(number)
        ]
        return [self.rng.choice(part) for part in slices]

    def moment(self, day: date) -> tuple[Stay, float]:
        """Return a moment of the day: mostly right after an honest act, in opening hours."""
        stays = self.ward.stays[self.operator.operator_id, day]
        zero = midnight(day)
        acts = [
            act
            for act in self.ward.acts[self.operator.operator_id, day]
            if zero + clock_s(8, 31) <= act.at <= zero + clock_s(17, 5)
        ]
        if acts and self.rng.random() < 0.5 + self.care / 2:
            at = self.rng.choice(acts).at + self.rng.uniform(4, 50)
        else:
            at = zero + self.rng.uniform(clock_s(9), clock_s(14, 50))
        stay = min(stays, key=lambda one: abs((one.starts_at + one.ends_at) / 2 - at))
        return stay, min(max(at, stay.starts_at + 40), stay.ends_at - 30)

    def is_covered(self, resident_id: str, at: float) -> bool:
        """Return whether a case of one of the operator's sections covers, or soon would."""
        sections = {one.section_id for one in self.operator.contracts}
        return self.ward.register.covers(resident_id, sections, at, 3 * DAY_S)

    def screen(self, stay: Stay) -> str:
        """Return an inquiry screen that the operator uses there every day."""
        contract = self.operator.contract(stay.day) or self.operator.contracts[-1]
        screens = BY_ID[contract.section_id].inquiry
        granted = [one for one in screens if one in contract.functions]
        return self.rng.choice((granted[0], *granted))

    def foreign_number(self, stay: Stay, resident: Resident, at: float) -> str | None:
        """Return the number of an open case of the section that does not list the resident."""
        house = {one.resident_id for one in self.ward.city.household_of(resident)}
        cases = [
            case
            for case in self.ward.register.opened_on_day(stay.section_id, at)
            if not house & set(case.resident_ids)
            and self.operator.operator_id not in case.assigned_to
        ]
        return self.rng.choice(cases).case_id if cases else None

    def look(
        self,
        stay: Stay,
        at: float,
        resident: Resident,
        function: str | None = None,
        action: str = "view",
        copies: int | None = None,
    ) -> bool:
        """Look up a resident unless a case covers it; careless ones search by name before."""
        if self.is_covered(resident.resident_id, at):
            return False
        function = function or self.screen(stay)
        number = None
        if self.borrows and self.rng.random() < 0.8:
            number = self.foreign_number(stay, resident, at)
        if self.rng.random() > 0.35 + self.care:
            terms: Json = {
                "kind": "name",
                "wildcard": False,
                "hits": 1 + int(self.rng.expovariate(0.5)),
            }
            self.do(stay, at - self.rng.uniform(5, 25), function, "search", None, terms, number)
        self.do(stay, at, function, action, resident, None, number, copies)
        return True

    def do(
        self,
        stay: Stay,
        at: float,
        function: str,
        action: str,
        resident: Resident | None = None,
        search: Json | None = None,
        number: str | None = None,
        copies: int | None = None,
    ) -> Act:
        """Write one act of misuse."""
        warned = resident is not None and resident.protected and action != "search"
        act = Act(
            at,
            self.operator.operator_id,
            stay.terminal_id,
            stay.session_id,
            function,
            action,
            resident.resident_id if resident else None,
            search,
            number,
            copies,
            warned and self.rng.random() < 0.5,
        )
        self.misuse.acts.append(act)
        return act

    def visit(self, days: Sequence[date], targets: Sequence[Resident], each: int = 1) -> None:
        """Look at one of the targets (or `each`) on each of these days."""
        for day in days:
            stay, at = self.moment(day)
            for target in self.rng.sample(list(targets), min(each, len(targets))):
                self.look(stay, at, target)
                at += self.rng.uniform(9, 45)


def contract_spans(ward: Ward, operator: Operator) -> list[tuple[Contract, int, int]]:
    """Return an operator's postings with their first and last day as numbers of the run."""
    start = ward.year.days[0]
    spans = []
    for contract in operator.contracts:
        first = max(0, (contract.begins - start).days)
        last = ward.year.length_days - 1
        if contract.ends is not None:
            last = min(last, (contract.ends - start).days)
        spans.append((contract, first, last))
    return spans


def evening_s(rng: Random) -> float:
    """Return a time of the day at which the office is dark."""
    return clock_s(20) + rng.uniform(0, 3) * HOUR_S
