"""The rest: River's half-space trees over the joint features, one forest a cohort."""

from __future__ import annotations

from math import log1p
from typing import ClassVar

from pydantic import Field

from models.features import Features
from models.finding import NOTHING, Finding, Parameters
from models.forest import LEVELS, level
from models.profile import LOOK_UPS
from schemas.record import Words

_OF_HOURS = tuple(level(hour / 23) for hour in range(24))


class BehaviourParameters(Parameters):
    """Say which rates and counts fill a feature's range."""

    busiest_ten_minutes_look_ups: float = Field(60.0, gt=1, le=10_000)
    busiest_day_look_ups: float = Field(400.0, gt=1, le=100_000)
    usual_score: float = Field(0.7, gt=0, lt=1)
    """Where River's score of everyday work lies; what exceeds it is ranked among the cohort's."""
    nats_a_score: float = Field(20.0, gt=0, le=100)


class Behaviour:
    """Rank a look-up among its cohort's by River's HalfSpaceTrees.

    Catches: combinations that no single detector names. Source: Tan, Ting and Liu, "Fast
    Anomaly Detection for Streaming Data", IJCAI 2011. Blind spots: says that, not why; what
    is packed together looks normal to it; weighs little alone.

    >>> Behaviour().explain(Finding("behaviour", 4.0, 0.93, 0.7)).en[:40]
    'Hour, pace, function and kind of look-up'
    """

    name: ClassVar[str] = "behaviour"
    unit: ClassVar[str] = "anomaly score"
    needs: ClassVar[frozenset[str]] = frozenset()
    waits: ClassVar[bool] = False
    learns_habits: ClassVar[bool] = True

    def __init__(self, parameters: BehaviourParameters | None = None) -> None:
        self.parameters = parameters or BehaviourParameters()
        self._busiest_ten_minutes = log1p(self.parameters.busiest_ten_minutes_look_ups)
        self._usual_score = self.parameters.usual_score
        self._busiest_day = log1p(self.parameters.busiest_day_look_ups)

    def vector(self, features: Features) -> bytes:
        """Return the look-up as the forest sees it, eight parts in a byte each."""
        if features.vector:
            return features.vector
        look_up, slot = features.look_up, features.slot
        features.vector = vector = bytes(
            (
                _OF_HOURS[slot % 24],
                0 if slot >= 24 else LEVELS,
                level(log1p(features.profile.rates[1]) / self._busiest_ten_minutes),
                level(log1p(features.today[LOOK_UPS]) / self._busiest_day),
                LEVELS if features.pair is None else 0,
                LEVELS if features.open else 0,
                LEVELS if look_up.action in ("print", "export") else 0,
                level(features.cohort.function_share(look_up.function)),
            )
        )
        return vector

    def find(self, features: Features) -> Finding | None:
        """Return how far the forest's score lies above that of everyday work."""
        forest = features.cohort.forest
        if forest is None:
            return None
        score, own = forest.score(self.vector(features)), self.parameters
        if score <= self._usual_score:
            return NOTHING
        evidence = own.nats_a_score * (score - own.usual_score)
        return Finding(self.name, evidence, round(score, 3), own.usual_score)

    def explain(self, finding: Finding) -> Words:
        """Say that the whole is unusual; the other reasons say why."""
        return Words(
            en="Hour, pace, function and kind of look-up together are unlike this section's "
            f"everyday work (score {finding.observed:.2f}, everyday {finding.expected:.2f}).",
            ja="時間帯・件数・業務・照会の種類の組合せが、この部署の普段の業務と異なります"
            f"(スコア{finding.observed:.2f}、通常{finding.expected:.2f})。",
        )
