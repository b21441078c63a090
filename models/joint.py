"""How findings become one evidence and one risk.

Two bodies of evidence: about the resident (who is looked at, how often, what binds the two), and
about the operator's work (how much, when, by which functions, from where). In honest work one
is independent of the other; within each, families lean on one another.
"""

from __future__ import annotations

from math import exp, expm1, log1p
from typing import NamedTuple

from models.detectors import DETECTORS
from models.features import class_hash
from models.finding import Finding

RESIDENT, WORK = "resident", "work"
_OF_RESIDENT = frozenset({"pair", "tie", "target"})
DETECTOR_KEY = {detector.name: class_hash(detector.name) for detector in DETECTORS}
"""By what a profile counts a detector's odd days."""

_FAMILY = {detector.name: detector.family for detector in DETECTORS}

_FLOOR = 1e-12
"""Keeps risk above 0 and below 1, and apart where the calibrated tail ends: see `risk_of`."""


class Weighed(NamedTuple):
    """Hold a finding with what it weighs in its cohort, in nats."""

    nats: float
    finding: Finding


def resident_evidence(weighed: list[Weighed]) -> float:
    """Return the evidence about the resident: the sum over the families that look at that.

    Who is looked at, how often and what binds the two are chosen by chance in honest work, one
    independently of the other.
    """
    total, seen = 0.0, set()
    for nats, finding in weighed:
        family = _FAMILY[finding.detector]
        if family in _OF_RESIDENT and family not in seen:
            seen.add(family)
            total += nats
    return total


def work_evidence(weighed: list[Weighed], discount: float) -> float:
    """Return the evidence about the operator's work, the heaviest first, in nats.

    Within a family only the heaviest counts: two detectors that see the same thing are not
    two witnesses. Across families each further one counts a share of the one before: what is
    odd in one way is often odd in another.

    >>> found = [Weighed(4.0, Finding("off_hours", 4.0, 0, 0)),
    ...          Weighed(2.0, Finding("contract", 2.0, 0, 0))]
    >>> work_evidence(found, 0.6)
    5.2
    """
    total, weight, seen = 0.0, 1.0, set(_OF_RESIDENT)
    for nats, finding in weighed:
        family = _FAMILY[finding.detector]
        if family not in seen:
            seen.add(family)
            total += weight * nats
            weight *= discount
    return total


def risk_of(survival: float, evidence: float, look_ups_a_day: float) -> float:
    """Return the risk of a joint evidence that a share of operators' days reaches.

    The share of look-ups, if those of a day were alike: 1 - (1 - survival)^(1 / look-ups).
    Strictly rising in the evidence and inside (0, 1) in floating point too, where the power
    alone would round to 1.

    >>> 0.0 < risk_of(1.0, 0.0, 30) < risk_of(1e-20, 40.0, 30) < risk_of(1e-30, 47.0, 30) < 1.0
    True
    """
    days = min(survival, 1.0 - 1e-15)
    share = -expm1(log1p(-days) / max(1.0, look_ups_a_day))
    return 1.0 - (share * (1.0 - 2 * _FLOOR) + _FLOOR * exp(-0.05 * evidence))
