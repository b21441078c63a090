"""A look-up outside opening hours, shift and the hours that this person keeps."""

from __future__ import annotations

from math import log
from typing import ClassVar

from pydantic import Field

from models.features import Features
from models.finding import NOTHING, Finding, Parameters
from schemas.record import Words


class OffHoursParameters(Parameters):
    """Say from when on a time is outside, and how own hours blend with the cohort's."""

    grace_s: float = Field(1800.0, ge=0, le=14_400)
    """Tidying up after closing is work."""
    cohort_weight_look_ups: float = Field(60.0, gt=0, le=10_000)
    share_left_on_shift: float = Field(0.3, ge=0, le=1)


class OffHours:
    """Weigh a look-up outside opening hours by how rare its hour is for person and cohort.

    Catches: evenings, nights, weekends, closed days. Source: the ward's own audit rule.
    Blind spots: misuse in working hours (the founding case), approved overtime.

    >>> OffHours().explain(Finding("off_hours", 5.0, 215.0, 0.0, ("22:50", 0.0, 0.0))).en
    'Look-up at 22:50, 215 minutes outside opening hours, without an approved shift.'
    """

    name: ClassVar[str] = "off_hours"
    unit: ClassVar[str] = "minutes outside opening hours"
    needs: ClassVar[frozenset[str]] = frozenset({"directory.operators", "directory.sections"})
    waits: ClassVar[bool] = False
    learns_habits: ClassVar[bool] = True

    def __init__(self, parameters: OffHoursParameters | None = None) -> None:
        self.parameters = parameters or OffHoursParameters()
        self._grace_s = self.parameters.grace_s

    def find(self, features: Features) -> Finding | None:
        """Return how rare the hour is; nothing inside opening hours or their grace."""
        if not features.cohort.ready:
            return None
        outside_s = features.outside_s
        if not outside_s or outside_s <= self._grace_s:
            return NOTHING
        own = self.parameters
        hours, weight = features.profile.hours, own.cohort_weight_look_ups
        kept = hours.get(features.slot, 0.0) + weight * features.cohort.slot_share(features.slot)
        evidence = -log(kept / (features.profile.weight + weight))
        if features.on_shift:
            evidence *= own.share_left_on_shift
        return Finding(
            self.name,
            max(0.0, evidence),
            float(round(outside_s / 60)),
            0.0,
            (
                _clock(features.minute_of_day),
                float(bool(features.on_shift)),
                float(features.slot < 24),
            ),
        )

    def explain(self, finding: Finding) -> Words:
        """Say the time, how far outside, and whether a shift was approved."""
        clock, on_shift, closed = (*finding.facts, "", 0.0, 0.0)[:3]
        minutes = int(finding.observed)
        far_en = f"{minutes} minutes outside opening hours" if not closed else "on a closed day"
        far_ja = f"開庁時間の{minutes}分外" if not closed else "閉庁日"
        shift_en = "within an approved shift" if on_shift else "without an approved shift"
        shift_ja = "承認された勤務あり" if on_shift else "承認された勤務なし"
        return Words(
            en=f"Look-up at {clock}, {far_en}, {shift_en}.",
            ja=f"{clock}に照会がありました({far_ja}、{shift_ja})。",
        )


def _clock(minute_of_day: int) -> str:
    return f"{minute_of_day // 60:02d}:{minute_of_day % 60:02d}"
