"""Who becomes an insider, and when: nobody in the first weeks, each of them seldom twice."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import NamedTuple

from benchmarks.island_ward.days import Calendar
from benchmarks.island_ward.errands import Errand, Errands
from benchmarks.island_ward.site import Site
from benchmarks.island_ward.staff import Operator
from benchmarks.island_ward.town import Resident, Town
from benchmarks.island_ward.work import Business, Desk

_LEFT_AT_END = 4
"""Days of the run that stay after the last act that is planned: somebody may fall ill."""


@dataclass(slots=True)
class Cast:
    """Hold what a plot needs, and choose its insiders."""

    rng: random.Random
    calendar: Calendar
    town: Town
    staff: list[Operator]
    site: Site
    errands: Errands
    roles: dict[str, int] = field(default_factory=dict)

    def available(self, operator: Operator) -> list[int]:
        """Return the open days, after the quiet ones, on which an operator is employed."""
        days = range(self.calendar.quiet_days, self.calendar.days - _LEFT_AT_END)
        dates = self.calendar.dates
        return [
            d
            for d in days
            if not self.calendar.closed(d) and operator.stint_on(dates[d]) is not None
        ]

    def choose(self, fits: Callable[[Operator], bool]) -> Operator | None:
        """Return one of the least used operators whom a plot fits."""
        found = [operator for operator in self.staff if fits(operator)]
        if not found:
            return None
        least = min(self.roles.get(operator.operator_id, 0) for operator in found)
        operator = self.rng.choice(
            [op for op in found if self.roles.get(op.operator_id, 0) == least]
        )
        self.roles[operator.operator_id] = least + 1
        return operator

    def insider(
        self, span: tuple[int, int], fits: Callable[[Operator], bool]
    ) -> tuple[Operator, list[int]] | None:
        """Return an insider and the working days of the plot, as long as `span` says in days."""
        length = self.rng.randint(*span)
        most = max((len(self.available(op)) for op in self.staff if fits(op)), default=0)
        # Five of seven days are working days; a short run has shorter plots.
        wanted = max(3, min(length * 5 // 7, most * 9 // 10))
        operator = self.choose(lambda op: fits(op) and len(self.available(op)) >= wanted)
        if operator is None:
            return None
        days = self.available(operator)
        first = self.rng.randint(0, max(0, len(days) - wanted))
        return operator, days[first : first + wanted]

    def some(self, days: list[int], count: int) -> list[int]:
        """Return some of the days in order, each at most once; all where there are fewer."""
        return sorted(self.rng.sample(days, min(count, len(days))))

    def look(self, desk: Desk, prints: float = 0.05) -> Business:
        """Return a look at one person by the screens of a desk, as its clerks would do it."""
        kinds = [kind for kind in desk.business if kind.who != "mainland"] or desk.business
        kind = self.rng.choices(kinds, [kind.weight for kind in kinds])[0]
        return replace(
            kind, cased=0.0, family=0.0, spawns=0.0, updates=0.0, prints=prints, minutes=1.5,
            missed=0.12,
        )  # fmt: skip

    def look_at(
        self,
        operator: Operator,
        day: int,
        label: int,
        person: Resident,
        curves: tuple[tuple[float, ...], ...],
        cite: str | None = None,
        prints: float = 0.05,
    ) -> None:
        """Plan a look at one person on a day, by the hours of one of some curves."""
        kind = self.look(self.desk(operator, day), prints)
        curve = self.rng.choice(curves)
        self.errands.add(operator, Errand(day, label, kind, lambda _: [person], cite, curve))

    def desk(self, operator: Operator, day: int) -> Desk:
        """Return where an operator works on a day, or worked last."""
        stint = operator.stint_on(self.calendar.dates[day]) or operator.stints[-1]
        return stint.desk


Insider = tuple[Operator, list[int]]
"""Whom a plot is played by, and on which working days."""


class Plot(NamedTuple):
    """Hold one sort of misuse: how its insider is found, and what that one does."""

    insider: Callable[[Cast], Insider | None]
    play: Callable[[Cast, Operator, list[int]], None]


def lasting(
    least_days: int,
    most_days: int,
    fits: Callable[[Cast, Operator], bool] = lambda _cast, _operator: True,
) -> Callable[[Cast], Insider | None]:
    """Return how to find an insider whom a plot of so many days fits."""
    return lambda cast: cast.insider((least_days, most_days), lambda op: fits(cast, op))
