"""What is known around a look-up: directory, cases, shifts; fed record by record."""

from __future__ import annotations

from bisect import bisect_right
from datetime import date
from typing import NamedTuple

from models.calendar import DAY_S
from models.organisation import sections_in_force
from schemas.directory import Operator, Resident, Section, Terminal
from schemas.record import Record
from schemas.work import Case, Shift


class CaseSpan(NamedTuple):
    """Hold what decides whether a case covers a look-up; a tenth of the record's memory."""

    case_id: str
    section_id: str
    functions: tuple[str, ...]
    opened_s: float
    closed_s: float | None


class Context:
    """Hold the newest record of every key of the context topics.

    `fed` names the topics of which a record was ever seen: a detector that needs another is
    switched off, for silence is no evidence.
    """

    def __init__(self) -> None:
        self.operators: dict[str, Operator] = {}
        self.sections: dict[str, Section] = {}
        self.terminals: dict[str, Terminal] = {}
        self.residents: dict[str, Resident] = {}
        self.fed: set[str] = set()
        self._cases: dict[str, tuple[CaseSpan, tuple[str, ...]]] = {}
        self._cases_of: dict[str, tuple[CaseSpan, ...]] = {}
        self._shifts: dict[str, Shift] = {}
        self._shifts_of: dict[str, list[tuple[float, float, str]]] = {}

    def put(self, topic: str, key: str, record: Record | None) -> None:
        """Take one context record of a topic; None deletes the key."""
        if record is not None:
            self.fed.add(topic)
        if topic == "work.cases":
            self._put_case(key, record if isinstance(record, Case) else None)
        elif topic == "work.shifts":
            self._put_shift(key, record if isinstance(record, Shift) else None)
        else:
            table: dict[str, Record] = getattr(self, topic.removeprefix("directory."))
            if record is None:
                table.pop(key, None)
            else:
                table[key] = record

    def _put_case(self, case_id: str, case: Case | None) -> None:
        span, residents = self._cases.pop(case_id, (None, ()))
        for resident_id in residents:
            left = tuple(s for s in self._cases_of[resident_id] if s is not span)
            if left:
                self._cases_of[resident_id] = left
            else:
                del self._cases_of[resident_id]
        if case is None:
            return
        span = CaseSpan(
            case_id,
            case.section_id,
            case.functions,
            case.opened_at.timestamp(),
            None if case.closed_at is None else case.closed_at.timestamp(),
        )
        residents = tuple(dict.fromkeys(case.resident_ids))
        self._cases[case_id] = (span, residents)
        for resident_id in residents:
            self._cases_of[resident_id] = (*self._cases_of.get(resident_id, ()), span)

    def _put_shift(self, shift_id: str, shift: Shift | None) -> None:
        old = self._shifts.pop(shift_id, None)
        if old is not None:
            self._shifts_of[old.operator_id].remove(_shift_row(old))
        if shift is not None:
            self._shifts[shift_id] = shift
            rows = self._shifts_of.setdefault(shift.operator_id, [])
            row = _shift_row(shift)
            rows.insert(bisect_right(rows, row), row)

    def covering_case(
        self,
        operator_id: str,
        resident_id: str,
        at_s: float,
        day: date,
        after_close_days: int,
        known_until_s: float,
    ) -> CaseSpan | None:
        """Return a case that covers a look-up, or that explains it later.

        `known_until_s` is the look-up's own time for the contract's rule; the end of the
        justification clock where a case opened meanwhile may still explain it.
        """
        spans = self._cases_of.get(resident_id)
        if not spans:
            return None
        sections = sections_in_force(self.operators.get(operator_id), day)
        for span in spans:
            if (
                span.section_id in sections
                and span.opened_s <= known_until_s
                and (span.closed_s is None or at_s <= span.closed_s + after_close_days * DAY_S)
            ):
                return span
        return None

    def on_shift(self, operator_id: str, at_s: float) -> bool:
        """Return whether an approved shift or overtime of the operator holds at a moment."""
        rows = self._shifts_of.get(operator_id, [])
        # Shifts last under two days: no need to look further back than a few rows.
        end = bisect_right(rows, (at_s, float("inf"), ""))
        return any(starts <= at_s <= ends for starts, ends, _ in rows[max(0, end - 4) : end])


def _shift_row(shift: Shift) -> tuple[float, float, str]:
    return (shift.starts_at.timestamp(), shift.ends_at.timestamp(), shift.shift_id)
