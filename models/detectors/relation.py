"""The resident is the operator's own record, household, colleague or neighbour."""

from __future__ import annotations

from math import log
from typing import ClassVar

from pydantic import Field

from models.features import Features
from models.finding import NOTHING, Finding, Parameters
from models.tails import excess_nats
from schemas.record import Words

_EN = {
    "own": "the operator's own record",
    "home": "somebody of the operator's own household",
    "colleague": "a colleague",
    "block": "a neighbour of the operator's block",
}
_JA = {
    "own": "職員本人の記録",
    "home": "職員と同じ世帯の住民",
    "colleague": "同僚の職員",
    "block": "職員と同じ街区に住む住民",
}


class RelationParameters(Parameters):
    """Say how rare each tie is among honest look-ups before the office has shown it."""

    own_share: float = Field(0.0003, gt=0, lt=1)
    home_share: float = Field(0.0005, gt=0, lt=1)
    colleague_share: float = Field(0.004, gt=0, lt=1)
    block_share: float = Field(0.01, gt=0, lt=1)
    share_left_by_a_case: float = Field(0.25, ge=0, le=1)
    """Also clerks' neighbours apply for certificates."""
    share_before_the_clock_ends: float = Field(0.6, ge=0, le=1)


class Relation:
    """Weigh a look-up of a person whom the operator is bound to outside the office.

    Catches: looking up family, colleagues, neighbours. Source: the published disciplinary
    cases of Japanese municipalities are mostly these. Blind spots: former partners, friends
    and whoever else the directory does not connect.

    >>> Relation().explain(Finding("relation", 7.0, 1.0, 0.1, ("home", 0.0))).en
    "Looked up somebody of the operator's own household, without a case."
    """

    name: ClassVar[str] = "relation"
    unit: ClassVar[str] = "such look-ups lately"
    needs: ClassVar[frozenset[str]] = frozenset({"directory.operators"})
    waits: ClassVar[bool] = True
    learns_habits: ClassVar[bool] = False

    def __init__(self, parameters: RelationParameters | None = None) -> None:
        self.parameters = parameters or RelationParameters()

    def find(self, features: Features) -> Finding | None:
        """Return how rare the tie is among look-ups without a case, or with one."""
        tie = features.tie
        if not tie:
            return NOTHING
        own, covered = self.parameters, features.explained is True
        mark = f"c.{tie}" if covered else f"u.{tie}"
        share = features.cohort.mark_share(mark, getattr(own, f"{tie}_share"))
        profile = features.profile
        lately = profile.marks.get(mark, 0.0) + 1.0
        expected = ((profile.covered if covered else profile.open) + 1.0) * share
        evidence = -log(share)
        if covered:
            evidence *= own.share_left_by_a_case
        else:
            evidence = max(evidence, excess_nats(lately, expected))
            if not features.firm:
                evidence *= own.share_before_the_clock_ends
        return Finding(
            self.name,
            evidence,
            round(lately, 1),
            round(expected, 2),
            (tie, float(covered)),
            (mark,),
        )

    def explain(self, finding: Finding) -> Words:
        """Say what binds operator and resident, and how often it has come lately."""
        tie, covered = (*finding.facts, "block", 0.0)[:2]
        en, ja = _EN.get(str(tie), "a person close to the operator"), _JA.get(str(tie), "関係者")
        with_en = "with a case" if covered else "without a case"
        with_ja = "案件あり" if covered else "案件の裏付けなし"
        times = round(finding.observed)
        often_en = f"; about {times} such look-ups lately" if times > 1 else ""
        often_ja = f"、最近およそ{times}件目" if times > 1 else ""
        return Words(
            en=f"Looked up {en}, {with_en}{often_en}.",
            ja=f"{ja}を照会しました({with_ja}{often_ja})。",
        )
