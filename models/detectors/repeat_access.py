"""The same resident again, on another day, and no case explains it."""

from __future__ import annotations

from functools import cache
from math import log
from typing import ClassVar

from pydantic import Field

from models.features import Features
from models.finding import NOTHING, Finding, Parameters
from models.tails import habit_nats
from schemas.record import Words

MOST_DAYS = 6
_SPANS_DAYS = (4, 15, 60)
"""Days from which on the look-ups lie days, weeks, months apart."""


class RepeatAccessParameters(Parameters):
    """Say how rare honest repeats are taken to be before the office has shown it."""

    second_day_share: float = Field(0.02, gt=0, lt=1)
    share_left_by_a_further_day: float = Field(0.2, gt=0, lt=1)
    share_left_by_a_longer_span: float = Field(0.6, gt=0, lt=1)
    share_left_by_changed_work: float = Field(0.3, gt=0, lt=1)
    share_before_the_clock_ends: float = Field(0.4, ge=0, le=1)


class RepeatAccess:
    """Weigh distinct days on which one operator looked up one resident without a case.

    Catches: a stalker's slow look-ups, months and contracts apart. Source: the ward office
    case of 2013-2015 (three look-ups in 17 months, two contracts). Blind spots: a first
    look-up; look-ups hidden under a true case of the same resident.

    >>> RepeatAccess().explain(Finding("repeat_access", 7.0, 2.0, 0.0, (134.0, 1.0))).en
    'Second day with a look-up of this resident that no case explains, 134 days after the first; \
the operator has other work now than at the time before.'
    """

    name: ClassVar[str] = "repeat_access"
    unit: ClassVar[str] = "days without a case"
    needs: ClassVar[frozenset[str]] = frozenset({"work.cases", "directory.operators"})
    waits: ClassVar[bool] = True
    learns_habits: ClassVar[bool] = False

    def __init__(self, parameters: RepeatAccessParameters | None = None) -> None:
        self.parameters = parameters or RepeatAccessParameters()

    def bucket(self, features: Features) -> int:
        """Return the class of an open look-up: its day's number, span, change of work, service.

        0 where this day or a later one is counted already.
        """
        pair = features.pair
        if pair is None or not pair.open_days:
            return _bucket(1, 0, 0, int(pair is not None and pair.covered > 0))
        if features.day <= pair.last_open_day:
            return 0
        span_days = features.day - pair.first_open_day
        span = sum(span_days >= least for least in _SPANS_DAYS)
        changed = pair.open_circumstances != features.desk.circumstances
        return _bucket(min(pair.open_days + 1, MOST_DAYS), span, changed, pair.covered > 0)

    def find(self, features: Features) -> Finding | None:
        """Return how rare so many unexplained days are among the cohort's look-ups."""
        if not features.cohort.ready:
            return None
        pair = features.pair
        if pair is None or not pair.open_days or not features.open:
            return NOTHING
        bucket = self.bucket(features)
        if not bucket:
            return NOTHING
        days, span, changed, served = _parts(bucket)
        share = features.cohort.repeat_share(
            _as_grave(days, span, changed, served), self._prior(days, span, changed)
        )
        evidence = max(0.0, -log(share) - self._habit_nats(features))
        if not features.firm:
            evidence *= self.parameters.share_before_the_clock_ends
        span_days = float(features.day - pair.first_open_day)
        return Finding(
            self.name,
            evidence,
            float(pair.open_days + 1),
            0.0,
            (span_days, float(changed)),
            ("u.again",),
        )

    def _habit_nats(self, features: Features) -> float:
        """Return how much likelier a repeat is with this operator than with the cohort's."""
        profile, prior = features.profile, self.parameters.second_day_share
        usual = (profile.open + 1.0) * features.cohort.mark_share("u.again", prior)
        seen = profile.marks.get("u.again", 0.0)
        return habit_nats(seen, usual)

    def _prior(self, days: int, span: int, changed: int) -> float:
        own = self.parameters
        return (
            own.second_day_share
            * own.share_left_by_a_further_day ** (days - 2)
            * own.share_left_by_a_longer_span**span
            * own.share_left_by_changed_work**changed
        )

    def explain(self, finding: Finding) -> Words:
        """Say on how many days, over what time, and whether the work has changed since."""
        days = int(finding.observed)
        span_days, changed = (*finding.facts, 0.0, 0.0)[:2]
        ordinal = {2: "Second", 3: "Third", 4: "Fourth"}.get(days, f"{days}th")
        en = (
            f"{ordinal} day with a look-up of this resident that no case explains, "
            f"{span_days:.0f} {'days' if span_days != 1 else 'day'} after the first"
        )
        ja = f"案件の裏付けがない同じ住民への照会が{days}日目"
        if changed:
            en += "; the operator has other work now than at the time before"
            ja += f"で(最初の照会から{span_days:.0f}日後)、前回とは担当業務または任用が異なります"
        else:
            ja += f"です(最初の照会から{span_days:.0f}日後)"
        return Words(en=en + ".", ja=ja + "。")


def _bucket(days: int, span: int, changed: int, served: int) -> int:
    return ((days * 4 + span) * 2 + changed) * 2 + served


def _parts(bucket: int) -> tuple[int, int, int, int]:
    return bucket >> 4, bucket >> 2 & 3, bucket >> 1 & 1, bucket & 1


@cache
def _as_grave(days: int, span: int, changed: int, served: int) -> tuple[int, ...]:
    """Return the buckets that show as much: as many days, as long, as changed, as little served."""
    return tuple(
        _bucket(d, s, c, v)
        for d in range(days, MOST_DAYS + 1)
        for s in range(span, len(_SPANS_DAYS) + 1)
        for c in range(changed, 2)
        for v in range(served + 1)
    )
