"""People who call again and again, and those about whom everybody calls: mostly no case."""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import date, timedelta

from simulation.clients import Clients
from simulation.desk import Desk, Task
from simulation.hours import draw_time
from simulation.jobs import Case, Job
from simulation.news import News
from simulation.organisation import Section
from simulation.plan import WardPlan
from simulation.population import Population, Resident
from simulation.reserved import ReservedResidents
from simulation.roster import Duty, Roster
from simulation.screens import SEARCH_SHARE, search_acts, view
from simulation.staff import Operator

_PHONE_SHARE = 0.17
"""From that share of its work on, a section is a phone desk."""
_THREADS_A_WEEK = 1.6
_FULL_WORK = 150.0  # look-ups a day from which a section has that many
_REGULAR_SHARE = 0.25
_NEWS_DAYS = 6
_OPERATORS_A_NEWS_CALL = 12
_CASE_LASTS_S = 7200.0


def phone_task(desk: Desk) -> Task:
    """Return a desk's task that comes by phone, or its first one."""
    return next((task for task in desk.tasks if task.by_phone), desk.tasks[0])


class Callers:
    """Plan, for all days, the look-ups that a call brings on top of the day's tickets."""

    def __init__(
        self, plan: WardPlan, roster: Roster, population: Population, reserved: ReservedResidents
    ) -> None:
        self._plan, self._roster, self._reserved = plan, roster, reserved
        self._rng = plan.rng("callers")
        self._clients = Clients(population, reserved, self._rng)
        self._jobs: dict[tuple[str, date], list[Job]] = {}

    def add(self, duty: Duty, jobs: list[Job]) -> None:
        """Add the day's calls to an operator's jobs, in place."""
        jobs += self._jobs.get((duty.operator.operator_id, duty.day), ())

    def dragging(self, sections: Sequence[Section]) -> None:
        """Plan regular callers and dragging complaints: one clerk, one resident, several days."""
        for section in sections:
            total = sum(task.weight for task in section.desk.tasks)
            phone = sum(task.weight for task in section.desk.tasks if task.by_phone)
            if phone < _PHONE_SHARE * total:
                continue
            work = section.size * self._plan.lookups_per_day
            a_week = _THREADS_A_WEEK * math.sqrt(min(1.0, work / _FULL_WORK))
            for start in range(0, self._plan.days, 7):
                first = self._plan.start + timedelta(days=start)
                for _ in range(int(a_week + self._rng.random())):
                    self._thread(section, first)

    def _thread(self, section: Section, week: date) -> None:
        """Let somebody call a clerk on two to five days of some weeks."""
        rng = self._rng
        on_phone = self._on_phone(section, week)
        if not on_phone:
            return
        duty = rng.choice(on_phone)
        operator, first = duty.operator, duty.day
        span_days = rng.randint(28, 90) if rng.random() < _REGULAR_SHARE else rng.randint(2, 20)
        later = [
            day
            for day in self._roster.regular_days(
                operator, first + timedelta(days=1), first + timedelta(days=span_days)
            )
            if self._roster.by_operator[operator.operator_id][day].assignment is duty.assignment
        ]
        resident = self._clients.draw_unprotected(section.desk, operator.operator_id)
        for day in [first, *rng.sample(later, min(rng.choice((1, 1, 2, 2, 3, 4)), len(later)))]:
            self._call(operator, day, resident)

    def _on_phone(self, section: Section, week: date) -> list[Duty]:
        return [
            duty
            for offset in range(7)
            for duty in self._roster.by_day.get(week + timedelta(days=offset), ())
            if duty.kind == "regular"
            and duty.assignment.section is section
            and duty.assignment.role in ("clerk", "window")
        ]

    def _call(self, operator: Operator, day: date, resident: Resident) -> Job:
        """Plan one look-up without a case during a call."""
        rng, duty = self._rng, self._roster.by_operator[operator.operator_id][day]
        desk = duty.assignment.section.desk
        task = phone_task(desk)
        function = task.steps[0].function
        searches = rng.random() < SEARCH_SHARE
        acts = search_acts(rng, desk, function, resident, None) if searches else []
        if not (searches and desk.search_opens):
            acts.append(view(rng, function, resident))
        job = Job(
            draw_time(rng, duty.starts_s, duty.ends_s, duty.lunch_s),
            acts,
            purpose=task.name if desk.asks_purpose else None,
        )
        if rng.random() < 0.1:
            job.borrows = "unrelated"
        self._jobs.setdefault((operator.operator_id, day), []).append(job)
        return job

    def about_news(self, news: Sequence[News]) -> None:
        """Let some clerks be called about a figure in the news; every other files a case."""
        rng = self._rng
        for story in news:
            duties = [
                duty
                for offset in range(_NEWS_DAYS)
                for duty in self._roster.by_day.get(story.broke + timedelta(days=offset), ())
                if duty.kind == "regular" and duty.assignment.role in ("clerk", "window")
            ]
            token = story.figure.resident_id
            for _ in range(rng.randint(1, 2) + self._plan.operators // _OPERATORS_A_NEWS_CALL):
                duty = rng.choice(duties) if duties else None
                if duty is None or self._reserved.avoids(duty.operator.operator_id, token):
                    continue
                job = self._call(duty.operator, duty.day, story.figure)
                section_id = duty.assignment.section.section_id
                if rng.random() < 0.5 and not self._reserved.bars_case(
                    section_id, token, duty.day, _CASE_LASTS_S
                ):
                    _file(job, duty, story.figure)


def _file(job: Job, duty: Duty, resident: Resident) -> None:
    """Open a case before a look-up and give its number."""
    desk = duty.assignment.section.desk
    job.opens = job.reference = Case(
        desk.section_id,
        desk.code,
        (job.acts[0].function,),
        [resident.resident_id],
        [duty.operator.operator_id],
        _CASE_LASTS_S,
    )
    job.opens_after_s, job.borrows = -60.0, None
