"""The ward as a whole: its parts in the order in which they depend on each other."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from hashlib import blake2b

from simulation.calendar import WardCalendar
from simulation.callers import Callers
from simulation.casebook import CaseBook, typed
from simulation.delivery import as_delivered
from simulation.desks import desks_for
from simulation.founding_story import founding_story
from simulation.insiders.cast import cast_insiders
from simulation.insiders.misuse import Errand, Misuse
from simulation.insiders.scene import Scene
from simulation.jobs import Job, Record
from simulation.journal import Journal
from simulation.labels import label_records
from simulation.news import news_of
from simulation.organisation import build_sections
from simulation.plan import WardPlan
from simulation.population import populate
from simulation.reserved import ReservedResidents
from simulation.roster import Duty, RosterMaker
from simulation.rounds import Rounds
from simulation.staff import Personnel
from simulation.times import rfc3339, wall_ms
from simulation.turnover import build_staff
from simulation.workload import Workload

Progress = Callable[[int, int], None]
"""Told how much of how much is done."""


@dataclass(slots=True)
class Ward:
    """Hold a finished ward.

    `events`: topic to its records as they came, some late, some twice (the same object);
    `context`: topic to its records; `labels`: lines of `labels.jsonl`; `notes`: sentences on
    what a small plan left out.
    """

    plan: WardPlan
    events: dict[str, list[Record]]
    context: dict[str, list[Record]]
    labels: list[Record]
    notes: list[str] = field(default_factory=list)


def simulate_ward(plan: WardPlan, progress: Progress | None = None) -> Ward:
    """Simulate all days of a plan; `progress` is told days done and days in all.

    Deterministic: equal plans give equal wards, whatever the process or its hash seed.
    """
    scene = _stage(plan)
    cases = cast_insiders(scene)
    casebook = CaseBook(scene.calendar)
    journal = Journal(plan.rng("journal"), list(scene.sections), casebook)
    _live(scene, cases, journal, progress)
    casebook.number()
    events = {
        "access.queries": journal.look_ups,
        "presence.signins": journal.presence.sign_ins,
        "presence.doors": journal.presence.doors,
    }
    for topic, records in events.items():
        events[topic] = _finish(plan, topic, records)
    return Ward(plan, events, _context(scene, casebook), label_records(cases), _notes(scene))


def _stage(plan: WardPlan) -> Scene:
    """Build everything that is there before the first look-up."""
    calendar, population = WardCalendar(plan), populate(plan)
    personnel = Personnel(plan, population)
    head_ids = [personnel.new_id() for _ in desks_for(plan.operators)]
    sections = build_sections(plan, head_ids)
    story = founding_story(plan)
    staff = build_staff(plan, sections, personnel, story)
    roster = RosterMaker(plan, calendar, staff, sections).make()
    reserved = ReservedResidents()
    for operator in staff.operators:  # honest clerks leave their own families to others
        if operator.resident is not None:
            for member in population.household_of(operator.resident):
                reserved.avoid(operator, member.resident_id)
    rng = plan.rng("insiders")
    scene = Scene(plan, calendar, sections, population, staff, roster, reserved, story, rng)
    scene.news = news_of(plan, calendar, scene.earliest, population)
    return scene


class _Office:
    """Hold what makes the honest work of a day."""

    def __init__(self, scene: Scene) -> None:
        plan, population, reserved = scene.plan, scene.population, scene.reserved
        operators = scene.staff.operators
        self._workload = Workload(plan, scene.calendar, population, reserved, operators)
        self._rounds = Rounds(plan, population, scene.staff, reserved, self._workload.files)
        self._callers = Callers(plan, scene.roster, population, reserved)
        self._callers.dragging(scene.sections)
        self._callers.about_news(scene.news)

    def jobs_for(self, duty: Duty) -> list[Job]:
        """Return all honest jobs of a duty."""
        jobs = self._workload.jobs_for(duty)
        self._callers.add(duty, jobs)
        self._rounds.add(duty, jobs)
        return jobs


def _live(scene: Scene, cases: list[Misuse], journal: Journal, progress: Progress | None) -> None:
    """Go through the days: honest work, with the insiders' errands among it."""
    office = _Office(scene)
    errands: dict[tuple[str, int], list[Errand]] = {}
    away: dict[int, list[tuple[Misuse, Errand]]] = {}
    for misuse in cases:
        for errand in misuse.errands:
            ordinal = errand.day.toordinal()
            if errand.terminal is not None:
                away.setdefault(ordinal, []).append((misuse, errand))
            else:
                key = (misuse.operator.operator_id, ordinal)
                errands.setdefault(key, []).append(errand)
    for done, day in enumerate(scene.calendar.days, 1):
        for duty in scene.roster.by_day.get(day, ()):
            jobs = office.jobs_for(duty)
            planned = errands.get((duty.operator.operator_id, day.toordinal()), ())
            jobs += [errand.job for errand in planned]
            journal.write_day(duty, jobs)
        for misuse, errand in away.get(day.toordinal(), ()):
            if errand.terminal is not None:
                journal.write_away(misuse.operator, day, errand.job, errand.terminal)
        if progress is not None:
            progress(done, scene.plan.days)


def _finish(plan: WardPlan, topic: str, records: list[Record]) -> list[Record]:
    """Give a topic its event ids by time, and times and numbers as text; return it as it came."""
    records.sort(key=lambda record: record["occurred_at"])
    delivered = as_delivered(plan.rng(f"delivery/{topic}"), records) if plan.untidy else records
    stem = f"{plan.seed}/{topic}/"
    for number, record in enumerate(records):
        digest = blake2b(f"{stem}{number}".encode(), digest_size=10).hexdigest()
        record["event_id"] = f"e-{digest}"
        record["occurred_at"] = rfc3339(record["occurred_at"])
        if "case_id" in record:
            record["case_id"] = typed(record["case_id"])
    return delivered


def _context(scene: Scene, casebook: CaseBook) -> dict[str, list[Record]]:
    """Return the context as it stands at the end of the last day."""
    now_ms = wall_ms(scene.plan.last_day + timedelta(days=1))
    casebook.cases = [case for case in casebook.cases if case.opened_ms < now_ms]
    operators = sorted(scene.staff.operators, key=lambda operator: operator.operator_id)
    return {
        "directory.operators": [operator.record() for operator in operators],
        "directory.sections": [section.record(scene.calendar) for section in scene.sections],
        "directory.terminals": [
            terminal.record()
            for section in scene.sections
            for terminal in (*section.desks, *section.counters)
        ],
        "directory.residents": [resident.record() for resident in scene.population.residents],
        "work.cases": casebook.records(now_ms),
        "work.shifts": scene.roster.shift_records(scene.plan),
    }


def _notes(scene: Scene) -> list[str]:
    """Say what became of the founding case in a plan too short for it."""
    if scene.story is None:
        return ["The founding case needs 100 days or more and is left out."]
    if scene.story.compressed:
        return ["The founding case is compressed to the plan's days."]
    return []
