"""From judgements to alerts: one operator and one cause, one alert with revisions."""

from __future__ import annotations

from datetime import datetime, timedelta
from hashlib import blake2b
from math import exp

from msgspec import structs

from models.calendar import DAY_S, Calendar
from models.context import Context
from models.decision import Bar, Code, Decision
from models.detectors import DETECTOR
from models.features import Features, LookUp
from models.finding import Finding
from models.memory import OpenAlert, OperatorMemory
from models.policy import Policy
from models.scorer import Judgement
from models.tally import risk_bin
from schemas.alerts import MAX_EVENT_IDS, Alert, Footage, Reason

CONDUCT = "conduct"
_LEAST_REASON = 0.5
"""What weighs less is no reason, unless there is no other."""
_NOTABLE_BINS = 2
"""A risk that rises by so many bins, to four fifths of what was left to 1, is news."""
_FOOTAGE_MARGIN = timedelta(minutes=5)
_FOOTAGE_LOOK_UPS = 10


def cause_of(judgement: Judgement) -> str:
    """Return what the evidence is about: one resident, a session of a day, or a conduct."""
    if not judgement.weighed:
        return CONDUCT
    features = judgement.features
    resident_id = features.look_up.resident_id
    heaviest = judgement.weighed[0].finding.detector
    if resident_id and any(w.finding.detector == "repeat_access" for w in judgement.weighed):
        return f"resident:{resident_id}"
    if heaviest in _OF_A_DAY:
        return f"{CONDUCT}:{heaviest}:{features.day}"
    return f"{CONDUCT}:{heaviest}"


_OF_A_DAY = frozenset({"lookup_frequency", "extraction", "off_hours", "identity_presence"})


class Grouper:
    """Open alerts and extend them, by the policy and the snapshot in force."""

    def __init__(self, policy: Policy, context: Context, calendar: Calendar, baseline: str) -> None:
        self._policy = policy
        self._context = context
        self._calendar = calendar
        self._baseline = baseline

    def take(
        self, judgement: Judgement, cause: str, operator: OperatorMemory, at_s: float
    ) -> Decision:
        """Open or extend the operator's alert of a cause, or leave it; say which."""
        alert = operator.alerts.get(cause)
        if alert is not None and at_s - alert.opened_s > self._policy.alert_days * DAY_S:
            alert = None
        if alert is None or cause.startswith(CONDUCT):
            bar = self.bar(judgement.features)
            if not judgement.tripwire and not bar.passes(judgement.risk):
                return Decision("below_threshold", needs=bar.needs)
        if alert is None:
            operator.drop_alerts_before(at_s - self._policy.alert_days * DAY_S)
            alert = self._opened(judgement, cause, at_s)
        elif not self._extend(alert, judgement, at_s):
            operator.keep_alert(alert)
            return Decision("joined", alert.alert_id, alert.revision)
        alert.revision += 1
        alert.updated_s = max(alert.updated_s, at_s)
        alert.model_version = self._version(judgement)
        operator.keep_alert(alert)
        code: Code = "opened" if alert.revision == 1 else "revised"
        return Decision(code, alert.alert_id, alert.revision)

    def bar(self, features: Features) -> Bar:
        """Return what a risk must reach at this desk, by the policy and the snapshot in force."""
        section_id, policy = features.desk.section_id, self._policy
        supervisor_id, budget = features.supervisor_id, policy.budget_of(section_id)
        bound = features.snapshot.threshold_bin(supervisor_id, budget)
        lowest = policy.lowest_risk_of(section_id)
        return Bar(supervisor_id, budget, lowest, policy.first_risk, bound)

    def _version(self, judgement: Judgement) -> str:
        return f"{self._baseline}/{judgement.features.snapshot.name}"

    def _opened(self, judgement: Judgement, cause: str, at_s: float) -> OpenAlert:
        look_up, desk = judgement.features.look_up, judgement.features.desk
        name = f"{look_up.operator_id}\0{cause}\0{look_up.event_id}".encode()
        return OpenAlert(
            alert_id="al-" + blake2b(name, digest_size=12).hexdigest(),
            cause=cause,
            section_id=desk.section_id,
            supervisor_id=desk.supervisor_id,
            resident_id=None if cause.startswith(CONDUCT) else look_up.resident_id,
            opened_s=at_s,
            updated_s=at_s,
            revision=0,
            risk=judgement.risk,
            count=1,
            first_s=look_up.at_s,
            findings=_strongest([], judgement),
            look_ups=[(judgement.risk, look_up)],
            model_version="",
        )

    def _extend(self, alert: OpenAlert, judgement: Judgement, at_s: float) -> bool:
        """Add a look-up to an alert; return whether people should see a new revision.

        They should when the risk rises notably, a detector joins, a look-up comes on a later
        day, or the alert has doubled: not at each of a hundred look-ups of one afternoon.
        """
        before = {f.detector for f in alert.findings if f.evidence >= _LEAST_REASON}
        risk_before = alert.risk
        count_before = alert.count
        _add_look_up(alert, judgement)
        if len(alert.look_ups) > MAX_EVENT_IDS:
            alert.look_ups.remove(min(alert.look_ups, key=lambda row: (row[0], row[1].event_id)))
        alert.findings = _strongest(alert.findings, judgement)
        joined = {f.detector for f in alert.findings if f.evidence >= _LEAST_REASON} - before
        return bool(
            joined
            or risk_bin(alert.risk) >= risk_bin(risk_before) + _NOTABLE_BINS
            or (
                alert.count > count_before
                and self._calendar.day(at_s) > self._calendar.day(alert.updated_s)
            )
            or (alert.count > count_before and alert.count & count_before == 0)
        )

    def alert_record(self, alert: OpenAlert) -> Alert:
        """Return an alert's present revision as it travels, without `detected_at`."""
        look_ups = [row[1] for row in sorted(alert.look_ups, key=lambda row: _order(row[1]))]
        findings = [f for f in alert.findings if f.evidence >= _LEAST_REASON]
        findings = findings or alert.findings[:1]
        return Alert(
            alert_id=alert.alert_id,
            revision=alert.revision,
            operator_id=look_ups[0].operator_id,
            section_id=alert.section_id,
            supervisor_id=alert.supervisor_id,
            resident_id=alert.resident_id,
            opened_at=self._time(alert.opened_s),
            updated_at=self._time(alert.updated_s),
            first_event_at=self._time(alert.first_s),
            severity=self._policy.severities.of(alert.risk),
            risk=alert.risk,
            reasons=tuple(_reason(finding) for finding in findings),
            event_ids=tuple(look_up.event_id for look_up in look_ups),
            event_count=alert.count,
            footage=self._footage(look_ups),
            model_version=alert.model_version,
        )

    def _time(self, at_s: float) -> datetime:
        return self._calendar.local(at_s)

    def _footage(self, look_ups: list[LookUp]) -> tuple[Footage, ...]:
        spans: dict[str, list[tuple[datetime, datetime]]] = {}
        for look_up in look_ups[-_FOOTAGE_LOOK_UPS:]:
            terminal = self._context.terminals.get(look_up.terminal_id)
            at = self._time(look_up.at_s)
            for camera_id in terminal.camera_ids if terminal else ():
                rows = spans.setdefault(camera_id, [])
                starts = at - _FOOTAGE_MARGIN
                if rows and starts <= rows[-1][1]:
                    starts = rows.pop()[0]
                rows.append((starts, at + _FOOTAGE_MARGIN))
        return tuple(
            Footage(camera_id=camera_id, from_=starts, to=ends)
            for camera_id in sorted(spans)
            for starts, ends in spans[camera_id]
        )


def _order(look_up: LookUp) -> tuple[float, str]:
    return (look_up.at_s, look_up.event_id)


def _add_look_up(alert: OpenAlert, judgement: Judgement) -> None:
    """Add a look-up to an alert, or its later judgement in the place of the earlier one."""
    look_up, risk = judgement.features.look_up, judgement.risk
    for place, (known_risk, known) in enumerate(alert.look_ups):
        if known.event_id == look_up.event_id:
            alert.look_ups[place] = (max(known_risk, risk), known)
            break
    else:
        alert.count += 1
        alert.look_ups.append((risk, look_up))
    alert.risk = max(alert.risk, risk)
    alert.first_s = min(alert.first_s, look_up.at_s)


def _strongest(findings: list[Finding], judgement: Judgement) -> list[Finding]:
    """Return each detector's strongest finding of any weight, the strongest first."""
    best: dict[str, Finding] = {}
    weighed = [structs.replace(finding, evidence=nats) for nats, finding in judgement.weighed]
    for finding in [*findings, *weighed]:
        if finding.evidence > 0.0 and (
            finding.detector not in best or finding.evidence > best[finding.detector].evidence
        ):
            best[finding.detector] = finding
    return sorted(best.values(), key=lambda f: -f.evidence)


def _reason(finding: Finding) -> Reason:
    detector = DETECTOR[finding.detector]
    return Reason(
        detector=finding.detector,
        score=1.0 - exp(-finding.evidence),
        observed=finding.observed,
        expected=finding.expected,
        unit=detector.unit,
        summary=detector.explain(finding),
    )
