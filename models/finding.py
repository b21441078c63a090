"""What a detector returns, and what every detector is."""

from __future__ import annotations

from math import exp
from typing import TYPE_CHECKING, ClassVar, Literal, Protocol

import msgspec
from pydantic import BaseModel, ConfigDict

from schemas.record import Words

if TYPE_CHECKING:
    from models.features import Features

Family = Literal["volume", "pair", "coverage", "time", "function", "rest"]

EVIDENCE_CAP = 20.0
"""No single finding weighs more, in nats: one look-up in half a billion."""


class Finding(msgspec.Struct, array_like=True, frozen=True):
    """Hold what one detector saw in one look-up, against what it expected.

    `evidence` is minus the natural logarithm of the share of honest look-ups that show as
    much: 0 where nothing is unusual. `facts` are the further numbers that its words need.

    >>> round(Finding("off_hours", 4.6, 120.0, 0.0, ()).score, 3)
    0.99
    """

    detector: str
    evidence: float
    observed: float
    expected: float
    facts: tuple[float | str, ...] = ()

    @property
    def score(self) -> float:
        """Return the share of honest look-ups that show less, 0.0 to 1.0."""
        return 1.0 - exp(-min(self.evidence, EVIDENCE_CAP))


class Parameters(BaseModel):
    """Stand under a detector's own parameters: units in names, bounds on every field."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Detector(Protocol):
    """Judge one aspect of a look-up, and say it in words.

    `needs` names the context topics without which the detector is switched off; `unit` is
    that of observed and expected; `waits` says that a case opened later may explain the
    finding away, so that it weighs in full only when the justification clock ends.
    """

    name: ClassVar[str]
    family: ClassVar[Family]
    unit: ClassVar[str]
    needs: ClassVar[frozenset[str]]
    waits: ClassVar[bool]
    learns_habits: ClassVar[bool]

    def find(self, features: Features) -> Finding | None:
        """Return the finding of one look-up; None while the detector is warming up."""

    def explain(self, finding: Finding) -> Words:
        """Return one sentence that a supervisor understands, in English and Japanese."""
