"""A case of misuse: who, about whom, and the errands on which it happens."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from simulation.jobs import Job, Record
from simulation.organisation import Terminal
from simulation.staff import Operator


@dataclass(frozen=True, slots=True)
class Errand:
    """Hold one job of misuse on a day; `terminal` where it is not done in the usual session."""

    day: date
    job: Job
    terminal: Terminal | None = None


@dataclass(slots=True, eq=False)
class Misuse:
    """Hold one labelled case; `records` fills with its look-ups as they are written."""

    kind: str
    operator: Operator
    resident_id: str | None
    errands: list[Errand]
    records: list[Record] = field(default_factory=list)

    def __post_init__(self) -> None:
        for errand in self.errands:
            errand.job.sink = self.records
