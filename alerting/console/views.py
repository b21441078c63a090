"""What a page shows of an alert, put in words before any template sees it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from zoneinfo import ZoneInfo

from markupsafe import Markup

from alerting.console.drawing.bars import bars
from alerting.console.messages import Messages
from alerting.console.place import written_place
from alerting.console.wording import moment, number, percent_below, soon
from alerting.directory import Directory
from alerting.routing import OFFICER
from alerting.store import MONITOR, AlertState, Listed, Stored
from schemas.alerts import Reason

Named = Callable[[str], str]
"""Returns what a person's or resident's id is called before this reader."""

_REASONS_A_CARD = 2


def plainly(identifier: str) -> str:
    """Return an id as it is."""
    return identifier


@dataclass(frozen=True)
class Moment:
    """Hold a time for a machine and for a reader."""

    iso: str
    text: str


@dataclass(frozen=True)
class ReasonView:
    """Hold one reason in words, and its two figures as a drawing."""

    detector: str
    name: str
    sentence: str
    measure: str
    unit: str
    drawing: Markup


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
    """Hold the newest revision of an alert and where it stands, for its card and its page.

    `opened_ms` (epoch) and the id order the list, in the browser as in the store; `place` is
    where the next page begins.
    """

    alert_id: str
    revision: int
    version: int
    opened_ms: int
    place: str
    severity: str
    severity_word: str
    status: str
    status_word: str
    verdict: str
    announcement: str
    opened: Moment
    updated: Moment
    first_event: Moment
    operator: str
    section: str
    section_id: str
    supervisor: str
    resident: str
    risk: str
    look_ups: str
    reasons: tuple[ReasonView, ...]
    more_reasons: str
    event_ids: tuple[str, ...]
    event_count: int
    footage: tuple[tuple[str, Moment, Moment], ...]
    model: str
    due: str
    assignee: str
    escalation: int
    historic: bool


@dataclass(frozen=True)
class Viewer:
    """Turn stored alerts into views, in one language and the deployment's time zone."""

    say: Messages
    zone: ZoneInfo
    directory: Directory = field(default_factory=Directory)
    named: Named = plainly

    def alert(self, listed: Listed) -> AlertView:
        """Return what pages show of an alert."""
        alert, state, say = listed.stored.alert, listed.state, self.say
        severity, operator = say(f"severity.{alert.severity}"), self.named(alert.operator_id)
        reasons = tuple(map(self.reason, alert.reasons))
        return AlertView(
            alert_id=alert.alert_id,
            revision=alert.revision,
            version=state.version,
            opened_ms=int(alert.opened_at.timestamp() * 1000),
            place=written_place(state.opened_at, state.alert_id),
            severity=alert.severity,
            severity_word=severity,
            status=state.status,
            status_word=say(f"status.{state.status}"),
            verdict=say(f"verdict.{state.verdict}") if state.verdict else "",
            announcement=say("announcement", severity=severity, operator=operator),
            opened=self.moment(alert.opened_at),
            updated=self.moment(alert.updated_at),
            first_event=self.moment(alert.first_event_at),
            operator=operator,
            section=self.section(alert.section_id),
            section_id=alert.section_id or "",
            supervisor=self.person(alert.supervisor_id) or say("none.supervisor"),
            resident=self.named(alert.resident_id) if alert.resident_id else say("none.resident"),
            risk=say("risk", percent=percent_below(alert.risk)),
            look_ups=say.count("look_ups", alert.event_count),
            reasons=reasons,
            more_reasons=self._names(reasons[_REASONS_A_CARD:]),
            event_ids=alert.event_ids,
            event_count=alert.event_count,
            footage=tuple(
                (film.camera_id, self.moment(film.from_), self.moment(film.to))
                for film in alert.footage
            ),
            model=alert.model_version,
            due=self.due(state, "due"),
            assignee=self.person(state.assignee_id),
            escalation=state.escalation,
            historic=state.historic,
        )

    def _names(self, reasons: Iterable[ReasonView]) -> str:
        names = self.say("and").join(reason.name for reason in reasons)
        return self.say("more_reasons", names=names) if names else ""

    def due(self, state: AlertState, kind: str, form: str = "") -> str:
        """Return until when somebody has to do something; empty where no time runs."""
        if state.due_at is None or state.status == "resolved":
            return ""
        step = "acknowledge" if state.status == "open" else "resolve"
        time = soon(state.due_at, self.zone, self.say.language)
        return self.say(f"{kind}.{step}{form}", time=time)

    def person(self, person_id: str | None) -> str:
        """Return what a person, an office or the monitor is called; empty for nobody."""
        if person_id == OFFICER:
            return self.say("officer")
        if person_id == MONITOR:
            return self.say("monitor")
        return self.named(person_id) if person_id else ""

    def section(self, section_id: str | None) -> str:
        """Return a section's name in the reader's language, else its id."""
        if not section_id:
            return self.say("none.section")
        section = self.directory.sections.get(section_id)
        if section is None:
            return section_id
        return section.name.ja if self.say.language == "ja" else section.name.en

    def detector(self, name: str) -> str:
        """Return a detector's name for readers."""
        return self.say.known(f"detector.{name}", name)

    def reason(self, reason: Reason) -> ReasonView:
        """Return one reason with its sentence, and observed against expected."""
        say = self.say
        sentence = reason.summary.ja if say.language == "ja" else reason.summary.en
        observed, expected = number(reason.observed), number(reason.expected)
        unit = say.known(f"unit.{reason.unit}", reason.unit)
        text = say("bars.text", observed=observed, expected=expected, unit=unit)
        return ReasonView(
            detector=reason.detector,
            name=self.detector(reason.detector),
            sentence=sentence,
            measure=f"{say('observed', value=observed)} / {say('expected', value=expected)}",
            unit=unit,
            drawing=bars(reason.observed, reason.expected, text),
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
