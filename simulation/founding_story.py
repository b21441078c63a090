"""The dates of the founding case: what happened, laid onto the days that a plan has."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from simulation.plan import WardPlan

SHORTEST_DAYS = 100
"""Below that many days the story has no gaps left to speak of and is left out."""

Span = tuple[date, date]
"""First and last day, both included."""


@dataclass(frozen=True, slots=True)
class FoundingStory:
    """Give the three contracts and, for each look-up, the days among which it falls.

    Two look-ups fall into the first contract, one into the second, none into the third.
    """

    contracts: tuple[Span, Span, Span]
    look_ups: tuple[Span, Span, Span]
    compressed: bool


def founding_story(plan: WardPlan) -> FoundingStory | None:
    """Lay the story onto the plan's days; None where fewer than `SHORTEST_DAYS` are there.

    As it happened, where the days allow: look-ups in late October, in early March and early
    in the March after, seventeen months in all. Otherwise the same story shrunk in
    proportion (look-ups at 5, 30 and 92 % of the days).
    """
    year = plan.start.year + (plan.start > date(plan.start.year, 10, 21))
    if plan.last_day >= date(year + 2, 3, 17):
        return FoundingStory(
            (
                (date(year, 10, 1), date(year + 1, 3, 31)),
                (date(year + 1, 10, 1), date(year + 2, 3, 31)),
                (date(year + 2, 6, 1), date(year + 2, 11, 30)),
            ),
            (
                (date(year, 10, 21), date(year, 10, 31)),
                (date(year + 1, 3, 3), date(year + 1, 3, 11)),
                (date(year + 2, 3, 3), date(year + 2, 3, 16)),
            ),
            compressed=False,
        )
    if plan.days < SHORTEST_DAYS:
        return None

    def at(percent: int, more_days: int = 0) -> date:
        return plan.start + timedelta(days=plan.days * percent // 100 + more_days)

    return FoundingStory(
        ((at(0), at(35)), (at(58), at(97)), (at(100, 30), at(130, 30))),
        ((at(4), at(4, 6)), (at(28), at(28, 6)), (at(90), at(90, 6))),
        compressed=True,
    )
