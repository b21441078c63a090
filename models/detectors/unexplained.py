"""No case covers the look-up, where this desk and this operator usually have one."""

from __future__ import annotations

from math import log
from typing import ClassVar

from pydantic import Field

from models.features import Features
from models.finding import Family, Finding, Parameters
from models.tails import binomial_tail
from schemas.record import Words


class UnexplainedParameters(Parameters):
    """Say how much an operator's own habit weighs, and what holds before the clock ends."""

    cohort_weight_look_ups: float = Field(40.0, gt=0, le=10_000)
    share_before_the_clock_ends: float = Field(0.4, ge=0, le=1)
    most_evidence_nats: float = Field(8.0, gt=0, le=30)
    """A mailing without cases shows hundreds at once: many are one happening."""


class Unexplained:
    """Weigh look-ups without a case against how often desk and operator honestly have none.

    Catches: browsing, selling, look-ups for oneself. Source: Japanese municipal guidance asks
    that each look-up be matched to an application. Blind spots: desks where most honest work
    has no case; a false look-up of a resident whose case is open.

    >>> Unexplained().explain(Finding("unexplained", 3.0, 9.0, 2.4)).en
    '9 look-ups without a case on one day, where about 2.4 are usual for this desk and person.'
    """

    name: ClassVar[str] = "unexplained"
    family: ClassVar[Family] = "coverage"
    unit: ClassVar[str] = "look-ups without a case that day"
    needs: ClassVar[frozenset[str]] = frozenset({"work.cases", "directory.operators"})
    waits: ClassVar[bool] = True
    learns_habits: ClassVar[bool] = True

    def __init__(self, parameters: UnexplainedParameters | None = None) -> None:
        self.parameters = parameters or UnexplainedParameters()

    def find(self, features: Features) -> Finding | None:
        """Return how rare the day's number of unexplained look-ups is for this operator."""
        if not features.cohort.ready:
            return None
        if features.explained is not False:
            return Finding(self.name, 0.0, 0.0, 0.0)
        own, profile = self.parameters, features.profile
        judged = profile.covered + profile.uncovered
        usual = (
            profile.uncovered + own.cohort_weight_look_ups * features.cohort.unexplained_share
        ) / (judged + own.cohort_weight_look_ups)
        today = max(1, profile.day_of_residents.get(features.day, 1))
        unexplained = min(today, max(1, profile.day_open.get(features.day, 1)))
        evidence = min(own.most_evidence_nats, -log(binomial_tail(unexplained, today, usual)))
        if not features.firm:
            evidence *= own.share_before_the_clock_ends
        return Finding(self.name, evidence, float(unexplained), round(usual * today, 1))

    def explain(self, finding: Finding) -> Words:
        """Say how many on the day of the look-up, and how many are usual."""
        n, usual = int(finding.observed), finding.expected
        plural = "look-ups" if n > 1 else "look-up"
        return Words(
            en=f"{n} {plural} without a case on one day, where about {usual:g} are usual for this "
            "desk and person.",
            ja=f"1日に、案件の裏付けがない照会が{n}件あります(この職場と職員では通常{usual:g}件程度)。",
        )
