"""A change of work is relearned in days; another's hands at the terminal are not."""

from __future__ import annotations

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from models.drift import NEW_DAYS, NEW_DAYS_AT_A_NEW_DESK, TENTHS, work_has_changed
from models.learning import Learner
from models.policy import Policy
from schemas.directory import Operator
from tests.scenes import DAY, Remembered, office, practised

STEADY_NATS, STRANGE_NATS = 2.0, -2.5
LEARNER = Learner(Policy())
AT_THE_OLD = DAY + 400
"""Over a year after the scene's assignment began."""


def lived(operator: Remembered, days: int, nats: float, day: int, known: Operator | None) -> bool:
    """Let an operator live alike days; return whether the work was found changed in them."""
    changed = False
    for _ in range(days):
        operator.profile.likeness, operator.profile.likened = 40 * nats, 40
        before = operator.repertoire.total
        LEARNER.begin_day(operator, day, known)
        changed = changed or operator.repertoire.total < before
    return changed


def transferred() -> Operator:
    """Return an operator whose assignment began three weeks ago."""
    known = office().operators["op-1"]
    newest = known.assignments[0].model_copy(update={"starts_on": date.fromordinal(DAY - 21)})
    return known.model_copy(update={"assignments": (newest,)})


def test_five_days_at_a_new_desk_are_enough() -> None:
    """Habits of the old desk then weigh a tenth, and the next runs are learned as they come."""
    operator, known = practised(), transferred()
    assert not lived(operator, 30, STEADY_NATS, DAY, known)
    weight = operator.profile.weight
    assert not lived(operator, NEW_DAYS_AT_A_NEW_DESK - 1, STRANGE_NATS, DAY, known)
    assert lived(operator, 2, STRANGE_NATS, DAY, known)
    assert operator.profile.weight <= 0.11 * weight
    assert operator.repertoire.runs == operator.repertoire.refused == 0


def test_where_nobody_told_of_a_change_a_stranger_of_two_weeks_teaches_nothing() -> None:
    """Only what lasts longer than attacks do is taken for a change of work."""
    operator, known = practised(), office().operators["op-1"]
    assert not lived(operator, 45, STEADY_NATS, AT_THE_OLD, known)
    assert not lived(operator, 14, STRANGE_NATS, AT_THE_OLD, known)
    assert lived(operator, NEW_DAYS, STRANGE_NATS, AT_THE_OLD, known)


@given(st.lists(st.integers(-3, 3), min_size=0, max_size=60))
def test_uneven_days_are_no_change(noise: list[int]) -> None:
    """Days that vary by a third of a nat around a habit."""
    days = [round(TENTHS * STEADY_NATS) + step for step in noise]
    assert not work_has_changed(days, NEW_DAYS_AT_A_NEW_DESK)
    assert not work_has_changed(days, NEW_DAYS)
