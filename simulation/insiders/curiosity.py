"""Looking at people one knows, or knows of: neighbours, family, colleagues, the famous."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from simulation.insiders.misuse import Errand, Misuse
from simulation.insiders.scene import Scene, anybody, lives_here
from simulation.population import Resident
from simulation.staff import Operator


def curious_neighbour(scene: Scene) -> Misuse | None:
    """Plan a few looks, over weeks, at people of the operator's own block."""
    first, last = scene.window(scene.rng.randint(40, 120))
    operator = scene.take(first, last, 4, lives_here)
    if operator is None or operator.resident is None:
        return None
    home = operator.resident
    neighbours = [
        resident
        for resident in scene.population.blocks[home.block_id]
        if resident.household_id != home.household_id and resident.decade >= 20
    ]
    if len(neighbours) < 3:
        return None
    chosen = scene.rng.sample(neighbours, scene.rng.randint(1, 3))
    days = scene.days(operator, first, last, scene.rng.randint(4, 7))
    return _visits(scene, "curious_neighbour", operator, chosen, days)


def family(scene: Scene) -> Misuse | None:
    """Plan looks over months at somebody of the own household, or at a former partner."""
    rng = scene.rng
    first, last = scene.window(rng.randint(60, 200))
    operator = scene.take(first, last, 4, lives_here)
    if operator is None or operator.resident is None:
        return None
    home = operator.resident
    relatives = [r for r in scene.population.household_of(home) if r is not home]
    if relatives and rng.random() < 0.5:
        subject = rng.choice(relatives)
    else:  # a former partner: nothing in the directory connects the two
        wanted = "m" if home.sex == "f" else "f"
        former = [
            r
            for r in scene.population.adults
            if r.sex == wanted
            and abs(r.decade - home.decade) <= 10
            and r.household_id != home.household_id
            and not (r.protected or r.public_figure)
        ]
        if not former:
            return None
        subject = rng.choice(former)
    days = scene.days(operator, first, last, rng.randint(4, 8))
    return _visits(scene, "family", operator, [subject], days)


def colleague(scene: Scene) -> Misuse | None:
    """Plan looks at one or two colleagues who live in the ward."""
    rng = scene.rng
    first, last = scene.window(rng.randint(30, 120))
    operator = scene.take(first, last, 3, anybody)
    if operator is None:
        return None
    colleagues = [
        other.resident
        for other in scene.staff.operators
        if other is not operator and other.resident and other.assignment_on(first) is not None
    ]
    if len(colleagues) < 2:
        return None
    chosen = rng.sample(colleagues, rng.randint(1, 2))
    days = scene.days(operator, first, last, rng.randint(3, 5))
    return _visits(scene, "colleague", operator, chosen, days)


def celebrity(scene: Scene) -> Misuse | None:
    """Plan looks at public figures: one is in the news, which others may follow too."""
    rng = scene.rng
    figures = scene.population.public_figures
    story = rng.choice(scene.news)
    broke, in_news = story.broke, story.figure
    soon = broke.fromordinal(broke.toordinal() + 4)
    operator = scene.take(broke, soon, 2, anybody)
    if operator is None:
        return None
    days = scene.days(operator, broke, soon, rng.randint(1, 2))
    later = scene.days(operator, soon, scene.plan.last_day, rng.randint(1, 3))
    misuse = _visits(scene, "celebrity", operator, [in_news], days)
    for day in sorted(set(later) - set(days)):
        job = scene.look(operator, day, [rng.choice(figures)], scene.in_hours(operator, day))
        job.sink = misuse.records
        misuse.errands.append(Errand(day, job))
    subjects = {act.resident_id for e in misuse.errands for act in e.job.acts if act.resident_id}
    misuse.resident_id = in_news.resident_id if len(subjects) == 1 else None
    return misuse


def _visits(
    scene: Scene,
    kind: str,
    operator: Operator,
    subjects: Sequence[Resident],
    days: Sequence[date],
) -> Misuse:
    """Look at one of the subjects on each day, sometimes at two, within working hours."""
    rng = scene.rng
    errands = []
    for turn, day in enumerate(days):
        chosen = [subjects[turn % len(subjects)]]
        if len(subjects) > 1 and rng.random() < 0.3:
            chosen.append(subjects[(turn + 1) % len(subjects)])
        errands.append(
            Errand(day, scene.look(operator, day, chosen, scene.in_hours(operator, day)))
        )
    only = subjects[0].resident_id if len(subjects) == 1 else None
    return Misuse(kind, operator, only, errands)
