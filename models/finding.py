"""What a detector returns, and what every detector is."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Protocol

import msgspec
from pydantic import BaseModel, ConfigDict

from schemas.record import Words

if TYPE_CHECKING:
    from models.features import Features


class Finding(msgspec.Struct, array_like=True, frozen=True, gc=False):
    """Hold what one detector saw in one look-up, against what it expected.

    `evidence` is minus the natural logarithm of the share of honest look-ups that, by the
    detector's own reckoning, show as much: 0 where nothing is unusual. `facts` are the further
    numbers that its words need, `marks` the rare things seen, by name, to be counted for their
    share. `relief` is evidence for the operator. `shown` is the score where it is no rank.

    >>> Finding("off_hours", 4.6, 120.0, 0.0).marks
    ()
    """

    detector: str
    evidence: float
    observed: float
    expected: float
    facts: tuple[float | str, ...] = ()
    marks: tuple[str, ...] = ()
    relief: float = 0.0
    shown: float | None = None


OF_ALL = ("u.k.", "k.", "u.near", "u.served", "u.past", "u.listed")
"""Begin marks that are counted for the cohort only: nothing asks for a person's own share."""

NOTHING = Finding("", 0.0, 0.0, 0.0)
"""The finding of a detector that is ready and sees nothing unusual."""


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
    unit: ClassVar[str]
    needs: ClassVar[frozenset[str]]
    waits: ClassVar[bool]
    learns_habits: ClassVar[bool]

    def find(self, features: Features) -> Finding | None:
        """Return the finding of one look-up; None while the detector is warming up."""

    def explain(self, finding: Finding) -> Words:
        """Return one sentence that a supervisor understands, in English and Japanese."""
