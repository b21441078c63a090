"""How the evidence of all detectors becomes one risk."""

from __future__ import annotations

from math import exp, expm1, log1p
from typing import NamedTuple

from models.finding import Finding

EVIDENCE_ABOVE_NATS = 12.0
"""Joint evidence is counted from here below even odds of misuse, so that it is never negative."""

_MOST_NATS = 100.0
"""More is the same risk: beyond it floating point would round to 1, of which no bin is."""

_FLOOR = 1e-12
"""Keeps risk above 0 and below 1, and apart where the calibrated tail ends: see `risk_of`."""


class Weighed(NamedTuple):
    """Hold a finding with what it weighs, in nats."""

    nats: float
    finding: Finding


def risk_of(survival: float, evidence: float, look_ups_a_day: float) -> float:
    """Return the risk of a joint evidence that a share of operators' days reaches.

    The share of look-ups, if those of a day were alike: 1 - (1 - survival)^(1 / look-ups).
    Rising in the evidence, strictly where a cohort counts it, and inside (0, 1) in floating
    point too, where the power alone would round to 1.

    >>> 0.0 < risk_of(1.0, 0.0, 30) < risk_of(1e-20, 40.0, 30) < risk_of(1e-30, 47.0, 30) < 1.0
    True
    """
    days, evidence = min(survival, 1.0 - 1e-15), min(evidence, _MOST_NATS)
    share = -expm1(log1p(-days) / max(1.0, look_ups_a_day))
    return 1.0 - (share * (1.0 - 2 * _FLOOR) + _FLOOR * exp(-0.05 * evidence))
