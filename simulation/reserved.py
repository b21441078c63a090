"""Keeps honest work off the insiders' subjects, so that no case covers a labelled look-up."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

from simulation.staff import Operator

_DAYS_BEFORE = 30  # a case opened soon after a look-up would still explain it
_DAYS_AFTER = 32  # a closed case covers 30 more days


class _Visit(NamedTuple):
    day: int
    section_ids: tuple[str, ...]


class ReservedResidents:
    """Remember which look-ups of which residents no case may cover."""

    def __init__(self) -> None:
        self._visits: dict[str, list[_Visit]] = {}
        self._subjects: dict[str, set[str]] = {}

    def reserve(self, operator: Operator, resident_id: str, day: date) -> None:
        """Note an insider's look-up of a resident."""
        visit = _Visit(day.toordinal(), tuple(operator.sections_on(day)))
        self._visits.setdefault(resident_id, []).append(visit)
        self.avoid(operator, resident_id)

    def avoid(self, operator: Operator, resident_id: str) -> None:
        """Keep a resident out of all of an operator's honest work."""
        self._subjects.setdefault(operator.operator_id, set()).add(resident_id)

    def avoids(self, operator_id: str, resident_id: str) -> bool:
        """Tell whether a resident stays out of an operator's honest work."""
        subjects = self._subjects.get(operator_id)
        return subjects is not None and resident_id in subjects

    def bars_case(self, section_id: str, resident_id: str, opens: date, lasts_s: float) -> bool:
        """Tell whether a case of a section on a resident would cover a reserved look-up."""
        visits = self._visits.get(resident_id)
        if visits is None:
            return False
        first = opens.toordinal() - _DAYS_BEFORE
        last = opens.toordinal() + int(lasts_s / 86_400) + _DAYS_AFTER + 1
        return any(first <= v.day <= last and section_id in v.section_ids for v in visits)
