"""A real change of work, told from somebody else's hands: by how long the days stay different.

Each active day of an operator has one number: how much likelier its look-ups were from this
person than from others. A stranger bends a run or a day; a transfer or a new procedure bends
every day from then on. River's ADWIN watches the days. It is no pickle in the profile: the last
days' numbers are kept, and whoever asks feeds them to it again, in the same order.
"""

from __future__ import annotations

from river.drift import ADWIN

DAYS_KEPT = 60
TENTHS = 10
"""A day's likeness is kept in tenths of a nat."""

NEW_DAYS_AT_A_NEW_DESK, NEW_DAYS = 5, 20
"""So many days must look like the new work: few where the directory knows of a new assignment,
more than an attack in the public logs lasts where nobody has told of a change."""

_LEAST_FALL = 10
"""Tenths of a nat below which a change is none; spares most days the detector."""

_MOSTLY = 0.8
_DELTA = 0.05
_FEWEST_DAYS = 5


def work_has_changed(days: list[int], new_days: int) -> bool:
    """Return whether the likeness of the newest days, in tenths of a nat, has fallen for good.

    Source: Bifet and Gavaldà, "Learning from Time-Changing Data with Adaptive Windowing",
    SDM 2007.

    >>> steady, new = [21, 18, 24, 19, 22, 20, 17, 23, 21, 19, 22, 20] * 2, [-23, -21, -25] * 2
    >>> work_has_changed(steady, 5), work_has_changed(steady + new[:2], 5)
    (False, False)
    >>> work_has_changed(steady + new, 5), work_has_changed(steady + new, 20)
    (True, False)
    """
    if len(days) < 2 * new_days:
        return False
    before, lately = days[:-new_days], days[-new_days:]
    usual = sum(before) / len(before)
    if sum(day <= usual - _LEAST_FALL for day in lately) <= _MOSTLY * new_days:
        return False
    detector = ADWIN(
        delta=_DELTA, clock=1, min_window_length=3, grace_period=NEW_DAYS_AT_A_NEW_DESK
    )
    found = False
    for day in days:
        detector.update(day / TENTHS)
        found = found or bool(detector.drift_detected)
    return found
