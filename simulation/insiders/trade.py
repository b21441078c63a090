"""Taking data away: a seller of records, and somebody who goes through the ward slowly."""

from __future__ import annotations

from simulation.insiders.misuse import Errand, Misuse
from simulation.insiders.scene import Scene, anybody
from simulation.jobs import Act
from simulation.population import Resident
from simulation.staff import prints_of

_SLOW_DAYS = 50


def _wanted(resident: Resident) -> bool:
    return (
        resident.sex == "f"
        and resident.decade in (20, 30)
        and resident.lives_alone
        and not resident.protected
    )


def seller(scene: Scene) -> Misuse | None:
    """Plan views and prints of one class of residents, a few a day, some after hours."""
    rng = scene.rng
    first, last = scene.window(rng.randint(20, 60))
    operator = scene.take(first, last, 4, lambda op: anybody(op) and bool(prints_of(op, first)))
    if operator is None:
        return None
    most = 2 if scene.plan.lookups_per_day < 15 else 4
    buyers_choice = [r for r in scene.population.adults if _wanted(r)]
    days = scene.days(operator, first, last, rng.randint(8, 15))
    errands = []
    for day in days:
        prints = prints_of(operator, day)
        chosen = rng.sample(buyers_choice, min(rng.randint(1, most), len(buyers_choice)))
        at_s = scene.in_hours(operator, day)
        if rng.random() < 0.3:
            at_s = scene.roster.by_operator[operator.operator_id][day].ends_s + 600.0
            scene.roster.linger(operator, day, int(at_s) + 1800)
        job = scene.look(operator, day, chosen, at_s)
        for act in list(job.acts):
            if prints and act.action == "view" and rng.random() < 0.7:
                printed = Act(
                    prints[0], "print", act.resident_id, 15.0 + 20 * rng.random(), copies=1
                )
                job.acts.insert(job.acts.index(act) + 1, printed)
        errands.append(Errand(day, job))
    return Misuse("seller", operator, None, errands)


def slow_bulk(scene: Scene) -> Misuse | None:
    """Plan a few more residents every day, block after block, for months."""
    rng = scene.rng
    if (scene.plan.last_day - scene.earliest).days < _SLOW_DAYS:
        return None
    first, last = scene.window(rng.randint(_SLOW_DAYS, 110))
    operator = scene.take(first, last, 25, anybody)
    if operator is None:
        return None
    residents = scene.population.residents
    position = rng.randrange(len(residents))
    most = 2 if scene.plan.lookups_per_day < 15 else 4
    errands = []
    for day in scene.roster.regular_days(operator, first, last):
        if rng.random() < 0.15:
            continue
        chosen: list[Resident] = []
        for _ in range(rng.randint(1, most)):
            position = (position + rng.randint(1, 3)) % len(residents)
            if not residents[position].protected:
                chosen.append(residents[position])
        if chosen:
            job = scene.look(operator, day, chosen, scene.in_hours(operator, day))
            errands.append(Errand(day, job))
    return Misuse("slow_bulk", operator, None, errands)
