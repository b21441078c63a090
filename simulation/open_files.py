"""The files on a section's shelves: cases that stay open for days and are taken up again."""

from __future__ import annotations

import random
from datetime import date, timedelta

from simulation.jobs import Case

_SHELF = 150


class OpenFiles:
    """Hold, by section, back-office cases with the last day on which work goes on."""

    def __init__(self) -> None:
        self._shelves: dict[str, list[tuple[Case, date, date]]] = {}

    def put(self, section_id: str, case: Case, day: date) -> None:
        """Put a case that is opened on a day on the shelf; the oldest ones leave."""
        shelf = self._shelves.setdefault(section_id, [])
        shelf.append((case, day, day + timedelta(days=int(case.lasts_s / 86_400) + 3)))
        if len(shelf) > _SHELF:
            del shelf[: _SHELF // 5]

    def take_up(self, rng: random.Random, section_id: str, day: date) -> Case | None:
        """Return a case of an earlier day that is still worked on, or None."""
        shelf = self._shelves.get(section_id)
        if not shelf:
            return None
        index = int(rng.random() * len(shelf))
        case, opened, until = shelf[index]
        if until < day:
            shelf[index] = shelf[-1]
            shelf.pop()
            return None
        return case if opened < day and case.opened_ms >= 0 else None
