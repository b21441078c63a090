"""The same resident again, on another day, and no case explains it."""

from __future__ import annotations

from functools import cache
from math import log
from typing import ClassVar

from pydantic import Field

from models.features import Features
from models.finding import Family, Finding, Parameters
from schemas.record import Words


class RepeatAccessParameters(Parameters):
    """Say how rare honest repeats are taken to be before the office has shown it."""

    second_day_share: float = Field(0.004, gt=0, lt=1)
    share_left_by_a_further_day: float = Field(0.15, gt=0, lt=1)
    share_left_by_months_between: float = Field(0.5, gt=0, lt=1)
    share_left_by_changed_work: float = Field(0.3, gt=0, lt=1)
    far_apart_days: int = Field(60, ge=1, le=3650)
    share_before_the_clock_ends: float = Field(0.4, ge=0, le=1)
    most_days: int = Field(6, ge=2, le=15)


class RepeatAccess:
    """Weigh distinct days on which one operator looked up one resident without a case.

    Catches: a stalker's slow look-ups, months and contracts apart. Source: the ward office
    case of 2013-2015 (three look-ups in 17 months, two contracts). Blind spots: a first
    look-up; look-ups hidden under a true case of the same resident.

    >>> RepeatAccess().explain(Finding("repeat_access", 7.0, 2.0, 0.0, (134.0, 1.0))).en
    'Second day with a look-up of this resident that no case explains, 134 days after the \
one before; the operator has other work now than then.'
    """

    name: ClassVar[str] = "repeat_access"
    family: ClassVar[Family] = "pair"
    unit: ClassVar[str] = "days without a case"
    needs: ClassVar[frozenset[str]] = frozenset({"work.cases", "directory.operators"})
    waits: ClassVar[bool] = True
    learns_habits: ClassVar[bool] = False

    def __init__(self, parameters: RepeatAccessParameters | None = None) -> None:
        self.parameters = parameters or RepeatAccessParameters()

    def bucket(self, features: Features) -> int:
        """Return the class of a look-up that no case explains: 4 x days + far x 2 + changed.

        Days count this one; 0 where this day or a later one is counted already.
        """
        pair = features.pair
        if pair is None or not pair.open_days:
            return 4
        if features.day <= pair.last_open_day:
            return 0
        days = min(pair.open_days + 1, self.parameters.most_days)
        far = features.day - pair.last_open_day >= self.parameters.far_apart_days
        changed = pair.open_circumstances != features.circumstances
        return 4 * days + 2 * far + changed

    def find(self, features: Features) -> Finding | None:
        """Return how rare so many unexplained days are among the cohort's look-ups."""
        if not features.cohort.ready:
            return None
        pair = features.pair
        bucket = self.bucket(features) if features.explained is False else 0
        if pair is None or bucket < 8:
            return Finding(self.name, 0.0, float(bucket >= 4), 0.0)
        days, far, changed = bucket // 4, bucket // 2 % 2, bucket % 2
        share = features.cohort.repeat_share(
            _as_grave(days, far, changed, self.parameters.most_days),
            self._prior(days, far, changed),
        )
        evidence = -log(share)
        if not features.firm:
            evidence *= self.parameters.share_before_the_clock_ends
        gap_days = float(features.day - pair.last_open_day)
        return Finding(
            self.name, max(0.0, evidence), float(pair.open_days + 1), 0.0, (gap_days, changed)
        )

    def _prior(self, days: int, far: int, changed: int) -> float:
        own = self.parameters
        return (
            own.second_day_share
            * own.share_left_by_a_further_day ** (days - 2)
            * own.share_left_by_months_between**far
            * own.share_left_by_changed_work**changed
        )

    def explain(self, finding: Finding) -> Words:
        """Say on how many days, how far apart, and whether the work has changed since."""
        days = int(finding.observed)
        gap_days, changed = (*finding.facts, 0.0, 0.0)[:2]
        ordinal = {2: "Second", 3: "Third", 4: "Fourth"}.get(days, f"{days}th")
        en = (
            f"{ordinal} day with a look-up of this resident that no case explains, "
            f"{gap_days:.0f} days after the one before"
        )
        ja = f"案件の裏付けがない同じ住民への照会が{days}日目です(前回から{gap_days:.0f}日後)"
        if changed:
            en += "; the operator has other work now than then"
            ja += "。前回とは担当業務または任用が異なります"
        return Words(en=en + ".", ja=ja + "。")


@cache
def _as_grave(days: int, far: int, changed: int, most_days: int) -> tuple[int, ...]:
    """Return the buckets that show as much: as many days, as far apart, the work as changed."""
    return tuple(
        4 * d + 2 * f + c
        for d in range(days, most_days + 1)
        for f in range(far, 2)
        for c in range(changed, 2)
    )
