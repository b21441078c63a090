"""A few alerts as the monitor writes them, for the tests of the store and the console."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from typing import Any

from schemas.alerts import Alert, Footage, Reason
from schemas.record import Words

JST = timezone(timedelta(hours=9))

REPEATED = Reason(
    detector="repeat_access",
    score=0.9997,
    observed=2.0,
    expected=0.0,
    unit="days without a case",
    summary=Words(
        en="Second day with a look-up of this resident that no case explains, 134 days after the "
        "one before; the operator has other work now than then.",
        ja="案件の裏付けがない同じ住民への照会が2日目です(前回から134日後)。"
        "前回とは担当業務または任用が異なります。",
    ),
)
UNEXPLAINED = Reason(
    detector="unexplained",
    score=0.91,
    observed=3.0,
    expected=0.4,
    unit="look-ups without a case that day",
    summary=Words(
        en="3 look-ups without a case today, where about 0.4 are usual for this desk and person.",
        ja="本日、案件の裏付けがない照会が3件あります(この職場と職員では通常0.4件程度)。",
    ),
)
OFF_HOURS = Reason(
    detector="off_hours",
    score=0.96,
    observed=105.0,
    expected=0.0,
    unit="minutes outside opening hours",
    summary=Words(
        en="Look-up at 19:00, 1 h 45 min after closing time, without approved overtime.",
        ja="19:00に照会がありました(閉庁後1時間45分、時間外勤務の承認なし)。",
    ),
)
MANY = Reason(
    detector="lookup_frequency",
    score=0.98,
    observed=62.0,
    expected=18.0,
    unit="look-ups",
    summary=Words(
        en="62 look-ups within 1 hour, where up to about 18 are usual.",
        ja="1時間に62件の照会があります(通常は18件程度まで)。",
    ),
)


def alert(alert_id: str = "a-1", revision: int = 1, **changes: Any) -> Alert:
    """Return the founding case's alert, or one that differs in the fields given."""
    opened_at = datetime(2015, 3, 4, 10, 3, 12, tzinfo=JST)
    fields: dict[str, Any] = {
        "alert_id": alert_id,
        "revision": revision,
        "operator_id": "op-017",
        "section_id": "resident-affairs",
        "supervisor_id": "op-002",
        "resident_id": "r-8f2c41d09b7e",
        "opened_at": opened_at,
        "updated_at": opened_at + timedelta(days=revision - 1),
        "first_event_at": datetime(2014, 10, 21, 16, 40, 2, tzinfo=JST),
        "detected_at": opened_at + timedelta(milliseconds=40),
        "severity": "high",
        "risk": 0.9998,
        "reasons": (REPEATED, UNEXPLAINED),
        "event_ids": ("q-00012093", "q-00090412"),
        "event_count": 2,
        "footage": (
            Footage(
                camera_id="cam-3",
                from_=opened_at - timedelta(minutes=5),
                to=opened_at + timedelta(minutes=5),
            ),
        ),
        "model_version": "start-1+2015-03-03",
    }
    return Alert(**(fields | changes))


def morning() -> list[Alert]:
    """Return a page's worth of alerts, of every severity."""
    day = datetime(2015, 3, 4, tzinfo=JST)
    return [
        alert(
            "a-busy",
            operator_id="op-009",
            section_id="tax",
            resident_id=None,
            severity="low",
            risk=0.9931,
            reasons=(MANY,),
            event_count=62,
            opened_at=day.replace(hour=9, minute=12),
        ),
        alert(
            "a-evening",
            operator_id="op-014",
            section_id="welfare",
            resident_id="r-51aa0e6677c2",
            severity="medium",
            risk=0.99912,
            reasons=(OFF_HOURS, UNEXPLAINED),
            event_count=3,
            opened_at=day.replace(hour=9, minute=40),
        ),
        alert(
            "a-founding",
            severity="critical",
            risk=0.999993,
            revision=2,
            event_count=3,
            event_ids=("q-00012093", "q-00090412", "q-00090733"),
        ),
    ]
