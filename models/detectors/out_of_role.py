"""A function that the assignment does not grant, or that this person never uses."""

from __future__ import annotations

from math import log
from typing import ClassVar

from pydantic import Field

from models.features import Features
from models.finding import Family, Finding, Parameters
from schemas.record import Words


class OutOfRoleParameters(Parameters):
    """Say how own functions blend with the cohort's, and how rare ungranted ones are."""

    cohort_weight_look_ups: float = Field(30.0, gt=0, le=10_000)
    ungranted_share: float = Field(0.01, gt=0, lt=1)
    """Taken share of honest look-ups beyond the rights in force: transfers, stand-ins."""


class OutOfRole:
    """Weigh a function by how likely it is for this operator in this cohort, and by rights.

    Catches: rights of a former section, look-ups far from one's work. Source: "no use outside
    the purpose". Blind spots: misuse through the functions of one's own daily work.

    >>> OutOfRole().explain(Finding("out_of_role", 8.0, 0.0, 0.01, ("tax.inquiry", 0.0))).en
    'Used tax.inquiry, which the assignment does not grant; this person usually does not.'
    """

    name: ClassVar[str] = "out_of_role"
    family: ClassVar[Family] = "function"
    unit: ClassVar[str] = "share of own look-ups"
    needs: ClassVar[frozenset[str]] = frozenset({"directory.operators"})
    waits: ClassVar[bool] = False
    learns_habits: ClassVar[bool] = True

    def __init__(self, parameters: OutOfRoleParameters | None = None) -> None:
        self.parameters = parameters or OutOfRoleParameters()

    def find(self, features: Features) -> Finding | None:
        """Return how unlikely the function is, and more where no right covers it."""
        if not features.cohort.ready:
            return None
        own, function = self.parameters, features.look_up.function
        habits, weight = features.profile.functions, own.cohort_weight_look_ups
        used = habits.get(function, 0.0)
        total = sum(habits.values())
        cohort_share = features.cohort.function_share(function)
        share = (used + weight * cohort_share) / (total + weight)
        granted = features.posting is not None and features.posting.granted
        in_force = features.posting is not None and features.posting.in_force
        evidence = -log(min(1.0, 3 * share))
        if not (granted and in_force):
            evidence += -log(min(1.0, own.ungranted_share + share))
        return Finding(
            self.name,
            evidence,
            round(used / total, 4) if total else 0.0,
            round(cohort_share, 4),
            (function, float(granted and in_force)),
        )

    def explain(self, finding: Finding) -> Words:
        """Say the function, whether it is granted, and how usual it is."""
        function, granted = finding.facts
        percent = 100 * finding.observed
        usual_en = f"{percent:.1f} % of this person's look-ups" if percent >= 0.1 else ""
        usual_ja = f"本人の照会の{percent:.1f}%" if percent >= 0.1 else "本人は通常使いません"
        if granted:
            rest = f"rare for this person ({usual_en})" if usual_en else "new for this person"
            return Words(
                en=f"Used {function}, {rest}.", ja=f"{function}を使用しました({usual_ja})。"
            )
        rest = f"it makes up {usual_en}" if usual_en else "this person usually does not"
        return Words(
            en=f"Used {function}, which the assignment does not grant; {rest}.",
            ja=f"現在の担当に権限のない{function}を使用しました({usual_ja})。",
        )
