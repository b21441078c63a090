"""Gathering: one class of residents, whatever a search brings up, whole lists."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date

from simulation.insiders.misuse import Errand, Misuse
from simulation.insiders.scene import Scene, anybody
from simulation.jobs import Act, Job, Record, search_record
from simulation.population import Resident
from simulation.screens import any_purpose, view
from simulation.staff import Operator

_CLASSES: Sequence[Callable[[Resident], bool]] = (
    lambda r: r.sex == "f" and r.decade == 20,
    lambda r: r.sex == "f" and r.decade in (20, 30) and r.lives_alone,
    lambda r: r.decade >= 80 and r.lives_alone,
    lambda r: r.decade >= 70 and r.sex == "f" and r.lives_alone,
)
"""Whom somebody goes for: for himself, or for those who call old people about a grandson."""
_CAREFUL = 0.5


def target_skew(scene: Scene) -> Misuse | None:
    """Plan views of one class of residents over weeks, each of them once: nothing is taken."""
    rng = scene.rng
    first, last = scene.window(rng.randint(21, 70))
    operator = scene.take(first, last, 6, anybody)
    wants = rng.choice(_CLASSES)
    wanted = [
        r for r in scene.population.adults if wants(r) and not (r.protected or r.public_figure)
    ]
    if operator is None or len(wanted) < 10:
        return None
    most = 2 if rng.random() < _CAREFUL or scene.plan.lookups_per_day < 15 else 5
    days = scene.days(operator, first, last, rng.randint(10, 25))
    rng.shuffle(wanted)
    errands = []
    for day in days:
        chosen = [wanted.pop() for _ in range(min(rng.randint(1, most), len(wanted)))]
        if chosen:
            job = scene.look(operator, day, chosen, scene.in_hours(operator, day))
            errands.append(Errand(day, job))
    return Misuse("target_skew", operator, None, errands)


def enumeration(scene: Scene) -> Misuse | None:
    """Plan searches that bring up many, whose hits are opened one by one.

    By part of a name, by a street, or by numbers in a row: a handful on several days, or
    dozens in one sitting.
    """
    rng = scene.rng
    first, last = scene.window(rng.randint(10, 60))
    operator = scene.take(first, last, 3, anybody)
    if operator is None:
        return None
    careful = rng.random() < _CAREFUL
    days = scene.days(operator, first, last, rng.randint(5, 9) if careful else rng.randint(1, 3))
    most = max(8, min(45, len(scene.population.residents) // 60))
    style = rng.choice(("name", "address", "resident_id"))
    errands = []
    for day in days:
        count = rng.randint(4, 9) if careful else rng.randint(most // 2, most)
        errands.append(Errand(day, _sweep(scene, operator, day, style, count)))
    return Misuse("enumeration", operator, None, errands)


def _sweep(scene: Scene, operator: Operator, day: date, style: str, count: int) -> Job:
    """Return a search and the views of its first hits, or a search for each number in a row."""
    rng, function = scene.rng, scene.inquiry(operator, day)
    residents = scene.strangers(count) if style == "name" else _in_a_row(scene, count)
    numbers = style == "resident_id"
    acts: list[Act] = []
    if not numbers:
        hits = len(residents) + rng.randint(0, 2 * count)
        acts.append(_search(function, search_record(style, hits, wildcard=True)))
    for resident in residents:
        if numbers:
            acts.append(_search(function, search_record(style, 1, sequential=True)))
        acts.append(view(rng, function, resident))
        scene.reserved.reserve(operator, resident.resident_id, day)
    desk = scene.desk_of(operator, day)
    return Job(scene.in_hours(operator, day), acts, purpose=any_purpose(rng, desk))


def _search(function: str, search: Record) -> Act:
    return Act(function, "search", None, 6.0, search)


def _in_a_row(scene: Scene, count: int) -> list[Resident]:
    """Return residents who stand one after another in the register, as streets do."""
    residents = scene.population.residents
    first = scene.rng.randrange(max(1, len(residents) - 2 * count))
    row = [r for r in residents[first : first + 2 * count] if not r.protected]
    return row[:count]


def bulk_export(scene: Scene) -> Misuse | None:
    """Plan lists printed or exported that no mailing needs.

    Somebody who leaves takes all at once; somebody careful takes a part at a time, in the
    days of the month in which mailings are prepared.
    """
    rng = scene.rng
    first, last = scene.window(rng.randint(20, 90))
    operator = scene.take(first, last, 3, lambda op: anybody(op) and bool(_lists(op, first)))
    if operator is None:
        return None
    careful, everybody = rng.random() < _CAREFUL, len(scene.population.residents)
    days = [
        day
        for day in scene.roster.regular_days(operator, first, last)
        if _lists(operator, day) and (not careful or day.day <= 10)
    ]
    errands = []
    for day in sorted(rng.sample(days, min(rng.randint(3, 6) if careful else 1, len(days)))):
        copies = rng.randint(60, 400) if careful else rng.randint(everybody // 8, everybody // 2)
        action = "print" if careful and rng.random() < 0.6 else "export"
        act = Act(_lists(operator, day)[0], action, None, 30.0, copies=copies)
        asks = scene.desk_of(operator, day).asks_purpose
        at_s = scene.in_hours(operator, day)
        errands.append(Errand(day, Job(at_s, [act], purpose="mailing" if asks else None)))
    return Misuse("bulk_export", operator, None, errands)


def _lists(operator: Operator, day: date) -> list[str]:
    """Return the functions by which an operator may draw lists on a day."""
    assignment = operator.assignment_on(day)
    functions = assignment.functions if assignment else ()
    return [f for f in functions if f.endswith(".list")]
