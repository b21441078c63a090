"""Keep the register of cases: open them, list them, and tell what they cover."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from random import Random

from benchmarks.plain_ward.city import Resident
from benchmarks.plain_ward.records import Json
from benchmarks.plain_ward.year import DAY_S, day_of, time_text

COVER_AFTER_CLOSE_S = 30 * DAY_S


@dataclass(slots=True)
class Case:
    """Hold one case of a section."""

    case_id: str
    section_id: str
    functions: tuple[str, ...]
    resident_ids: list[str]
    assigned_to: list[str]
    opened_at: float
    closed_at: float | None

    def line(self, end_s: float) -> Json:
        """Return the record; what closes after the end of the run is still open."""
        closed = self.closed_at if self.closed_at and self.closed_at < end_s else None
        return {
            "case_id": self.case_id,
            "section_id": self.section_id,
            "functions": list(self.functions),
            "resident_ids": self.resident_ids,
            "assigned_to": self.assigned_to,
            "opened_at": time_text(self.opened_at),
            "closed_at": time_text(closed) if closed is not None else None,
        }


class Register:
    """Hold all cases, by section in the order of their making, and by resident."""

    def __init__(self) -> None:
        self.cases: list[Case] = []
        self.of_section: dict[str, list[Case]] = defaultdict(list)
        self.of_clerk: dict[tuple[str, str], list[Case]] = defaultdict(list)
        self.of_resident: dict[str, list[Case]] = defaultdict(list)
        self._numbers: set[str] = set()

    def open(
        self,
        rng: Random,
        section_id: str,
        functions: tuple[str, ...],
        residents: list[Resident],
        operator_ids: list[str],
        opened_at: float,
        open_s: float,
    ) -> Case:
        """Return a new case with a number of its section and year that nobody has yet."""
        letters = section_id.replace("-", "")[:3].upper()
        while True:
            number = f"R4-{letters}-{rng.randrange(10**6):06}"
            if number not in self._numbers:
                break
        self._numbers.add(number)
        ids = [resident.resident_id for resident in residents]
        case = Case(number, section_id, functions, ids, operator_ids, opened_at, opened_at + open_s)
        self.cases.append(case)
        self.of_section[section_id].append(case)
        for operator_id in operator_ids:
            self.of_clerk[operator_id, section_id].append(case)
        for resident_id in ids:
            self.of_resident[resident_id].append(case)
        return case

    def covers(self, resident_id: str, section_ids: set[str], at: float, wait_s: float) -> bool:
        """Return whether a case covers a look-up, or is opened within `wait_s` after it."""
        return any(
            case.section_id in section_ids
            and case.opened_at <= at + wait_s
            and (case.closed_at is None or at <= case.closed_at + COVER_AFTER_CLOSE_S)
            for case in self.of_resident.get(resident_id, ())
        )

    def opened_on_day(self, section_id: str, at: float) -> list[Case]:
        """Return a section's cases opened on the day of `at` or the nine days before."""
        today = day_of(at)
        return [
            case
            for case in self.of_section[section_id]
            if case.opened_at <= at and (today - day_of(case.opened_at)).days <= 9
        ]


def mistyped(rng: Random, number: str) -> str:
    """Return a case number with two digits exchanged or one wrong."""
    at = rng.randrange(len(number) - 6, len(number) - 1)
    if rng.random() < 0.5:
        return f"{number[:at]}{number[at + 1]}{number[at]}{number[at + 2 :]}"
    return f"{number[:at]}{rng.randrange(10)}{number[at + 1 :]}"
