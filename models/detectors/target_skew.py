"""An operator's unexplained look-ups lean to one class of residents."""

from __future__ import annotations

from math import exp, log
from typing import ClassVar

from pydantic import Field

from models.features import Features
from models.finding import NOTHING, Finding, Parameters
from models.kinds import kinds_of
from models.tails import excess_nats
from schemas.record import Words

_MOST_LEVEL = 12
_MOST_EVEN = 0.9


class TargetSkewParameters(Parameters):
    """Say how many look-ups make a skew, and how uneven honest work is."""

    least_count: float = Field(3.0, ge=1, le=1000)
    slack: float = Field(1.2, ge=1, le=5)
    """Honest desks lean too: so many times the cohort's share is even."""
    cohort_weight_look_ups: float = Field(30.0, gt=0, le=10_000)
    unknown_share: float = Field(0.03, gt=0, lt=1)
    share_before_the_clock_ends: float = Field(0.4, ge=0, le=1)


class TargetSkew:
    """Weigh how an operator's unexplained look-ups gather in one class, against the cohort's.

    Classes are whatever the directory's traits say, one by one and all together: none is named
    here, the skew is learned from what the cohort looks at without a case.

    Catches: choosing people, by age, sex, living alone or else. Source: the sellers and stalkers
    of published cases chose whom to look at. Blind spots: a desk whose honest calls lean the
    same way; fewer than three look-ups.

    >>> TargetSkew().explain(Finding("target_skew", 6.0, 9.0, 1.5, ("age.20s+sex.f",))).en
    '9 look-ups without a case lately are of residents of one kind (age.20s, sex.f), where about \
1.5 are usual.'
    """

    name: ClassVar[str] = "target_skew"
    unit: ClassVar[str] = "look-ups of one class"
    needs: ClassVar[frozenset[str]] = frozenset({"directory.residents", "work.cases"})
    waits: ClassVar[bool] = True
    learns_habits: ClassVar[bool] = False

    def __init__(self, parameters: TargetSkewParameters | None = None) -> None:
        self.parameters = parameters or TargetSkewParameters()

    def find(self, features: Features) -> Finding | None:
        """Return the class of the resident whose count is the least likely."""
        person, cohort, profile = features.person, features.cohort, features.profile
        if not cohort.ready:
            return None
        if not features.open or person is None or not person.classes:
            return NOTHING
        own, best, told = self.parameters, 0.0, ("", 0.0, 0.0)
        kinds, least, slack = kinds_of(person.classes), own.least_count, own.slack
        counts, leanings, lately = profile.classes, profile.leanings, profile.lately + 1.0
        weight, unknown_share = own.cohort_weight_look_ups, own.unknown_share
        weight_of_old = profile.in_all + weight
        for name, key, mark in kinds:
            count = counts.get(key, 0.0) + 1.0
            if count < least:
                continue
            share = cohort.mark_share(mark, unknown_share)
            of_old = (leanings.get(key, 0.0) + weight * share) / weight_of_old
            even = slack * (share if share > of_old else of_old)
            expected = lately * (even if even < _MOST_EVEN else _MOST_EVEN)
            if count <= expected:
                continue
            evidence = excess_nats(count, expected)
            if evidence > best:
                best, told = evidence, (name, count, expected)
        marks = tuple([kind.mark for kind in kinds])
        level = min(int(best), _MOST_LEVEL)
        if level:  # ranked among open look-ups: desks lean by more than chance would have it
            marks += tuple(f"u.k.lean{n}" for n in range(1, level + 1))
            share = cohort.mark_share(marks[-1], exp(-float(level)))
            best = -log(share) + best - level
        else:
            best = 0.0
        if not features.firm:
            best *= own.share_before_the_clock_ends
        name, count, expected = told
        return Finding(self.name, best, float(round(count)), round(expected, 1), (name,), marks)

    def explain(self, finding: Finding) -> Words:
        """Say the class, how many, and how many are usual."""
        kind = str((*finding.facts, "")[0]).replace("+", ", ")
        n, usual = int(finding.observed), finding.expected
        return Words(
            en=f"{n} look-ups without a case lately are of residents of one kind ({kind}), where "
            f"about {usual:g} are usual.",
            ja=f"最近の案件の裏付けがない照会のうち{n}件が同じ属性の住民({kind})に"
            f"偏っています(通常{usual:g}件程度)。",
        )
