"""Under another's name, with rights that should have ended, or when nobody is there."""

from __future__ import annotations

from datetime import date, timedelta

from simulation.insiders.misuse import Errand, Misuse
from simulation.insiders.scene import Scene, anybody
from simulation.organisation import Terminal
from simulation.staff import Operator
from simulation.times import clock
from simulation.turnover import Transfer


def shared_id(scene: Scene) -> Misuse | None:
    """Plan sessions under an operator's id by somebody else, at a terminal elsewhere.

    The owner is on leave, or at work at another terminal at the same time.
    """
    rng = scene.rng
    first, last = scene.window(rng.randint(15, 60))
    operator = scene.take(first, last, 4, anybody)
    if operator is None:
        return None
    terminal = _elsewhere(scene, operator, first)
    days = [
        day
        for day in scene.calendar.working_days_between(first, last)
        if operator.assignment_on(day) is not None
    ]
    errands = []
    for day in sorted(rng.sample(days, min(rng.randint(3, 5), len(days)))):
        at_s = rng.choice((clock(12, 5), clock(12, 20), clock(16, 40), clock(17, 25)))
        job = scene.look(operator, day, scene.strangers(rng.randint(3, 6)), at_s)
        job.at_s += 600 * rng.random()
        job.borrows = None
        errands.append(Errand(day, job, terminal))
    return Misuse("shared_id", operator, None, errands)


def _elsewhere(scene: Scene, operator: Operator, day: date) -> Terminal:
    """Return a terminal of another section, in another building where there is one."""
    assignment = operator.assignment_on(day) or operator.assignments[0]
    others = [s for s in scene.sections if s is not assignment.section]
    far = [s for s in others if s.desk.site_id != assignment.section.desk.site_id]
    section = scene.rng.choice(far or others)
    return scene.rng.choice(section.desks)


def after_transfer(scene: Scene) -> Misuse | None:
    """Plan looks by functions of the former section, which nobody took away."""
    rng = scene.rng
    latest = scene.plan.last_day - timedelta(days=30)
    moves = [
        move
        for move in scene.staff.transfers
        if move.operator.operator_id not in scene.taken
        and scene.earliest <= move.after.starts_on <= latest
        and _lost_inquiries(move)
    ]
    if not moves:
        return None
    move = rng.choice(moves)
    began = move.after.starts_on
    first, last = began + timedelta(days=8), began + timedelta(days=100)
    subjects = scene.strangers(rng.randint(2, 4))
    function = _lost_inquiries(move)[0]
    days = [
        day
        for day in scene.roster.regular_days(move.operator, first, last)
        if not any(function in a.functions for a in move.operator.assignments if a.holds_on(day))
    ]
    errands = []
    for day in sorted(rng.sample(days, min(rng.randint(5, 9), len(days)))):
        at_s = scene.in_hours(move.operator, day)
        chosen = rng.sample(subjects, rng.randint(1, 2))
        errands.append(Errand(day, scene.look(move.operator, day, chosen, at_s, function)))
    return Misuse("after_transfer", move.operator, None, errands) if errands else None


def _lost_inquiries(move: Transfer) -> list[str]:
    """Return the inquiry functions that an operator had before a move and has no more."""
    kept = move.after.functions
    return [f for f in move.before.functions if f.endswith(".inquiry") and f not in kept]


def night_owl(scene: Scene) -> Misuse | None:
    """Plan looks on evenings that nobody approved, and on a closed day or two."""
    rng = scene.rng
    first, last = scene.window(rng.randint(25, 90))
    operator = scene.take(first, last, 4, anybody)
    if operator is None:
        return None
    errands = []
    for day in scene.days(operator, first, last, rng.randint(4, 6)):
        at_s = clock(19, 20) + 7200 * rng.random()
        scene.roster.linger(operator, day, int(at_s) + 1800)
        residents = scene.strangers(rng.randint(1, 4))
        errands.append(Errand(day, scene.look(operator, day, residents, at_s)))
    closed = [
        day
        for day in scene.calendar.days
        if first <= day <= last
        and scene.calendar.is_closed(day)
        and operator.assignment_on(day) is not None
        and scene.roster.duty(operator, day) is None
    ]
    for day in rng.sample(closed, min(rng.randint(0, 2), len(closed))):
        assignment = operator.assignment_on(day)
        if assignment is not None:
            at_s = clock(9) + 28_800 * rng.random()
            scene.roster.come_in(
                operator, assignment, day, range(int(at_s) - 900, int(at_s) + 2700)
            )
            residents = scene.strangers(rng.randint(2, 4))
            errands.append(Errand(day, scene.look(operator, day, residents, at_s)))
    return Misuse("night_owl", operator, None, sorted(errands, key=lambda e: e.day))
