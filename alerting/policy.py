"""How long people may take with an alert before it goes on to others."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from schemas.alerts import Severity

Years = Annotated[float, Field(ge=0.1, le=100)]
Hours = Annotated[float, Field(gt=0, le=2000)]


class ResponseTime(BaseModel):
    """Hold the time that alerts of one severity leave their people."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    acknowledge_h: Hours = Field(description="Hours until nobody's answer escalates the alert")
    resolve_h: Hours = Field(description="Hours until an acknowledged alert comes back")
    around_the_clock: bool = Field(
        False, description="Whether nights and holidays count; else the section's opening hours"
    )

    @property
    def acknowledge(self) -> timedelta:
        """Return the time to acknowledge."""
        return timedelta(hours=self.acknowledge_h)

    @property
    def resolve(self) -> timedelta:
        """Return the time to resolve."""
        return timedelta(hours=self.resolve_h)


class ResponsePolicy(BaseModel):
    """Hold the response times by severity; a working day of a ward office has 8.75 hours."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    low: ResponseTime = ResponseTime(acknowledge_h=26.25, resolve_h=87.5)
    medium: ResponseTime = ResponseTime(acknowledge_h=8.75, resolve_h=43.75)
    high: ResponseTime = ResponseTime(acknowledge_h=2, resolve_h=17.5)
    critical: ResponseTime = ResponseTime(acknowledge_h=0.5, resolve_h=24, around_the_clock=True)

    told_for_days: Annotated[float, Field(gt=0, le=3650)] = Field(
        30, description="Days for which an alert is news: an older one is listed, nobody is told"
    )

    def of(self, severity: Severity) -> ResponseTime:
        """Return the times of one severity."""
        times: ResponseTime = getattr(self, severity)
        return times


class RetentionPolicy(BaseModel):
    """Hold how long things are kept: alerts with all of theirs, and the audit log of them."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    alerts_years: Years = Field(7, description="Years from an alert's last change to its deletion")
    audit_years: Years = Field(7, description="Years that audit entries are kept")

    @model_validator(mode="after")
    def _audit_outlives_alerts(self) -> Self:
        if self.audit_years < self.alerts_years:
            raise ValueError("audit_years must not be shorter than alerts_years")
        return self
