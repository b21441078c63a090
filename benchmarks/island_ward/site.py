"""The buildings: which terminals stand where, and how wrong their clocks are."""

from __future__ import annotations

import random
from dataclasses import dataclass

from benchmarks.island_ward.days import SECOND
from benchmarks.island_ward.staff import Operator
from benchmarks.island_ward.work import Desk


@dataclass(frozen=True, slots=True)
class Terminal:
    """Hold one terminal; its clock is `skew` ms ahead, and `drift` more every day."""

    terminal_id: str
    desk: Desk
    cameras: tuple[str, ...]
    skew: int
    drift: float

    def clock(self, moment: int, day: int) -> int:
        """Return what the terminal writes for a moment."""
        return moment + self.skew + int(self.drift * day)


class Site:
    """Hold all terminals, and give them out."""

    def __init__(self, seed: int, desks: tuple[Desk, ...], staff: list[Operator]) -> None:
        rng = random.Random(f"{seed}:site")
        self.by_desk: dict[str, list[Terminal]] = {}
        self._own: dict[tuple[str, str], Terminal] = {}
        for desk in desks:
            seats = sum(1 for op in staff if any(s.desk is desk for s in op.stints))
            count = max(2, seats + 1 if not desk.joint else round(seats * 0.9) + 1)
            self.by_desk[desk.section_id] = [
                self._terminal(rng, desk, number + 1) for number in range(count)
            ]
        everything = [t for terminals in self.by_desk.values() for t in terminals]
        # Two terminals whose time service has been off since they were last replaced.
        for terminal, skew, drift in zip(
            rng.sample(everything, 2), (-170 * SECOND, 95 * SECOND), (-150.0, 220.0), strict=True
        ):
            place = self.by_desk[terminal.desk.section_id]
            wrong = Terminal(terminal.terminal_id, terminal.desk, terminal.cameras, skew, drift)
            place[place.index(terminal)] = wrong

    def _terminal(self, rng: random.Random, desk: Desk, number: int) -> Terminal:
        cameras: tuple[str, ...] = ()
        if rng.random() < 0.8:
            cameras = (f"cam-{desk.zone}-{(number + 3) // 4}",)
        skew = int(rng.gauss(0, 900))
        return Terminal(f"{desk.prefix}{number:02d}", desk, cameras, skew, 0.0)

    def own(self, operator: Operator, desk: Desk) -> Terminal:
        """Return the terminal on a clerk's own desk."""
        key = (operator.operator_id, desk.section_id)
        if key not in self._own:
            given = sum(1 for _, section_id in self._own if section_id == desk.section_id)
            places = self.by_desk[desk.section_id]
            self._own[key] = places[given % len(places)]
        return self._own[key]

    def counter(self, desk: Desk, turn: int) -> Terminal:
        """Return the joint terminal of one turn at the counter."""
        places = self.by_desk[desk.section_id]
        return places[turn % len(places)]
