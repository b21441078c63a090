"""A resident under support measures, without a case, or past a warning."""

from __future__ import annotations

from math import log
from typing import ClassVar

from pydantic import Field

from models.features import Features
from models.finding import NOTHING, Finding, Parameters
from schemas.record import Words


class ProtectedResidentParameters(Parameters):
    """Say how rare such look-ups are among honest ones before the office has shown it."""

    open_share: float = Field(0.002, gt=0, lt=1)
    overridden_share: float = Field(0.002, gt=0, lt=1)
    share_before_the_clock_ends: float = Field(0.6, ge=0, le=1)
    """It alerts at once, as a tripwire; its rank rises when no case has come."""
    share_left_by_a_case: float = Field(0.25, ge=0, le=1)


class ProtectedResident:
    """Weigh a look-up of a resident whose address somebody must not learn.

    Catches: look-ups of victims of domestic violence, stalking and child abuse, warnings
    passed. Source: support measures of the Basic Resident Register (Japan, since 2004); the
    Zushi case of 2012, in which an address was sold and a woman killed. Blind spots: residents
    not yet under measures; look-ups hidden under a true case.

    >>> ProtectedResident().explain(Finding("protected_resident", 6.0, 1.0, 0.0, (1.0, 0.0))).en
    'Looked up a resident under support measures, without a case, past the warning on screen.'
    """

    name: ClassVar[str] = "protected_resident"
    unit: ClassVar[str] = "look-ups"
    needs: ClassVar[frozenset[str]] = frozenset({"directory.residents"})
    waits: ClassVar[bool] = True
    learns_habits: ClassVar[bool] = False

    def __init__(self, parameters: ProtectedResidentParameters | None = None) -> None:
        self.parameters = parameters or ProtectedResidentParameters()

    def find(self, features: Features) -> Finding | None:
        """Return how rare such a look-up is among those without a case, or with one."""
        overridden = features.look_up.overridden
        protected = features.person is not None and features.person.protected
        if not (protected or overridden):
            return NOTHING
        own, covered = self.parameters, features.explained is True
        marks: tuple[str, ...] = ()
        if covered:
            if not overridden:
                return NOTHING
            marks = ("c.overridden",)
            share = features.cohort.mark_share("c.overridden", own.overridden_share)
            evidence = -log(share) * own.share_left_by_a_case
        else:
            marks = ("u.protected",)
            evidence = -log(features.cohort.mark_share("u.protected", own.open_share))
            if not features.firm:
                evidence *= own.share_before_the_clock_ends
        return Finding(self.name, evidence, 1.0, 0.0, (float(overridden), float(covered)), marks)

    def explain(self, finding: Finding) -> Words:
        """Say that the resident is protected, whether a case covers it, and the warning."""
        overridden, covered = (*finding.facts, 0.0, 0.0)[:2]
        with_en = "with a case" if covered else "without a case"
        with_ja = "案件あり" if covered else "案件の裏付けなし"
        past_en = ", past the warning on screen" if overridden else ""
        past_ja = "、画面の警告を確認のうえ続行" if overridden else ""
        return Words(
            en=f"Looked up a resident under support measures, {with_en}{past_en}.",
            ja=f"支援措置の対象となっている住民を照会しました({with_ja}{past_ja})。",
        )
