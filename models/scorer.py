"""Every detector's finding on one look-up, and the joint risk of all."""

from __future__ import annotations

from math import exp
from typing import NamedTuple

from models.context import Context
from models.detectors import DETECTOR, DETECTORS, IDENTITY_PRESENCE
from models.features import Features
from models.finding import EVIDENCE_CAP, NOTHING, Detector, Finding
from models.joint import (
    DETECTOR_KEY,
    RESIDENT,
    WORK,
    Weighed,
    resident_evidence,
    risk_of,
    work_evidence,
)
from models.policy import Policy


class Judgement(NamedTuple):
    """Hold how one look-up was judged.

    `findings` are those of the detectors that are on and ready and saw something, `weighed`
    those that weigh, the heaviest first; `scores` every detector's that is on, None while
    warming up. `tripwire` names the mark that passes every threshold, if there is one.
    """

    features: Features
    findings: tuple[Finding, ...]
    weighed: tuple[Weighed, ...]
    scores: dict[str, float | None]
    about_resident: float
    about_work: float
    evidence: float
    risk: float
    ready: bool
    tripwire: str


class Scorer:
    """Judge features by the detectors whose context is fed."""

    def __init__(self, context: Context, policy: Policy) -> None:
        self._context = context
        self._policy = policy
        self._on: tuple[Detector, ...] = ()
        self._fed: frozenset[str] | None = None
        self._tripwires = frozenset(policy.tripwires)

    @property
    def switched_on(self) -> tuple[Detector, ...]:
        """Return the detectors whose context is fed."""
        if self._fed is None or len(self._fed) != len(self._context.fed):
            self._fed = frozenset(self._context.fed)
            off = set(self._policy.switched_off)
            self._on = tuple(d for d in DETECTORS if d.needs <= self._fed and d.name not in off)
        return self._on

    def judge(self, features: Features) -> Judgement:
        """Return every detector's finding and the joint risk of a look-up as it arrives."""
        findings: list[Finding] = []
        weighed: list[Weighed] = []
        scores: dict[str, float | None] = {}
        ready = False
        for detector in self.switched_on:
            finding = detector.find(features)
            if finding is None:
                scores[detector.name] = None
                continue
            ready = ready or detector.learns_habits
            if finding is NOTHING:
                scores[detector.name] = 0.0
                continue
            findings.append(finding)
            nats = self._weigh(detector, finding, features)
            if nats > 0.0:
                weighed.append(Weighed(nats, finding))
            scores[detector.name] = 1.0 - exp(-nats) if finding.shown is None else finding.shown
        return self._joined(features, findings, weighed, scores, ready)

    def judge_again(self, features: Features, findings: list[Finding]) -> Judgement:
        """Return the judgement at the end of a clock, for good.

        Detectors that wait look again, the others keep what they found; an explained look-up
        loses the findings that waited.
        """
        kept: list[Finding] = []
        before = {finding.detector: finding for finding in findings}
        ready = False
        for detector in self.switched_on:
            finding: Finding | None = before.get(detector.name, NOTHING)
            if detector.waits:
                finding = detector.find(features)
            if finding is None:
                continue
            ready = ready or detector.learns_habits
            if finding is not NOTHING:
                kept.append(finding)
        return self._joined(features, kept, self._weighed(kept, features), {}, ready)

    def judge_presence(self, features: Features, findings: list[Finding]) -> Judgement | None:
        """Return the judgement once a sign-in record has had time to come; None if it came."""
        on = IDENTITY_PRESENCE in self.switched_on
        finding = IDENTITY_PRESENCE.find(features) if on else None
        if finding is None or "no_sign_in" not in finding.marks:
            return None
        kept = [*(f for f in findings if f.detector != finding.detector), finding]
        return self._joined(features, kept, self._weighed(kept, features), {}, True)

    def _weighed(self, findings: list[Finding], features: Features) -> list[Weighed]:
        """Return the findings that weigh, in their order."""
        each = (Weighed(self._weigh(DETECTOR[f.detector], f, features), f) for f in findings)
        return [weighed for weighed in each if weighed.nats > 0.0]

    def _weigh(self, detector: Detector, finding: Finding, features: Features) -> float:
        if finding.evidence <= 0.0:
            return 0.0
        nats = finding.evidence
        if detector.among != "share":
            nats = features.cohort.weigh(detector.name, nats, detector.among)
            if detector.among == "days":
                nats = features.profile.habit_nats(DETECTOR_KEY[detector.name], nats)
        return min(EVIDENCE_CAP, nats * self._policy.weight_of(detector.name))

    def _joined(
        self,
        features: Features,
        findings: list[Finding],
        weighed: list[Weighed],
        scores: dict[str, float | None],
        ready: bool,
    ) -> Judgement:
        about_resident, about_work, evidence, tripwire = 0.0, 0.0, 0.0, ""
        if weighed:
            weighed.sort(key=lambda w: -w.nats)
            about_resident = resident_evidence(weighed)
            if features.open:
                relief = sum(finding.relief for finding in findings)
                about_resident = max(0.0, about_resident - relief)
            cohort, discount = features.cohort, self._policy.family_discount
            about_work = work_evidence(weighed, discount)
            parts = (
                cohort.weigh(RESIDENT, about_resident, "days"),
                cohort.weigh(WORK, about_work, "days"),
            )
            evidence = max(parts) + discount * min(parts)
            for _, finding in weighed:
                for mark in finding.marks:
                    if mark in self._tripwires:
                        tripwire = tripwire or mark
        survival = features.cohort.survival(evidence)
        risk = risk_of(survival, evidence, features.snapshot.ward.look_ups_a_day)
        return Judgement(
            features,
            tuple(findings),
            tuple(weighed),
            scores,
            about_resident,
            about_work,
            evidence,
            risk,
            ready,
            tripwire,
        )
