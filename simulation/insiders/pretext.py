"""With a pretext, or past a warning: somebody else's case, and residents under protection."""

from __future__ import annotations

from simulation.insiders.misuse import Errand, Misuse
from simulation.insiders.scene import Scene, anybody
from simulation.jobs import Act
from simulation.staff import prints_of

_BARELY_LOOKS = 0.5  # of those who look up a protected resident: once or twice, and no more
_PASSES_WARNING = 0.65
_ONE_SUBJECT = 0.6


def protected(scene: Scene) -> Misuse | None:
    """Plan looks at a resident under support measures, for somebody who asked where she is.

    The careful one looks once or twice, and may go by a child of the same home; the other
    comes back, and takes a copy along. The warning is passed on some looks and not on others.
    """
    rng = scene.rng
    first, last = scene.window(rng.randint(10, 120))
    operator = scene.take(first, last, 2, anybody)
    wanted = [r for r in scene.population.residents if r.protected and r.decade >= 20]
    if operator is None or not wanted:
        return None
    subject = rng.choice(wanted)
    if operator.resident and operator.resident.household_id == subject.household_id:
        return None
    careful = rng.random() < _BARELY_LOOKS
    children = [
        r for r in scene.population.household_of(subject) if r.protected and r is not subject
    ]
    errands, seen = [], set()
    for day in scene.days(operator, first, last, rng.randint(1, 2 if careful else 4)):
        by_child = careful and bool(children) and rng.random() < 0.4
        resident = rng.choice(children) if by_child else subject
        job = scene.look(operator, day, [resident], scene.in_hours(operator, day))
        passed = rng.random() < _PASSES_WARNING
        for act in job.acts:
            act.warning_overridden = passed and act.resident_id is not None
        prints = prints_of(operator, day)
        if not careful and passed and prints and rng.random() < 0.4:
            gap_s = 20.0 + 40.0 * rng.random()
            job.acts.append(Act(prints[0], "print", resident.resident_id, gap_s, copies=1))
        seen.add(resident.resident_id)
        errands.append(Errand(day, job))
    only = subject.resident_id if seen == {subject.resident_id} else None
    return Misuse("protected", operator, only, errands)


def borrowed_case(scene: Scene) -> Misuse | None:
    """Plan looks under the number of a case that somebody else of the section works on.

    The field must be filled, and a colleague's number lies on the next desk. One is after
    one person over months; another asks after several, and now and then leaves it empty.
    """
    rng = scene.rng
    first, last = scene.window(rng.randint(20, 120))
    operator = scene.take(first, last, 3, anybody)
    if operator is None:
        return None
    one = rng.random() < _ONE_SUBJECT
    subjects = scene.strangers(1 if one else rng.randint(2, 4))
    errands = []
    for day in scene.days(operator, first, last, rng.randint(3, 8)):
        job = scene.look(operator, day, [rng.choice(subjects)], scene.in_hours(operator, day))
        job.borrows = "open_file" if one or rng.random() < 0.85 else None
        errands.append(Errand(day, job))
    only = subjects[0].resident_id if one else None
    return Misuse("borrowed_case", operator, only, errands)
