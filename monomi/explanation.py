"""One look-up's accounts as plain data and as words, in English and Japanese."""

from __future__ import annotations

from datetime import datetime
from math import ceil, floor, log10
from typing import Any

from models.account import Account
from models.calendar import Calendar
from models.context import Context
from models.detectors import DETECTORS
from models.finding import Detector, Finding
from models.policy import Policy
from models.scorer import score_of
from monomi.explain_words import because, of_evidence, of_state, of_threshold, of_tripwire
from schemas.record import Words

Told = dict[str, Any]


class Teller:
    """Tell accounts as the object of `monomi explain --json`, from which the tables are made."""

    def __init__(self, policy: Policy, context: Context, calendar: Calendar) -> None:
        self._policy = policy
        self._context = context
        self._calendar = calendar

    def tell(self, accounts: list[Account]) -> Told:
        """Return everything about a look-up; `accounts` are its own, the arrival's first."""
        arrival = accounts[0]
        look_up = arrival.look_up
        came = {account.moment for account in accounts}
        awaited = {
            moment: self._time(ends_s) for moment, ends_s in arrival.awaits if moment not in came
        }
        return {
            "event_id": look_up.event_id,
            "occurred_at": self._time(look_up.at_s),
            "operator_id": look_up.operator_id,
            "terminal_id": look_up.terminal_id,
            "function": look_up.function,
            "action": look_up.action,
            "resident_id": look_up.resident_id,
            "case_id": look_up.case_id,
            "supervisor_id": arrival.bar.supervisor_id,
            "judged": [self._judged(account) for account in accounts],
            "still_to_come": awaited,
        }

    def _judged(self, account: Account) -> Told:
        told: Told = {
            "moment": account.moment,
            "at": self._time(account.at_s),
            "decision": self._decision(account),
            "case": self._case(account),
            "threshold": self._threshold(account),
            "warm_up_until": self._warm_up(account),
        }
        judgement = account.judgement
        if judgement is None:
            return told
        evidence = {
            "begins": judgement.begins,
            "for": sum(weighed.nats for weighed in judgement.weighed),
            "relief": judgement.relieved,
            "together": judgement.together,
            "joint": judgement.evidence,
        }
        severity = self._policy.severities.of(judgement.risk)
        return told | {
            "risk": judgement.risk,
            "severity": severity,
            "evidence": evidence,
            "tripwire": judgement.tripwire or None,
            "detectors": [self._detector(detector, account) for detector in DETECTORS],
            "in_words": [
                _both(of_evidence(evidence, risk_text(judgement.risk), severity)),
                _both(of_threshold(account.bar, risk_text(account.bar.needs, up=True))),
                _both(of_tripwire(judgement.tripwire)),
            ],
        }

    def _decision(self, account: Account) -> Told:
        decision, judgement = account.decision, account.judgement
        until_s, case = decision.until_s, account.case
        # Enough digits that a risk just below the threshold does not look like it.
        risk = "" if judgement is None else risk_text(judgement.risk)
        words = because(
            account,
            risk,
            risk_text(account.bar.needs, up=True),
            "" if until_s is None else self._local(until_s),
            "" if case is None else self._local(case.opened_s),
        )
        return {
            "code": decision.code,
            "alert_id": decision.alert_id or None,
            "revision": decision.revision or None,
            "because": _both(words),
        }

    def _case(self, account: Account) -> Told | None:
        case = account.case
        if case is None:
            return None
        closed_s = case.closed_s
        return {
            "case_id": case.case_id,
            "opened_at": self._time(case.opened_s),
            "closed_at": None if closed_s is None else self._time(closed_s),
        }

    def _threshold(self, account: Account) -> Told:
        bar = account.bar
        return {
            "supervisor_id": bar.supervisor_id,
            "needs": bar.needs,
            "learned": bar.bound is not None,
            "bound_bin": bar.bound,
            "budget_per_day": bar.budget_per_day,
            "lowest_risk": bar.lowest_risk,
            "first_risk": bar.first_risk,
        }

    def _warm_up(self, account: Account) -> str | None:
        warming = account.at_s < account.warm_until_s
        return self._time(account.warm_until_s) if warming else None

    def _detector(self, detector: Detector, account: Account) -> Told:
        judgement = account.judgement
        found: dict[str, Finding] = {}
        nats: dict[str, float] = {}
        if judgement is not None:
            found = {finding.detector: finding for finding in judgement.findings}
            nats = {weighed.finding.detector: weighed.nats for weighed in judgement.weighed}
        finding = found.get(detector.name)
        state, missing = self._state(detector, finding, account)
        weighs, words = nats.get(detector.name, 0.0), of_state(state, missing)
        if finding is not None and state == "seen":
            words = detector.explain(finding)
        on = state in ("seen", "nothing")
        score = 0.0 if finding is None else score_of(finding)
        return {
            "detector": detector.name,
            "state": state,
            "score": score if on else None,
            "nats": weighs if on else None,
            "observed": finding.observed if finding else None,
            "expected": finding.expected if finding else None,
            "unit": detector.unit,
            "summary": _both(words),
        }

    def _state(
        self, detector: Detector, finding: Finding | None, account: Account
    ) -> tuple[str, list[str]]:
        """Return what a detector does here, and which context it lacks."""
        if detector.name in self._policy.switched_off:
            return "switched_off", []
        missing = sorted(detector.needs - self._context.fed)
        if missing:
            return "not_fed", missing
        if detector.name in account.warming:
            return "warming_up", []
        return "seen" if finding is not None and finding.evidence > 0.0 else "nothing", []

    def _time(self, at_s: float) -> str:
        return self._calendar.local(at_s).isoformat(timespec="milliseconds")

    def _local(self, at_s: float) -> str:
        return minute_text(self._calendar.local(at_s).isoformat())


def risk_text(risk: float, *, up: bool = False) -> str:
    """Return a risk with digits enough to tell it from 1 and from a threshold beside it.

    Cut off, or with `up` rounded up: what is below a threshold looks so.

    >>> risk_text(0.99310), risk_text(0.99999712), risk_text(0.996838, up=True)
    ('0.9931', '0.9999971', '0.9969')
    """
    digits = max(4, ceil(-log10(1.0 - risk)) + 1)
    scaled = round(risk * 10**digits, 3)
    return f"{(ceil(scaled) if up else floor(scaled)) / 10**digits:.{digits}f}"


def minute_text(at: str) -> str:
    """Return a time of the object as people read it.

    >>> minute_text("2014-11-02T14:02:07.120+09:00")
    '2014-11-02 14:02'
    """
    return f"{datetime.fromisoformat(at):%Y-%m-%d %H:%M}"


def _both(words: Words) -> dict[str, str]:
    return {"en": words.en, "ja": words.ja}
