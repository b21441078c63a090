"""Many operators look at one resident within days, or at one whom everybody knows."""

from __future__ import annotations

from math import log
from typing import ClassVar

from pydantic import Field

from models.features import Features, resident_hash
from models.finding import NOTHING, Finding, Parameters
from schemas.record import Words

_MOST = 6


class ConvergenceParameters(Parameters):
    """Say how rare it honestly is that others looked too, before the office has shown it."""

    least_others: int = Field(2, ge=1, le=_MOST)
    two_others_share: float = Field(0.005, gt=0, lt=1)
    share_left_by_a_further: float = Field(0.4, gt=0, lt=1)
    well_known_share: float = Field(0.002, gt=0, lt=1)


class Convergence:
    """Weigh how many others looked at the same resident within a week, unexplained too.

    Others are counted in the shared snapshot, so this speaks when the look-up's justification
    clock ends, a working day later, with that day in the book; each operator gets an own alert.

    Catches: curiosity after news, a rumour that goes round. Source: the pension leaks of 2004,
    in which hundreds of clerks had looked at politicians' and actors' records. Blind spots: the
    first curious one; a resident whom only one person is curious about.

    >>> Convergence().explain(Finding("convergence", 6.0, 5.0, 0.0, (1.0,))).en
    'Looked up a publicly known resident without a case; within a week 4 other operators did too.'
    """

    name: ClassVar[str] = "convergence"
    unit: ClassVar[str] = "operators within a week"
    needs: ClassVar[frozenset[str]] = frozenset({"work.cases", "directory.operators"})
    waits: ClassVar[bool] = True
    learns_habits: ClassVar[bool] = False

    def __init__(self, parameters: ConvergenceParameters | None = None) -> None:
        self.parameters = parameters or ConvergenceParameters()

    def find(self, features: Features) -> Finding | None:
        """Return how rare it is that so many look, or that somebody so well known is looked at."""
        resident_id, person = features.look_up.resident_id, features.person
        if not features.open or not features.firm or resident_id is None:
            return NOTHING
        own, cohort = self.parameters, features.cohort
        others = features.snapshot.converging.get(resident_hash(resident_id), 1) - 1
        pair = features.pair
        if pair is not None and features.day - 7 < pair.last_open_day < features.day:
            others -= 1  # this operator's own day before
        evidence, marks = 0.0, []
        if others >= own.least_others:
            level = min(others, _MOST)
            marks = [f"u.eyes{n}" for n in range(own.least_others, level + 1)]
            prior = own.two_others_share * own.share_left_by_a_further ** (level - 2)
            evidence = -log(cohort.mark_share(marks[-1], prior))
        well_known = person is not None and "public_figure" in person.classes
        if well_known:
            marks.append("u.known")
            evidence = max(evidence, -log(cohort.mark_share("u.known", own.well_known_share)))
        if not evidence:
            return NOTHING
        return Finding(
            self.name,
            evidence,
            float(max(0, others) + 1),
            1.0,
            (float(well_known),),
            tuple(marks),
        )

    def explain(self, finding: Finding) -> Words:
        """Say whether the resident is well known, and how many others looked."""
        others, well_known = int(finding.observed) - 1, any(finding.facts[:1])
        who_en = "a publicly known resident" if well_known else "a resident"
        who_ja = "著名な住民" if well_known else "住民"
        operators = "operators" if others > 1 else "operator"
        also_en = f"; within a week {others} other {operators} did too" if others > 0 else ""
        also_ja = f"し、1週間以内に他の職員{others}人も照会しています" if others > 0 else "しました"
        return Words(
            en=f"Looked up {who_en} without a case{also_en}.",
            ja=f"{who_ja}を案件の裏付けなしに照会{also_ja}。",
        )
