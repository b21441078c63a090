"""What a page shows of an alert, put in words before any template sees it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from alerting.console.messages import Messages
from alerting.console.wording import moment, number, percent_below
from alerting.store import Stored
from schemas.alerts import Reason


@dataclass(frozen=True)
class Moment:
    """Hold a time for a machine and for a reader."""

    iso: str
    text: str


@dataclass(frozen=True)
class ReasonView:
    """Hold one reason in words."""

    name: str
    sentence: str
    measure: str
    unit: str


@dataclass(frozen=True)
class RevisionView:
    """Hold one line of an alert's history."""

    revision: int
    updated: Moment
    arrived: Moment
    severity: str
    percent: str
    look_ups: str


@dataclass(frozen=True)
class AlertView:
    """Hold one revision of an alert as its card and its page show it.

    `opened_ms` (epoch) and the id order the list, in the browser as in the store.
    """

    alert_id: str
    revision: int
    opened_ms: int
    severity: str
    severity_word: str
    announcement: str
    opened: Moment
    updated: Moment
    first_event: Moment
    operator: str
    section: str
    supervisor: str
    resident: str
    risk: str
    look_ups: str
    reasons: tuple[ReasonView, ...]
    event_ids: tuple[str, ...]
    event_count: int
    footage: tuple[tuple[str, Moment, Moment], ...]
    model: str


@dataclass(frozen=True)
class Viewer:
    """Turn stored alerts into views, in one language and the deployment's time zone."""

    say: Messages
    zone: ZoneInfo

    def alert(self, stored: Stored) -> AlertView:
        """Return what pages show of one revision."""
        alert, say = stored.alert, self.say
        severity = say(f"severity.{alert.severity}")
        return AlertView(
            alert_id=alert.alert_id,
            revision=alert.revision,
            opened_ms=int(alert.opened_at.timestamp() * 1000),
            severity=alert.severity,
            severity_word=severity,
            announcement=say("announcement", severity=severity, operator=alert.operator_id),
            opened=self.moment(alert.opened_at),
            updated=self.moment(alert.updated_at),
            first_event=self.moment(alert.first_event_at),
            operator=alert.operator_id,
            section=alert.section_id or say("none.section"),
            supervisor=alert.supervisor_id or say("none.supervisor"),
            resident=alert.resident_id or say("none.resident"),
            risk=say("risk", percent=percent_below(alert.risk)),
            look_ups=say.count("look_ups", alert.event_count),
            reasons=tuple(map(self.reason, alert.reasons)),
            event_ids=alert.event_ids,
            event_count=alert.event_count,
            footage=tuple(
                (film.camera_id, self.moment(film.from_), self.moment(film.to))
                for film in alert.footage
            ),
            model=alert.model_version,
        )

    def reason(self, reason: Reason) -> ReasonView:
        """Return one reason with its sentence, and observed against expected."""
        say = self.say
        sentence = reason.summary.ja if say.language == "ja" else reason.summary.en
        observed = say("observed", value=number(reason.observed))
        expected = say("expected", value=number(reason.expected))
        return ReasonView(
            name=say.known(f"detector.{reason.detector}", reason.detector),
            sentence=sentence,
            measure=f"{observed} / {expected}",
            unit=say.known(f"unit.{reason.unit}", reason.unit),
        )

    def revision(self, stored: Stored) -> RevisionView:
        """Return one line of the history."""
        alert = stored.alert
        return RevisionView(
            revision=alert.revision,
            updated=self.moment(alert.updated_at),
            arrived=self.moment(stored.arrived_at),
            severity=self.say(f"severity.{alert.severity}"),
            percent=f"{percent_below(alert.risk)} %",
            look_ups=f"{alert.event_count:,}",
        )

    def moment(self, time: datetime) -> Moment:
        """Return a time for machine and reader."""
        return Moment(time.isoformat(), moment(time, self.zone, self.say.language))
