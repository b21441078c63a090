"""What a deployment decides: lengths, bounds, budgets. Detectors hold no thresholds."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Annotated, Any, Literal, Self

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    ValidationInfo,
    field_validator,
    model_validator,
)
from pydantic_core import PydanticCustomError

from models.closure import NEW_YEAR, Closure
from schemas.alerts import Severity
from schemas.record import Id

_STRICT = ConfigDict(frozen=True, extra="forbid", strict=True, allow_inf_nan=False)
_MAX_CLOSED_DAYS_A_YEAR = 180
"""More would leave clocks of working days without an end."""


def _known_detector(name: str, info: ValidationInfo) -> str:
    """Refuse a name that is no detector's, where the caller gave their names as context."""
    known: Sequence[str] | None = info.context
    if known is not None and name not in known:
        raise PydanticCustomError("allowed", ", ".join(sorted(known)))
    return name


DetectorName = Annotated[str, AfterValidator(_known_detector)]
Weight = Annotated[float, Field(ge=0, le=3)]
Tripwire = Literal["u.protected", "u.own", "u.home", "u.colleague", "two_sites", "outside"]
BudgetPerDay = Annotated[float, Field(gt=0, le=100)]
ClockWorkingDays = Annotated[int, Field(ge=1, le=20)]
LowestRisk = Annotated[float, Field(gt=0, lt=1)]
Risk = Annotated[float, Field(gt=0, lt=1)]

DEFAULT_WEIGHT = 1.0
DEFAULT_WEIGHTS: dict[str, float] = {}
"""Weights other than 1 that hold where a policy names no other."""


class Severities(BaseModel):
    """Say from which risk on an alert is medium, high, critical; below it is low."""

    model_config = _STRICT

    medium: Risk = Field(0.995, description="Risk from which on an alert is medium")
    high: Risk = Field(0.999, description="Risk from which on it is high")
    critical: Risk = Field(0.9999, description="Risk from which on it is critical")

    @model_validator(mode="after")
    def _rise(self) -> Self:
        if not self.medium <= self.high <= self.critical:
            raise PydanticCustomError("allowed", "medium up to high, high up to critical")
        return self

    def of(self, risk: float) -> Severity:
        """Return the severity of a risk."""
        if risk >= self.critical:
            return "critical"
        if risk >= self.high:
            return "high"
        return "medium" if risk >= self.medium else "low"


class SectionPolicy(BaseModel):
    """Hold what one section has of its own; what is left out is as for all."""

    model_config = _STRICT

    budget_per_day: BudgetPerDay | None = Field(
        None, description="Alerts a supervisor and working day to aim at in this section"
    )
    clock_working_days: ClockWorkingDays | None = Field(
        None, description="Working days that its uncovered look-ups wait for a case"
    )
    lowest_risk: LowestRisk | None = Field(
        None, description="No alert of this section below this risk"
    )


class Policy(BaseModel):
    """Hold the settings of detection that a ward may argue about, with their bounds."""

    model_config = _STRICT

    warm_up_days: int = Field(30, ge=0, le=365, description="Days before habits may alert")
    case_after_close_days: int = Field(
        30, ge=0, le=366, description="Days for which a closed case still covers look-ups"
    )
    clock_working_days: ClockWorkingDays = Field(
        1, description="Working days an uncovered look-up waits for a case"
    )
    alert_days: int = Field(30, ge=1, le=366, description="Days for which an alert takes evidence")
    pair_memory_years: int = Field(
        10, ge=1, le=50, description="Years for which operator and resident are remembered"
    )
    budget_per_day: BudgetPerDay = Field(
        3.5, description="Alerts a supervisor and working day to aim at"
    )
    lowest_risk: LowestRisk = Field(0.98, description="No alert below this risk")
    first_risk: Risk = Field(
        0.9995, description="Risk that an alert needs until a budget can be learned"
    )
    gate_risk: Risk = Field(0.999, description="Risk from which on nothing is learned")
    cut_hour: int = Field(4, ge=1, le=12, description="Hour from which a new snapshot judges")
    cut_wait_s: float = Field(
        30.0, ge=0, le=600, description="Seconds that a worker waits there for the others"
    )
    tripwires: tuple[Tripwire, ...] = Field(
        ("u.protected", "u.own", "u.home"),
        max_length=6,
        description="Marks that alert whatever the budget: without a case, a protected resident "
        "(u.protected), oneself (u.own), one's household (u.home), a colleague (u.colleague); "
        "at work in two buildings (two_sites); outside any assignment (outside)",
    )
    switched_off: tuple[DetectorName, ...] = Field(
        (), max_length=50, description="Detectors that judge nothing"
    )
    closures: tuple[Closure, ...] = Field(
        (NEW_YEAR,),
        max_length=400,
        description="Days on which all sections are closed beside the national holidays: "
        'spans of every year {from="12-29", to="01-03"} and single days {date=2014-10-13}',
    )
    severities: Severities = Field(
        Severities(), description="Risks from which on an alert is medium, high, critical"
    )
    weights: dict[DetectorName, Weight] = Field(
        DEFAULT_WEIGHTS,
        max_length=50,
        description="What each detector's learned weight is multiplied by; at 0 it neither weighs "
        "nor trips a wire",
    )
    sections: dict[Id, SectionPolicy] = Field(
        {},
        max_length=1000,
        description="What one section has of its own: [sections.<section_id>] with any of "
        "budget_per_day, clock_working_days, lowest_risk",
    )

    @field_validator("closures")
    @classmethod
    def _leave_working_days(cls, closures: tuple[Closure, ...]) -> tuple[Closure, ...]:
        a_year = (date(2000, 1, 1) + timedelta(days=n) for n in range(366))
        yearly = [closure for closure in closures if closure.date is None]
        closed = sum(any(closure.covers(day) for closure in yearly) for day in a_year)
        if closed > _MAX_CLOSED_DAYS_A_YEAR:
            raise PydanticCustomError("allowed", "yearly spans of at most 180 days together")
        return closures

    @field_validator("weights")
    @classmethod
    def _keep_other_defaults(cls, given: dict[str, float]) -> dict[str, float]:
        return {**DEFAULT_WEIGHTS, **given}

    def weight_of(self, detector: str) -> float:
        """Return by what a detector's evidence is multiplied."""
        return self.weights.get(detector, DEFAULT_WEIGHT)

    def budget_of(self, section_id: str | None) -> float:
        """Return the alerts a supervisor and working day to aim at in a section."""
        own = self._own(section_id).budget_per_day
        return self.budget_per_day if own is None else own

    def clock_of(self, section_id: str | None) -> int:
        """Return the working days that a section's uncovered look-up waits for a case."""
        own = self._own(section_id).clock_working_days
        return self.clock_working_days if own is None else own

    def lowest_risk_of(self, section_id: str | None) -> float:
        """Return the risk below which a section gets no alert."""
        own = self._own(section_id).lowest_risk
        return self.lowest_risk if own is None else own

    def _own(self, section_id: str | None) -> SectionPolicy:
        return self.sections.get(section_id or "", _NOTHING_OWN)

    def as_json(self) -> dict[str, Any]:
        """Return the policy as JSON holds it, under the names of the file."""
        return self.model_dump(mode="json", by_alias=True, exclude_none=True)


_NOTHING_OWN = SectionPolicy()
