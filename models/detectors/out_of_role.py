"""A function that the assignment does not grant, or that is another's work than this person's."""

from __future__ import annotations

from math import log
from typing import ClassVar

from pydantic import Field

from models.features import Features
from models.finding import Finding, Parameters
from models.repertoire import CLIP_NATS, Ratio
from schemas.record import Words

_SELDOM_PERCENT = 10.0


class OutOfRoleParameters(Parameters):
    """Say how own functions blend with the cohort's, and how rare ungranted ones are."""

    cohort_weight_look_ups: float = Field(30.0, gt=0, le=10_000)
    ungranted_share: float = Field(0.01, gt=0, lt=1)
    """Taken share of honest look-ups beyond the rights in force: transfers, stand-ins."""
    least_run_look_ups: int = Field(15, ge=5, le=100)
    nats_a_run: float = Field(3.0, gt=0, le=50)
    """Evidence of a run whose look-ups are each one nat likelier from others; they hang together,
    so a run of a hundred is not a hundred witnesses."""


class OutOfRole:
    """Weigh a function by rights, and by how much likelier it is from others than this person.

    Its score is that likelihood ratio, 0.5 where self and others are alike, of what is fresh in
    the run so far: its mean over a session tells whether somebody else sits there.

    Catches: rights of a former section, look-ups far from one's work, another person under the
    account. Source: Maxion and Townsend, "Masquerade detection using truncated command lines",
    DSN 2002; "no use outside the purpose". Blind spots: misuse through the functions of one's
    own daily work.

    >>> OutOfRole().explain(Finding("out_of_role", 8.0, 0.0, 0.01, ("tax.inquiry", 0.0))).en
    'Used tax.inquiry, which the assignment does not grant; this person usually does not.'
    """

    name: ClassVar[str] = "out_of_role"
    unit: ClassVar[str] = "share of own look-ups"
    needs: ClassVar[frozenset[str]] = frozenset()
    waits: ClassVar[bool] = False
    learns_habits: ClassVar[bool] = True

    def __init__(self, parameters: OutOfRoleParameters | None = None) -> None:
        self.parameters = parameters or OutOfRoleParameters()

    def ratio(self, features: Features) -> Ratio | None:
        """Return how much likelier the function is from this person than from others."""
        ratio = features.ratio
        if ratio is not None:
            return ratio
        ward = features.snapshot.ward
        total = ward.functions_total
        if not total:
            return None
        counts, function = ward.function_counts, features.look_up.function
        ratio = features.repertoire.ratio(function, counts.get(function, 0.0), total, len(counts))
        features.ratio = ratio
        return ratio

    def find(self, features: Features) -> Finding | None:
        """Return how unlikely the function is, and more where no right covers it."""
        ratio, repertoire = self.ratio(features), features.repertoire
        if ratio is None or not repertoire.total:
            return None
        desk, function = features.desk, features.look_up.function
        shown = 0.5 - repertoire.self_likeness(ratio) / (2 * CLIP_NATS)
        used = repertoire.share(function)
        allowed = not desk.known or (desk.granted and desk.in_force)
        if used >= 0.05 and allowed and repertoire.run_nats > 0:
            return Finding(self.name, 0.0, 0.0, 0.0, (), (), 0.0, shown)
        own = self.parameters
        weight = own.cohort_weight_look_ups
        cohort_share = features.cohort.function_share(function)
        share = (used * repertoire.total + weight * cohort_share) / (repertoire.total + weight)
        evidence = -log(min(1.0, 3 * share))
        marks: tuple[str, ...] = ()
        if not allowed:
            marks = ("ungranted",)
            ungranted = features.cohort.mark_share("ungranted", own.ungranted_share)
            evidence += -log(min(1.0, ungranted + share))
        if repertoire.run_length >= own.least_run_look_ups:
            mean = repertoire.run_nats / repertoire.run_length
            evidence = max(evidence, -own.nats_a_run * mean)
        return Finding(
            self.name,
            evidence,
            round(used, 4),
            round(cohort_share, 4),
            (function, float(allowed)),
            marks,
            0.0,
            shown,
        )

    def explain(self, finding: Finding) -> Words:
        """Say the function, whether it is granted, and how usual it is."""
        function, granted = (*finding.facts, "", 1.0)[:2]
        percent = 100 * finding.observed
        right_en = "" if granted else ", which the assignment does not grant"
        right_ja = "" if granted else "(現在の担当では認められていない業務)"
        if percent < 0.1:
            rest_en, rest_ja = "; this person usually does not", "が、この職員は普段使用しません"
        elif percent < _SELDOM_PERCENT:
            rest_en = f"; it makes up {percent:.1f} % of this person's look-ups"
            rest_ja = f"が、この職員の照会の{percent:.1f}%にすぎません"
        else:
            rest_en, rest_ja = (
                ", amid a run of work that is more like other people's",
                ("が、前後の業務の並びがこの職員の普段と異なります"),
            )
            if not granted:
                rest_en, rest_ja = "", ""
        return Words(
            en=f"Used {function}{right_en}{rest_en}.",
            ja=f"{function}{right_ja}を使用しました{rest_ja}。",
        )
