"""The rest: River's half-space trees over the joint features, one forest a cohort."""

from __future__ import annotations

from math import log, log1p
from typing import ClassVar

from pydantic import Field

from models.features import Features
from models.finding import Family, Finding, Parameters
from models.forest import packed, unpacked
from models.tally import ODDNESS_BINS
from schemas.record import Words


class BehaviourParameters(Parameters):
    """Say which rates and counts fill a feature's range."""

    busiest_ten_minutes: float = Field(60.0, gt=1, le=10_000)
    busiest_day: float = Field(400.0, gt=1, le=100_000)


class Behaviour:
    """Rank a look-up among its cohort's by River's HalfSpaceTrees.

    Catches: combinations that no single detector names. Source: Tan, Ting and Liu, "Fast
    Anomaly Detection for Streaming Data", IJCAI 2011. Blind spots: says that, not why; what
    is packed together looks normal to it; weighs little alone.

    >>> Behaviour().explain(Finding("behaviour", 5.3, 0.93, 0.7, (0.005,))).en
    'As a whole unlike the work of this section: only 0.5 % of look-ups are as unusual.'
    """

    name: ClassVar[str] = "behaviour"
    family: ClassVar[Family] = "rest"
    unit: ClassVar[str] = "anomaly score"
    needs: ClassVar[frozenset[str]] = frozenset()
    waits: ClassVar[bool] = False
    learns_habits: ClassVar[bool] = True

    def __init__(self, parameters: BehaviourParameters | None = None) -> None:
        self.parameters = parameters or BehaviourParameters()

    def vector(self, features: Features) -> bytes:
        """Return the look-up as the forest sees it, eight parts in a byte each."""
        own, profile, look_up = self.parameters, features.profile, features.look_up
        working_day, hour = divmod(features.slot, 24)
        return packed(
            (
                hour / 23,
                1.0 - working_day,
                log1p(profile.rates[1]) / log1p(own.busiest_ten_minutes),
                log1p(profile.day_counts.get(features.day, 0)) / log1p(own.busiest_day),
                float(features.pair is None),
                float(features.explained is False),
                float(look_up.action in ("print", "export")),
                features.cohort.function_share(look_up.function),
            )
        )

    def oddness_bin(self, features: Features) -> int | None:
        """Return the forest's score as a histogram bin; None before the forest stands."""
        forest = features.cohort.forest
        if forest is None:
            return None
        score = forest.score_one(unpacked(self.vector(features)))
        return min(ODDNESS_BINS - 1, int(score * ODDNESS_BINS))

    def bin_of(self, finding: Finding) -> int:
        """Return the histogram bin that a finding was made from."""
        return round(finding.observed * ODDNESS_BINS)

    def find(self, features: Features) -> Finding | None:
        """Return the rank of the look-up's oddness among its cohort's."""
        if not features.cohort.oddness_ready:
            return None
        odd_bin = self.oddness_bin(features)
        if odd_bin is None:
            return None
        share = features.cohort.oddness_survival(odd_bin)
        return Finding(self.name, -log(share), odd_bin / ODDNESS_BINS, 0.7, (share,))

    def explain(self, finding: Finding) -> Words:
        """Say how few look-ups are as unusual."""
        percent = 100 * float(finding.facts[0])
        shown = f"{percent:.1f}" if percent >= 0.1 else "under 0.1"
        shown_ja = f"{percent:.1f}%" if percent >= 0.1 else "0.1%未満"
        return Words(
            en=f"As a whole unlike the work of this section: only {shown} % of look-ups are "
            "as unusual.",
            ja=f"全体としてこの部署の業務と異なります(同程度に珍しい照会は{shown_ja})。",
        )
