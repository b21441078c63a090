"""What insiders mean to do, kept until they are at a terminal: the book of misuse."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass, field

from benchmarks.island_ward.agenda import moment
from benchmarks.island_ward.casework import Case, Ledger
from benchmarks.island_ward.clerk import Visit
from benchmarks.island_ward.days import DAY
from benchmarks.island_ward.site import Terminal
from benchmarks.island_ward.staff import Operator
from benchmarks.island_ward.town import Resident
from benchmarks.island_ward.work import FLAT, Batch, Business

Choose = Callable[[Ledger], list[Resident]]
_RECENT_CASES = 900


@dataclass(slots=True)
class Draft:
    """Hold a label before its look-ups have their ids."""

    kind: str
    operator_id: str
    resident_id: str | None


@dataclass(slots=True, eq=False)
class Errand:
    """Hold one misuse among a day's work; `cite`: `own` or `other` case numbers, or none."""

    day: int
    label: int
    kind: Business | Batch
    choose: Choose
    cite: str | None = None
    curve: tuple[float, ...] = FLAT


@dataclass(slots=True, eq=False)
class Sitting:
    """Hold one sitting for misuse alone."""

    operator: Operator
    terminal: Terminal
    starts: int
    ends: int
    method: str | None
    badge: bool
    errands: list[Errand]


@dataclass(slots=True)
class Errands:
    """Hold all that insiders mean to do."""

    rng: random.Random
    drafts: list[Draft] = field(default_factory=list)
    waiting: dict[str, list[Errand]] = field(default_factory=dict)
    sittings: dict[int, list[Sitting]] = field(default_factory=dict)
    _today: list[tuple[Visit, Errand]] = field(default_factory=list)

    def label(self, kind: str, operator: Operator, resident: Resident | None = None) -> int:
        """Begin a case of misuse and return its number."""
        token = resident.token if resident else None
        self.drafts.append(Draft(kind, operator.operator_id, token))
        return len(self.drafts) - 1

    def add(self, operator: Operator, errand: Errand) -> None:
        """Put an errand into an operator's days."""
        self.waiting.setdefault(operator.operator_id, []).append(errand)

    def due(self, operator: Operator, day: int, ledger: Ledger) -> list[Visit]:
        """Return what an operator at work does today, of each misuse its oldest day alone."""
        kept, visits, days = [], [], dict[int, int]()
        self._today.clear()
        for errand in sorted(self.waiting.get(operator.operator_id, ()), key=lambda e: e.day):
            first = days.setdefault(errand.label, errand.day)
            if errand.day > day or errand.day != first:
                kept.append(errand)
                continue
            visit = self._visit(operator, errand, ledger, moment(self.rng, day, errand.curve))
            visits.append(visit)
            self._today.append((visit, errand))
        self.waiting[operator.operator_id] = kept
        return visits

    def missed(self, operator: Operator, visit: Visit) -> None:
        """Keep for another day what there was no time for."""
        for made, errand in self._today:
            if made is visit:
                self.add(operator, errand)

    def sit(self, sitting: Sitting, ledger: Ledger) -> list[Visit]:
        """Return what is done at a sitting."""
        latest = max(sitting.starts + 1, sitting.ends - (sitting.ends - sitting.starts) // 4)
        return [
            self._visit(sitting.operator, errand, ledger, self.rng.randint(sitting.starts, latest))
            for errand in sitting.errands
        ]

    def _visit(self, operator: Operator, errand: Errand, ledger: Ledger, want: int) -> Visit:
        people = errand.choose(ledger)
        cite = self._cited(operator, errand, ledger, people, want)
        return Visit(want, errand.kind, people, None, cite, errand.label)

    def _cited(
        self,
        operator: Operator,
        errand: Errand,
        ledger: Ledger,
        people: list[Resident],
        want: int,
    ) -> str | None:
        """Return a number that the insider has at hand and that has nothing to do with it."""
        if errand.cite is None:
            return None
        number, tokens = operator.operator_id, {person.token for person in people}

        def fits(case: Case) -> bool:
            mine = number in case.assigned
            old = case.opened < want - 60 * DAY or case.opened > want
            return mine is (errand.cite == "own") and not old and not tokens & {*case.residents}

        near = [case for case in ledger.cases[-_RECENT_CASES:] if fits(case)]
        return self.rng.choice(near).case_id if near else None
