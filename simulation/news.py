"""What the town talks about: a public figure in the news, whom people then look at."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from simulation.calendar import WardCalendar
from simulation.plan import WardPlan
from simulation.population import Population, Resident

_DAYS_A_STORY = 270


@dataclass(frozen=True, slots=True)
class News:
    """Hold one story: the day on which it broke, and whom it is about."""

    broke: date
    figure: Resident


def news_of(
    plan: WardPlan, calendar: WardCalendar, first: date, population: Population
) -> list[News]:
    """Return the plan's stories, one in nine months and at least one, none before `first`.

    A story counts from the first working day on which clerks can have heard of it.
    """
    rng = plan.rng("news")
    count = max(1, round(plan.days / _DAYS_A_STORY))
    span = (plan.last_day - first).days / count
    return [
        News(
            calendar.next_working_day(
                first + timedelta(days=int(span * (number + rng.uniform(0.15, 0.8))))
            ),
            rng.choice(population.public_figures),
        )
        for number in range(count)
    ]
