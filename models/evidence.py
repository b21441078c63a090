"""What people are shown around an alert: its look-ups, their day, the habit, and the years."""

from __future__ import annotations

from datetime import date
from typing import Any

from models.calendar import Calendar
from models.context import Context
from models.features import Features, LookUp
from models.memory import OpenAlert
from models.organisation import sections_in_force
from models.pair_days import OfDay
from models.pair_memory import PairMemory
from models.pairs import Pair
from models.policy import Policy
from models.profile import LOOK_UPS
from models.scorer import Judgement
from models.timeline import Timeline
from schemas.alerts import Evidence

MOST_OF_A_DAY = 300
"""Look-ups of a day that are shown: with the longest ids, too, evidence stays under 256 KiB."""

_HOURS = range(24)

Row = dict[str, Any]


class EvidenceMaker:
    """Gather what is known around an alert, as of the judgement that makes a revision."""

    def __init__(
        self,
        pairs: PairMemory,
        context: Context,
        calendar: Calendar,
        policy: Policy,
        *,
        wanted: bool,
    ) -> None:
        """Prepare for evidence; where none is `wanted`, it is empty."""
        self._pairs = pairs
        self._context = context
        self._calendar = calendar
        self._case_after_close_days = policy.case_after_close_days
        self._wanted = wanted

    def record(self, alert: OpenAlert, judgement: Judgement, timeline: Timeline) -> Evidence:
        """Return what the console shows around an alert's present revision."""
        if not self._wanted:
            return Evidence(alert_id=alert.alert_id, revision=alert.revision)
        features = judgement.features
        until_s = features.known_until_s
        rows = [(look_up, risk) for risk, look_up in alert.look_ups]
        own = {look_up.event_id for look_up, _ in rows}
        rows.sort(key=lambda row: (row[0].at_s, row[0].event_id))
        of_day = timeline.of_day(features.day, MOST_OF_A_DAY)
        return Evidence(
            alert_id=alert.alert_id,
            revision=alert.revision,
            look_ups=tuple(self._row(look_up, until_s) | {"risk": risk} for look_up, risk in rows),
            day=tuple(
                self._row(look_up, until_s) | {"in_alert": look_up.event_id in own}
                for look_up in of_day
            ),
            day_count=features.today[LOOK_UPS],
            habit=_habit(features),
            cohort=features.cohort.hours,
            history=self._history(features.look_up.operator_id, alert.resident_id),
        )

    def _row(self, look_up: LookUp, until_s: float) -> Row:
        at = self._calendar.local(look_up.at_s)
        return {
            "event_id": look_up.event_id,
            "occurred_at": at.isoformat(timespec="milliseconds"),
            "terminal_id": look_up.terminal_id,
            "function": look_up.function,
            "action": look_up.action,
            "resident_id": look_up.resident_id,
            "case_id": look_up.case_id,
            "covered": self._is_covered(look_up, at.date(), until_s),
        }

    def _is_covered(self, look_up: LookUp, day: date, until_s: float) -> bool | None:
        """Return whether a case covers a look-up, as far as known at a moment or at its own."""
        if look_up.resident_id is None or not self._cases_are_fed:
            return None
        sections = sections_in_force(self._context.operators.get(look_up.operator_id), day)
        residents, known_s = (look_up.resident_id,), max(until_s, look_up.at_s)
        after_days = self._case_after_close_days
        covering = self._context.covering_case
        return covering(sections, residents, look_up.at_s, after_days, known_s) is not None

    @property
    def _cases_are_fed(self) -> bool:
        return {"work.cases", "directory.operators"} <= self._context.fed

    def _history(self, operator_id: str, resident_id: str | None) -> tuple[Row, ...]:
        """Return the days on which the operator looked up the resident, the earliest first."""
        pair = self._pairs.pair(operator_id, resident_id) if resident_id else None
        if pair is None or resident_id is None:
            return ()
        return tuple(
            {
                "day": str(date.fromordinal(day)),
                "count": of_day.look_ups or None,
                "covered": _all_covered(pair, day, of_day) if self._cases_are_fed else None,
            }
            for day, of_day in self._pairs.days(operator_id, resident_id).items()
        )


def _all_covered(pair: Pair, day: int, of_day: OfDay) -> bool | None:
    """Return whether cases cover all look-ups of a day; None where that is not kept."""
    if of_day.look_ups:
        return of_day.covered == of_day.look_ups
    return False if day in (pair.first_open_day, pair.last_open_day) else None


def _habit(features: Features) -> tuple[float, ...]:
    hours, total = features.profile.hours, features.profile.weight or 1.0
    return tuple(round((hours.get(h, 0.0) + hours.get(24 + h, 0.0)) / total, 4) for h in _HOURS)
