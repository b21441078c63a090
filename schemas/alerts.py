"""What the monitor says, and what people answer."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field

from schemas.record import Id, Record, Text, Time, Words

Severity = Literal["low", "medium", "high", "critical"]
Score = Annotated[float, Field(ge=0.0, le=1.0)]
Number = Annotated[float, Field(allow_inf_nan=False)]
Risk = Annotated[float, Field(gt=0.0, lt=1.0)]
MAX_EVENT_IDS = 200


class Reason(Record):
    """Say what one detector saw, against what it expected, in words."""

    detector: Id
    score: Score
    observed: Number
    expected: Number
    unit: Text
    summary: Words


class Footage(Record):
    """Name the camera and the span that show who sat at the terminal."""

    camera_id: Id
    from_: Time = Field(alias="from")
    to: Time


class Alert(Record):
    """Hold one revision of one alert about one operator, whole (topic `alerts`)."""

    alert_id: Id
    revision: Annotated[int, Field(ge=1)]
    operator_id: Id
    section_id: Id | None = None
    supervisor_id: Id | None = None
    resident_id: Id | None = None
    opened_at: Time
    updated_at: Time
    first_event_at: Time
    detected_at: Time | None = None
    severity: Severity
    risk: Risk
    reasons: tuple[Reason, ...]
    event_ids: Annotated[tuple[Id, ...], Field(min_length=1, max_length=MAX_EVENT_IDS)]
    event_count: Annotated[int, Field(ge=1)]
    footage: tuple[Footage, ...] = ()
    model_version: Text


class Evidence(Record):
    """Hold what the console shows around one alert (topic `alerts.evidence`).

    `look_ups` are the alert's own, `day` all of that operator on the day of the look-up that
    made the revision, of more than 300 the newest; `day_count` says how many. `habit` and
    `cohort` are curves by hour (shares of a day's look-ups), `history` the days on which the
    operator looked up the alert's resident.
    """

    alert_id: Id
    revision: Annotated[int, Field(ge=1)]
    look_ups: tuple[dict[str, Any], ...] = ()
    day: tuple[dict[str, Any], ...] = ()
    day_count: Annotated[int, Field(ge=0)] = 0
    habit: tuple[float, ...] = ()
    cohort: tuple[float, ...] = ()
    history: tuple[dict[str, Any], ...] = ()


class AlertStatus(Record):
    """Hold where an alert stands with its people (topic `alerts.status`)."""

    alert_id: Id
    status: Literal["open", "acknowledged", "resolved"]
    escalation: Annotated[int, Field(ge=0)] = 0
    changed_at: Time
    changed_by: Id


class Disposition(Record):
    """Hold a person's verdict on an alert (topic `alerts.dispositions`)."""

    alert_id: Id
    decided_at: Time
    decided_by: Id
    verdict: Literal["justified", "misuse", "false_alarm", "undetermined"]
    note: Text
