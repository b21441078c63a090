"""What is known around a look-up: directory, cases, shifts; fed record by record."""

from __future__ import annotations

from bisect import bisect_right, insort
from functools import lru_cache
from itertools import combinations
from sys import intern
from typing import NamedTuple

from models.calendar import DAY_S
from schemas.directory import Operator, Resident, Section, Terminal
from schemas.record import Record
from schemas.work import Case, Shift


class CaseSpan(NamedTuple):
    """Hold what decides whether a case covers a look-up; a tenth of the record's memory."""

    case_id: str
    section_id: str
    resident_ids: tuple[str, ...]
    assigned_to: tuple[str, ...]
    opened_s: float
    closed_s: float | None


class Person(NamedTuple):
    """Hold what detectors ask of a resident; `classes` are the coarse groups of a resident."""

    household_id: str | None
    block_id: str | None
    protected: bool
    classes: tuple[str, ...]


class Context:
    """Hold the newest record of every key of the context topics.

    `fed` names the topics of which a record was ever seen: a detector that needs another is
    switched off, for silence is no evidence. Cases and shifts are kept by the million: only
    what somebody asks of them, and ids that many of them name are one string.
    """

    def __init__(self) -> None:
        self.operators: dict[str, Operator] = {}
        self.sections: dict[str, Section] = {}
        self.terminals: dict[str, Terminal] = {}
        self.residents: dict[str, Person] = {}
        self.households: dict[str, tuple[str, ...]] = {}
        self.staff: dict[str, str] = {}
        """Operator by the token that the operator has as a resident."""
        self.fed: set[str] = set()
        self._everybody: list[str] = []
        self.version = 0
        """Grows with every change of what a desk is made of: directory, shifts, staff."""
        self._cases: dict[str, CaseSpan] = {}
        self._cases_of: dict[str, tuple[CaseSpan, ...]] = {}
        self._shifts_of: dict[str, list[tuple[float, float, str]]] = {}
        self._shift_of: dict[str, str] = {}
        """Operator by shift: where the row of one that changes stands."""

    def put(self, topic: str, key: str, record: Record | None) -> None:
        """Take one context record of a topic; None deletes the key."""
        if record is not None:
            self.fed.add(topic)
        if topic == "work.cases":
            self._put_case(key, record if isinstance(record, Case) else None)
        elif topic == "work.shifts":
            self._put_shift(key, record if isinstance(record, Shift) else None)
        elif topic == "directory.residents":
            self._put_resident(key, record if isinstance(record, Resident) else None)
        else:
            self.version += 1
            if topic == "directory.operators":
                self._put_token(key, record if isinstance(record, Operator) else None)
            table: dict[str, Record] = getattr(self, topic.removeprefix("directory."))
            if record is None:
                table.pop(key, None)
            else:
                table[key] = record

    def _put_token(self, operator_id: str, operator: Operator | None) -> None:
        old = self.operators.get(operator_id)
        if old is not None and old.resident_token:
            self.staff.pop(old.resident_token, None)
        if operator is not None and operator.resident_token:
            self.staff[operator.resident_token] = operator_id

    def _put_resident(self, resident_id: str, resident: Resident | None) -> None:
        old = self.residents.pop(resident_id, None)
        self.version += resident_id in self.staff
        if (old is None) is not (resident is None):
            self._everybody = []
        if old is not None and old.household_id:
            members = self.households[old.household_id]
            self.households[old.household_id] = tuple(m for m in members if m != resident_id)
        if resident is None:
            return
        household_id = resident.household_id and intern(resident.household_id)
        block_id = resident.block_id and intern(resident.block_id)
        classes = _classes_of(resident.traits, resident.public_figure)
        resident_id = intern(resident_id)
        self.residents[resident_id] = Person(household_id, block_id, resident.protected, classes)
        if household_id:
            self.households[household_id] = (*self.households.get(household_id, ()), resident_id)

    def _put_case(self, case_id: str, case: Case | None) -> None:
        old = self._cases.pop(case_id, None)
        for resident_id in old.resident_ids if old else ():
            left = tuple(s for s in self._cases_of[resident_id] if s is not old)
            if left:
                self._cases_of[resident_id] = left
            else:
                del self._cases_of[resident_id]
        if case is None:
            return
        span = CaseSpan(
            case_id,
            intern(case.section_id),
            tuple(map(intern, dict.fromkeys(case.resident_ids))),
            _shared(case.assigned_to),
            case.opened_at.timestamp(),
            None if case.closed_at is None else case.closed_at.timestamp(),
        )
        self._cases[case_id] = span
        for resident_id in span.resident_ids:
            self._cases_of[resident_id] = (*self._cases_of.get(resident_id, ()), span)

    def _put_shift(self, shift_id: str, shift: Shift | None) -> None:
        self.version += 1
        operator_id = self._shift_of.pop(shift_id, None)
        if operator_id is not None:
            rows = self._shifts_of[operator_id]
            rows[:] = [row for row in rows if row[2] != shift_id]
        if shift is not None:
            self._shift_of[shift_id] = operator_id = intern(shift.operator_id)
            row = (shift.starts_at.timestamp(), shift.ends_at.timestamp(), shift_id)
            insort(self._shifts_of.setdefault(operator_id, []), row)

    def covering_case(
        self,
        sections: frozenset[str],
        residents: tuple[str, ...],
        at_s: float,
        after_close_days: int,
        known_until_s: float,
    ) -> CaseSpan | None:
        """Return a case that covers a look-up of one of some residents, or explains it later.

        `sections` are those of the operator's assignments in force. `known_until_s` is the
        look-up's own time for the contract's rule; the end of the justification clock where a
        case opened meanwhile may still explain it.
        """
        cases_of, after_s = self._cases_of, after_close_days * DAY_S
        for resident_id in residents:
            for span in cases_of.get(resident_id, ()):
                _, section_id, _, _, opened_s, closed_s = span
                if (
                    section_id in sections
                    and opened_s <= known_until_s
                    and (closed_s is None or at_s <= closed_s + after_s)
                ):
                    return span
        return None

    def was_served(self, sections: frozenset[str], resident_id: str, until_s: float) -> bool:
        """Return whether a case of some sections has ever listed a resident, closed or not."""
        for _, section_id, _, _, opened_s, _ in self._cases_of.get(resident_id, ()):
            if section_id in sections and opened_s <= until_s:
                return True
        return False

    def case_given(self, case_id: str | None, until_s: float) -> CaseSpan | None:
        """Return the case of a number given with a look-up, if it was opened by then."""
        span = self._cases.get(case_id or "")
        return span if span is not None and span.opened_s <= until_s else None

    def is_of(self, span: CaseSpan, resident_id: str) -> bool:
        """Return whether a case lists a resident or one of the household."""
        residents = span.resident_ids
        return resident_id in residents or not set(residents).isdisjoint(
            self.household_of(resident_id)
        )

    def household_of(self, resident_id: str) -> tuple[str, ...]:
        """Return the residents of a resident's household, the resident among them."""
        person = self.residents.get(resident_id)
        if person is None or not person.household_id:
            return ()
        return self.households.get(person.household_id, ())

    def anybody(self, seed: int) -> str | None:
        """Return a resident by lot: whom somebody might look at for other reasons than work."""
        if not self._everybody:
            self._everybody = sorted(self.residents)
        if not self._everybody:
            return None
        return self._everybody[seed % len(self._everybody)]

    def has_shifts(self, operator_id: str) -> bool:
        """Return whether shifts of an operator are known at all."""
        return operator_id in self._shifts_of

    def works_on(self, operator_id: str, from_s: float, to_s: float) -> bool:
        """Return whether a shift of the operator touches a span of time."""
        rows = self._shifts_of.get(operator_id, [])
        end = bisect_right(rows, (to_s, float("inf"), ""))
        return any(ends >= from_s for _, ends, _ in rows[max(0, end - 4) : end])

    def on_shift(self, operator_id: str, at_s: float) -> bool:
        """Return whether an approved shift or overtime of the operator holds at a moment."""
        rows = self._shifts_of.get(operator_id, [])
        # Shifts last under two days: no need to look further back than a few rows.
        end = bisect_right(rows, (at_s, float("inf"), ""))
        return any(starts <= at_s <= ends for starts, ends, _ in rows[max(0, end - 4) : end])


@lru_cache(maxsize=1 << 16)
def _shared(ids: tuple[str, ...]) -> tuple[str, ...]:
    """Return one tuple for all cases that name the same people: a desk has a million of them."""
    return tuple(map(intern, ids))


@lru_cache(maxsize=1 << 12)
def _classes_of(traits: tuple[str, ...], public_figure: bool) -> tuple[str, ...]:
    """Return a resident's traits, by ones, twos and all together, and whether well known.

    Many residents are alike, and share one tuple.
    """
    traits = tuple(sorted(set(traits)))
    classes = [*traits, *("+".join(two) for two in combinations(traits, 2))]
    if len(traits) > 2:
        classes.append("+".join(traits))
    if public_figure:
        classes.append("public_figure")
    return tuple(intern(name) for name in classes)
