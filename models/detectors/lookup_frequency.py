"""More look-ups than usual: in a minute, ten minutes, an hour, a day, weeks."""

from __future__ import annotations

from math import expm1, log, log1p
from typing import Annotated, ClassVar

from pydantic import Field

from models.features import Features
from models.finding import NOTHING, Finding, Parameters
from models.profile import LOOK_UPS, PEAK_DAY
from models.tails import normal_tail
from schemas.record import Words

Count = Annotated[float, Field(ge=1, le=100_000)]
_WINDOWS_EN = ("a minute", "ten minutes", "an hour", "the last days", "a day")
_WINDOWS_JA = ("1分間", "10分間", "1時間", "この数日", "1日")


class LookupFrequencyParameters(Parameters):
    """Say how an operator's own peaks blend with the cohort's, and how wide a habit is."""

    cohort_weight_days: float = Field(10.0, gt=0, le=365)
    least_deviation_ln: float = Field(0.35, gt=0, le=2)
    """A day's peak of ±42 % is everyday, however even the habit."""
    most_evidence_nats: float = Field(8.0, gt=0, le=30)
    """A busy day is a common thing with a thin tail: volume alone proves little."""
    least_count: tuple[Count, Count, Count, Count, Count] = (6.0, 15.0, 30.0, 100.0, 30.0)
    """Below it nothing is a burst, whoever works."""


class LookupFrequency:
    """Weigh the day's peaks against the operator's own, the cohort's and the ward's season.

    Catches: bursts, days of copying. Source: query volume is what every audit rule starts
    from. Blind spots: slow look-ups spread over months, a whole section that rises together.

    >>> LookupFrequency().explain(Finding("lookup_frequency", 9.0, 80.0, 12.5, (2.0,))).en
    '80 look-ups within an hour, where up to about 12.5 are usual.'
    """

    name: ClassVar[str] = "lookup_frequency"
    unit: ClassVar[str] = "look-ups"
    needs: ClassVar[frozenset[str]] = frozenset()
    waits: ClassVar[bool] = False
    learns_habits: ClassVar[bool] = True

    def __init__(self, parameters: LookupFrequencyParameters | None = None) -> None:
        own = self.parameters = parameters or LookupFrequencyParameters()
        self._least = tuple(enumerate(own.least_count))
        self._cohort_weight_days = own.cohort_weight_days
        self._least_deviation_ln = own.least_deviation_ln

    def find(self, features: Features) -> Finding | None:
        """Return the window whose count is the rarest."""
        profile, own = features.profile, self.parameters
        if not features.cohort.ready and profile.active_days < own.cohort_weight_days:
            return None
        best = NOTHING
        counts = [*profile.rates, float(features.today[LOOK_UPS])]
        for window, least in self._least:
            count = counts[window]
            if count < least:
                continue
            mean, deviation = features.usual_peak(
                window, self._cohort_weight_days, self._least_deviation_ln
            )
            mean += features.snapshot.season_ln
            deviations = (log1p(count) - mean) / deviation
            if deviations < 1.0:
                continue
            evidence = min(-log(2 * normal_tail(deviations)), own.most_evidence_nats)
            if evidence > best.evidence:
                usual = max(0.0, expm1(mean + deviation))
                best = Finding(self.name, evidence, round(count), round(usual, 1), (float(window),))
        return best

    def explain(self, finding: Finding) -> Words:
        """Say the window, the count and what is usual."""
        window = min(PEAK_DAY, int(finding.facts[0])) if finding.facts else PEAK_DAY
        n, usual = int(finding.observed), finding.expected
        return Words(
            en=f"{n} look-ups within {_WINDOWS_EN[window]}, where up to about {usual:g} are usual.",
            ja=f"{_WINDOWS_JA[window]}に{n}件の照会があります(通常は{usual:g}件程度まで)。",
        )
