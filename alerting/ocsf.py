"""An alert as a SIEM takes it: OCSF 1.4 Detection Finding. Pure: alert and state in, JSON out.

https://schema.ocsf.io/1.4.0/classes/detection_finding
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from alerting.channels.message import without_identifiers
from alerting.store import AlertState
from schemas.alerts import Alert, Reason, Severity

VERSION = "1.4.0"
CATEGORY, CLASS = 2, 2004
Named = Callable[[str], str]
"""Returns what a person's or resident's id is called in the export."""

_CREATE, _UPDATE, _CLOSE = 1, 2, 3
_ACTIVITIES = {_CREATE: "Create", _UPDATE: "Update", _CLOSE: "Close"}
_SEVERITIES: Mapping[Severity, tuple[int, str]] = {
    "low": (2, "Low"),
    "medium": (3, "Medium"),
    "high": (4, "High"),
    "critical": (5, "Critical"),
}
_STATUSES = {"open": (1, "New"), "acknowledged": (2, "In Progress"), "resolved": (4, "Resolved")}
_BEHAVIORAL = 2
_LEFT_OUT = "(left out)"


def plainly(identifier: str) -> str:
    """Return an id as it is."""
    return identifier


def detection_finding(alert: Alert, state: AlertState, named: Named = plainly) -> dict[str, Any]:
    """Return the finding; with pseudonyms its sentences lose whatever looks like an id.

    Times are milliseconds since 1970.
    """
    severity_id, severity = _SEVERITIES[alert.severity]
    status_id, status = _STATUSES[state.status]
    activity = _activity(alert, state)
    return {
        "category_uid": CATEGORY,
        "category_name": "Findings",
        "class_uid": CLASS,
        "class_name": "Detection Finding",
        "activity_id": activity,
        "activity_name": _ACTIVITIES[activity],
        "type_uid": CLASS * 100 + activity,
        "time": _ms(max(alert.updated_at, state.changed_at)),
        "start_time": _ms(alert.first_event_at),
        "end_time": _ms(alert.updated_at),
        "severity_id": severity_id,
        "severity": severity,
        "status_id": status_id,
        "status": status,
        # A verdict has no place of its own outside the profile of incidents.
        **({} if state.verdict is None else {"status_detail": state.verdict}),
        "is_alert": activity != _CLOSE and not state.historic,
        "risk_score": round(100 * alert.risk),
        "message": _title(alert),
        "count": alert.event_count,
        "metadata": {
            "version": VERSION,
            "product": {"name": "Monomi", "vendor_name": "Monomi"},
            "uid": f"{alert.alert_id}/{alert.revision}/{state.version}",
        },
        "finding_info": _finding_info(alert, named),
        "evidences": [{"actor": {"user": {"uid": named(alert.operator_id)}}}],
        **_resources(alert, named),
        "unmapped": _unmapped(alert, state, named),
    }


def _activity(alert: Alert, state: AlertState) -> int:
    if state.status == "resolved":
        return _CLOSE
    # The first version is the alert's own opening.
    return _CREATE if alert.revision == 1 and state.version <= 1 else _UPDATE


def _finding_info(alert: Alert, named: Named) -> dict[str, Any]:
    return {
        "uid": alert.alert_id,
        "title": _title(alert),
        "desc": " ".join(_sentence(reason, alert, named) for reason in alert.reasons),
        "created_time": _ms(alert.opened_at),
        "modified_time": _ms(alert.updated_at),
        "first_seen_time": _ms(alert.first_event_at),
        "analytic": {
            "name": "Monomi",
            "type_id": _BEHAVIORAL,
            "type": "Behavioral",
            "version": alert.model_version,
        },
        "related_analytics": [
            {
                "uid": reason.detector,
                "name": reason.detector,
                "type_id": _BEHAVIORAL,
                "type": "Behavioral",
            }
            for reason in alert.reasons
        ],
    }


def _resources(alert: Alert, named: Named) -> dict[str, Any]:
    if alert.resident_id is None:
        return {}
    return {"resources": [{"uid": named(alert.resident_id), "type": "resident record"}]}


def _unmapped(alert: Alert, state: AlertState, named: Named) -> dict[str, Any]:
    """Return what OCSF has no attribute for."""
    supervisor = None if alert.supervisor_id is None else named(alert.supervisor_id)
    return {
        "section_id": alert.section_id,
        "supervisor_id": supervisor,
        "escalation": state.escalation,
        "historic": state.historic,
        "reasons": [
            {
                "detector": reason.detector,
                "score": reason.score,
                "observed": reason.observed,
                "expected": reason.expected,
                "unit": reason.unit,
            }
            for reason in alert.reasons
        ],
    }


def _title(alert: Alert) -> str:
    detectors = ", ".join(reason.detector for reason in alert.reasons) or "no reason given"
    return f"Look-ups of residents' data out of the ordinary: {detectors}"


def _sentence(reason: Reason, alert: Alert, named: Named) -> str:
    text = reason.summary.en
    if named is plainly:
        return text
    hidden = (alert.operator_id, alert.supervisor_id, alert.resident_id)
    return without_identifiers(text, hidden, None, _LEFT_OUT)


def _ms(moment: datetime) -> int:
    return round(moment.timestamp() * 1000)
