"""No case covers the look-up, where this desk and this operator usually have one."""

from __future__ import annotations

from math import log
from typing import ClassVar

from pydantic import Field

from models.cohort import CohortView
from models.features import Features
from models.finding import NOTHING, Finding, Parameters
from models.profile import OF_RESIDENTS, OPEN
from models.tails import binomial_tail
from schemas.record import Words

_RUNS = (2, 3, 4, 6, 9, 15, 30)
"""Lengths of a run of residents that are told apart."""
_SIGNS = ("u.near", "u.served", "u.past")
"""Marks of a case in the house, of a resident served by this operator, and by the section."""
_OF_OTHERS = frozenset({"u.borrowed", "u.slip"})
"""Marks of a case number that is of other residents: in others' hands, and in one's own."""


class UnexplainedParameters(Parameters):
    """Say how much an operator's own habit weighs, and what nearly explains a look-up."""

    cohort_weight_look_ups: float = Field(40.0, gt=0, le=10_000)
    share_before_the_clock_ends: float = Field(0.4, ge=0, le=1)
    most_evidence_nats: float = Field(8.0, gt=0, le=30)
    """A mailing without cases shows hundreds at once: many are one happening."""
    slack: float = Field(1.15, ge=1, le=3)
    """So many times the usual share is still usual, when look-ups are added up over weeks."""
    share_of_day_and_weeks: float = Field(0.5, ge=0, le=1)
    """Busy honest people have many open look-ups too: half of that is trusted."""
    run_share: float = Field(0.03, gt=0, lt=1)
    listed_chance_share: float = Field(0.003, gt=0, lt=1)
    """How often somebody drawn by lot would be in the case whose number was given."""
    honest_share: float = Field(0.1, gt=0, lt=1)
    chance_share: float = Field(0.05, gt=0, lt=1)
    """Of open look-ups, how many have a case in the house or a resident served before: in honest
    work, and by lot; taken so before the office has shown both."""
    borrowed_share: float = Field(0.02, gt=0, lt=1)
    borrowed_share_of_misuse: float = Field(0.1, gt=0, lt=1)
    """Taken share of misuse under somebody else's case number."""
    borrowed_nats: float = Field(0.5, gt=0, le=5)
    """Such a look-up is always worth a word; what it weighs is in its relief, below 0."""
    most_relief_nats: float = Field(5.0, ge=0, le=10)


class Unexplained:
    """Weigh look-ups without a case against how often desk and operator honestly have none.

    On one day, and added up over weeks (a cumulative sum: Page 1954). A look-up that a case of
    the household nearly covers, or of a resident whom the operator has served, is relieved by
    how much more often honest work shows that than chance would.

    Catches: browsing, selling, look-ups for oneself. Source: Japanese municipal guidance asks
    that each look-up be matched to an application. Blind spots: desks where most honest work
    has no case; a false look-up of a resident whose case is open.

    >>> Unexplained().explain(Finding("unexplained", 3.0, 9.0, 2.4, ("day",))).en
    '9 look-ups without a case on one day, where about 2.4 are usual for this desk and person.'
    """

    name: ClassVar[str] = "unexplained"
    unit: ClassVar[str] = "look-ups without a case"
    needs: ClassVar[frozenset[str]] = frozenset({"work.cases", "directory.operators"})
    waits: ClassVar[bool] = True
    learns_habits: ClassVar[bool] = True

    def __init__(self, parameters: UnexplainedParameters | None = None) -> None:
        self.parameters = parameters or UnexplainedParameters()
        self._weight = self.parameters.cohort_weight_look_ups
        self.slack = self.parameters.slack

    def usual_share(self, features: Features) -> float:
        """Return the share of this operator's look-ups of residents that honestly have no case."""
        weight, profile = self._weight, features.profile
        settled = profile.open + profile.covered
        return (profile.open + weight * features.cohort.open_share) / (settled + weight)

    def find(self, features: Features) -> Finding | None:
        """Return how rare the day's or the weeks' number of unexplained look-ups is."""
        if not features.cohort.ready:
            return None
        if not features.open:
            return NOTHING
        own, profile, today = self.parameters, features.profile, features.today
        usual = self.usual_share(features)
        of_residents = today[OF_RESIDENTS] or 1
        seen = min(of_residents, today[OPEN] or 1)
        evidence = -log(binomial_tail(seen, of_residents, usual))
        kind, observed, expected = "day", float(seen), usual * of_residents
        slow = 2.0 * (own.slack - 1.0) / max(0.05, 1.0 - usual) * profile.surplus
        if slow > evidence:
            kind, evidence, observed, expected = "weeks", slow, profile.surplus, 0.0
        evidence *= own.share_of_day_and_weeks
        given, nats = self._number_given(features)
        relief, marks = self._relief(features, given, nats)
        run = self._run(features)
        if run is not None:
            marks = (*marks, run[0])
            if run[1] > evidence:
                kind, evidence, observed, expected = "run", run[1], float(features.run), 1.0
        if given in _OF_OTHERS:
            share = features.cohort.mark_share(given, own.borrowed_share)
            kind, observed = "borrowed", profile.marks.get(given, 0.0) + 1.0
            expected = (profile.open + 1.0) * share
            evidence = max(evidence, own.borrowed_nats)
        evidence = min(own.most_evidence_nats, evidence)
        if not features.firm:
            evidence *= own.share_before_the_clock_ends
        seen_so = float(round(observed))
        return Finding(self.name, evidence, seen_so, round(expected, 1), (kind,), marks, relief)

    def _run(self, features: Features) -> tuple[str, float] | None:
        """Return how rare so long a run of residents without a case is, as a mark and nats.

        By the length itself and not from it on: a list that is worked through honestly is as
        long as it is, and passes through three only once.
        """
        if features.run < _RUNS[0]:
            return None
        length = max(least for least in _RUNS if least <= features.run)
        mark = f"u.k.run{length}"
        return mark, -log(features.cohort.mark_share(mark, self.parameters.run_share))

    def _signs(self, cohort: CohortView) -> tuple[tuple[float, float], ...]:
        """Return what each sign relieves where it holds and where not: the same all day long."""
        own, signs = self.parameters, []
        for mark in _SIGNS:
            share = cohort.mark_share(mark, own.honest_share)
            chance = cohort.mark_share(mark + "0", own.chance_share)
            signs.append((log(share / chance), log((1.0 - share) / (1.0 - chance))))
        cohort.kept[self] = tuple(signs)
        return cohort.kept[self]

    def _relief(self, features: Features, given: str, nats: float) -> tuple[float, tuple[str, ...]]:
        """Return how much likelier honest work shows this than choice, in nats, and the marks.

        Whether a case is in the house, whether the operator has served the resident, and whose
        case number was `given` with its `nats`; below 0 where that speaks against honest work.
        """
        own, cohort, marks = self.parameters, features.cohort, []
        served = features.pair is not None and features.pair.covered > 0
        relief = 0.0
        signs = cohort.kept.get(self) or self._signs(cohort)
        holding = (features.near, served, features.past)
        for mark, holds, (where_it_holds, else_) in zip(_SIGNS, holding, signs, strict=True):
            if holds:
                marks.append(mark)
                relief += where_it_holds
            else:
                relief += else_
        if given:
            marks.append(given)
            relief += nats
        return min(own.most_relief_nats, relief), tuple(marks)

    def _number_given(self, features: Features) -> tuple[str, float]:
        """Return the mark of the case whose number was given, and what it relieves.

        A number of one's own case is a slip of the keyboard more often than one of a case that
        is in other hands.
        """
        own, cohort, context = self.parameters, features.cohort, features.context
        look_up = features.look_up
        case = context.case_given(look_up.case_id, features.known_until_s)
        if case is None:
            return "", 0.0
        if context.is_of(case, look_up.resident_id or ""):
            share = cohort.mark_share("u.listed", own.honest_share)
            return "u.listed", max(0.0, log(share / own.listed_chance_share))
        mark = "u.slip" if look_up.operator_id in case.assigned_to else "u.borrowed"
        share = cohort.mark_share(mark, own.borrowed_share)
        return mark, min(0.0, log(share / own.borrowed_share_of_misuse))

    def explain(self, finding: Finding) -> Words:
        """Say how many on the day or over the weeks, and how many are usual."""
        n, usual = int(finding.observed), finding.expected
        plural = "look-ups" if n != 1 else "look-up"
        kind = finding.facts[0] if finding.facts else "day"
        if kind == "borrowed":
            often = n > max(1.0, 1.5 * usual)
            often_en = f"; about {n} such {plural} lately, where about {usual:g} are usual"
            often_ja = f"で、最近このような照会がおよそ{n}件あります(通常{usual:g}件程度)"
            return Words(
                en=f"The case number given belongs to other residents{often_en if often else ''}.",
                ja=f"入力された受付番号は別の住民の案件{often_ja if often else 'です'}。",
            )
        if kind == "run":
            return Words(
                en=f"{n} households opened one after another, none of them with a case.",
                ja=f"案件の裏付けがない{n}世帯を続けて開きました。",
            )
        if kind == "weeks":
            return Words(
                en=f"Over the last weeks {n} {plural} without a case beyond what is usual for "
                "this desk and person.",
                ja="この数週間で、案件の裏付けがない照会が、この職場と職員の通常より"
                f"{n}件多くなっています。",
            )
        return Words(
            en=f"{n} {plural} without a case on one day, where about {usual:g} are usual for this "
            "desk and person.",
            ja=f"1日に、案件の裏付けがない照会が{n}件あります(この職場と職員では通常{usual:g}件程度)。",
        )
