"""What a deployment decides: lengths, bounds, budgets. Detectors hold no thresholds."""

from __future__ import annotations

import tomllib
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from schemas.alerts import Severity
from schemas.errors import MonomiError


class Severities(BaseModel):
    """Say from which risk on an alert is medium, high, critical; below it is low."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    medium: float = Field(0.995, gt=0, lt=1)
    high: float = Field(0.999, gt=0, lt=1)
    critical: float = Field(0.9999, gt=0, lt=1)

    def of(self, risk: float) -> Severity:
        """Return the severity of a risk."""
        if risk >= self.critical:
            return "critical"
        if risk >= self.high:
            return "high"
        return "medium" if risk >= self.medium else "low"


class Policy(BaseModel):
    """Hold the settings of detection that a ward may argue about, with their bounds."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    warm_up_days: int = Field(30, ge=0, le=365, description="Days before habits may alert")
    case_after_close_days: int = Field(30, ge=0, le=366)
    clock_working_days: int = Field(
        1, ge=1, le=20, description="Working days an uncovered look-up waits for a case"
    )
    alert_days: int = Field(30, ge=1, le=366, description="How long an alert takes evidence")
    pair_memory_years: int = Field(10, ge=1, le=50)
    budget_per_day: float = Field(
        2.0, gt=0, le=100, description="Alerts a supervisor and working day to aim at"
    )
    lowest_risk: float = Field(0.98, gt=0, lt=1, description="No alert below this risk")
    first_risk: float = Field(0.9995, gt=0, lt=1, description="Until a budget can be learned")
    gate_risk: float = Field(0.999, gt=0, lt=1, description="Above it nothing is learned")
    family_discount: float = Field(
        0.8, ge=0, le=1, description="What a further family of evidence counts of the one before"
    )
    tripwires: tuple[str, ...] = ("u.protected", "u.own", "u.home")
    switched_off: tuple[str, ...] = ()
    weights: dict[str, float] = {"behaviour": 0.3}
    cut_hour: int = Field(4, ge=1, le=12, description="Hour from which a new snapshot judges")
    cut_wait_s: float = Field(30.0, ge=0, le=600)
    severities: Severities = Severities()

    def weight_of(self, detector: str) -> float:
        """Return by what a detector's evidence is multiplied."""
        return self.weights.get(detector, 1.0)


def load_policy(path: Path | None) -> Policy:
    """Return the policy in a TOML file, or the default; raises MonomiError `bad_policy`."""
    if path is None:
        return Policy()
    try:
        return Policy.model_validate(tomllib.loads(path.read_text("utf-8")))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise MonomiError("bad_policy", f"Cannot read the policy {path}: {error}.") from None
    except ValidationError as error:
        fault = error.errors()[0]
        name = ".".join(str(part) for part in fault["loc"])
        raise MonomiError(
            "bad_policy", f"Policy {path}: {name}: {fault['msg']} (got {fault['input']!r})."
        ) from None
