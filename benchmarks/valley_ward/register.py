"""Keep the cases: who has one open where, and what number each gets in the end."""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Sequence

from benchmarks.valley_ward.days import DAY_S, day_of
from benchmarks.valley_ward.records import Case
from benchmarks.valley_ward.town import Resident

GRACE_S = 30 * DAY_S


class Register:
    """Hold every case of the ward."""

    def __init__(self) -> None:
        self.cases: list[Case] = []
        self.recent: dict[str, deque[Case]] = defaultdict(lambda: deque(maxlen=150))
        self._of: dict[tuple[str, str], list[Case]] = defaultdict(list)

    def open(
        self,
        section_id: str,
        functions: Sequence[str],
        residents: Sequence[Resident],
        assigned_to: Sequence[str],
        opened_at: float,
        closed_at: float | None,
    ) -> Case:
        """Open a case and return it."""
        tokens = [one.resident_id for one in residents]
        case = Case(section_id, tuple(functions), tokens, tuple(assigned_to), opened_at, closed_at)
        self.cases.append(case)
        self.recent[section_id].append(case)
        for token in tokens:
            self._of[section_id, token].append(case)
        return case

    def has_case(self, section_id: str, resident_id: str, first_s: float, last_s: float) -> bool:
        """Return whether a case of the section covers the resident at some time of a span."""
        return any(
            case.opened_at <= last_s
            and (case.closed_at is None or first_s <= case.closed_at + GRACE_S)
            for case in self._of.get((section_id, resident_id), ())
        )

    def number(self) -> list[Case]:
        """Give all cases their numbers, by section and the order of opening, and return them."""
        self.cases.sort(key=lambda case: (case.opened_at, case.section_id))
        counts: dict[str, int] = defaultdict(int)
        for case in self.cases:
            counts[case.section_id] += 1
            # The fiscal year of Reiwa that the case was opened in.
            day = day_of(case.opened_at)
            fiscal = day.year - 2018 - (day.month < 4)
            code = case.section_id[:3].upper()
            case.case_id = f"R{fiscal}-{code}-{counts[case.section_id]:06}"
        return self.cases
