"""The founding case: one resident, three look-ups in seventeen months, three contracts."""

from __future__ import annotations

from datetime import date, timedelta

from simulation.insiders.misuse import Errand, Misuse
from simulation.insiders.scene import Scene
from simulation.jobs import Job
from simulation.screens import any_purpose, view
from simulation.staff import Operator


def founding(scene: Scene) -> Misuse | None:
    """Plan the case that Monomi was founded on.

    A temporary clerk, hired three times with gaps and for different work, looks up one
    resident twice in the first contract and once, a year later, in the second: each time in
    working hours, by a function that the work grants, with nothing that stands out.
    """
    founder, story = scene.staff.founder, scene.story
    if founder is None or story is None:
        return None
    subject = scene.strangers(1)[0]
    errands = []
    for first, last in story.look_ups:
        day = _working_day(scene, founder, first, last)
        assignment = founder.assignment_on(day) if day else None
        if day is None or assignment is None:
            return None
        act = view(scene.rng, assignment.functions[0], subject)
        purpose = any_purpose(scene.rng, assignment.section.desk)
        errands.append(Errand(day, Job(scene.in_hours(founder, day), [act], purpose=purpose)))
        scene.reserved.reserve(founder, subject.resident_id, day)
    return Misuse("founding", founder, subject.resident_id, errands)


def _working_day(scene: Scene, founder: Operator, first: date, last: date) -> date | None:
    """Return a day of duty within the span, or as near to it as there is one."""
    for more_days in (0, 7, 14):
        more = timedelta(days=more_days)
        days = scene.roster.regular_days(founder, first - more, last + more)
        if days:
            return scene.rng.choice(days)
    return None
