"""Score, gate, learn: the one place that orders them.

A look-up is scored before anything learns from it, and what scores above the policy's gate
teaches no habit: else an attack teaches the model that it is normal (it cost every good
detector 0.05 to 0.14 AUC in trials).
"""

from __future__ import annotations

from math import exp
from typing import NamedTuple

from models.context import Context
from models.detectors import BEHAVIOUR, DETECTOR, DETECTORS, REPEAT_ACCESS
from models.features import Features
from models.finding import EVIDENCE_CAP, Detector, Finding
from models.memory import OperatorMemory
from models.policy import Policy
from models.tally import Tally, count_into, risk_bin

FAMILY_DISCOUNT = 0.6
"""A further family of evidence counts this share of the one before: families lean on one
another, for what is odd in one way is often odd in another."""

_FLOOR = 1e-12
"""Keeps risk above 0 and below 1, and apart where the calibrated tail ends: see `risk_of`."""


class Judgement(NamedTuple):
    """Hold how one look-up was judged.

    `findings` are those of the detectors that are on and ready, `scores` every detector's
    that is on, None while warming up.
    """

    features: Features
    findings: tuple[Finding, ...]
    scores: dict[str, float | None]
    evidence: float
    risk: float

    @property
    def ready(self) -> bool:
        """Return whether at least one habit-learning detector is past its warm-up."""
        return any(DETECTOR[finding.detector].learns_habits for finding in self.findings)


class Scorer:
    """Judge features, and let them teach profile and tally afterwards."""

    def __init__(self, context: Context, policy: Policy) -> None:
        self._context = context
        self._policy = policy
        self._on: tuple[Detector, ...] = ()
        self._fed: frozenset[str] | None = None

    @property
    def switched_on(self) -> tuple[Detector, ...]:
        """Return the detectors whose context is fed."""
        if self._fed is None or len(self._fed) != len(self._context.fed):
            self._fed = frozenset(self._context.fed)
            self._on = tuple(d for d in DETECTORS if d.needs <= self._fed)
        return self._on

    def judge(self, features: Features) -> Judgement:
        """Return every detector's finding and the joint risk of a look-up as it arrives."""
        findings: list[Finding] = []
        scores: dict[str, float | None] = {}
        for detector in self.switched_on:
            finding = detector.find(features)
            scores[detector.name] = None if finding is None else finding.score
            if finding is not None:
                findings.append(finding)
        return self._joined(features, findings, scores)

    def judge_again(self, features: Features, findings: list[Finding]) -> Judgement:
        """Return the judgement at the end of a clock, for good.

        Detectors that wait look again, the others keep what they found; an explained look-up
        loses the findings that waited.
        """
        kept = {finding.detector: finding for finding in findings}
        for detector in self.switched_on:
            if detector.waits:
                finding = detector.find(features)
                if finding is not None:
                    kept[detector.name] = finding
        return self._joined(features, list(kept.values()), {})

    def _joined(
        self, features: Features, findings: list[Finding], scores: dict[str, float | None]
    ) -> Judgement:
        evidence = joint_evidence(findings)
        risk = risk_of(features.cohort.survival(evidence), evidence)
        return Judgement(features, tuple(findings), scores, evidence, risk)

    def learn(self, judgement: Judgement, operator: OperatorMemory, tally: Tally) -> None:
        """Let a judged look-up teach habits, if it passes the gate, and count it."""
        features = judgement.features
        tally.look_ups += 1
        tally.of_residents += features.look_up.resident_id is not None
        odd_bin = self._oddness(judgement)
        if odd_bin is not None:
            count_into(tally.oddness, odd_bin)
        if judgement.risk >= self._policy.gate_risk and judgement.ready:
            return
        operator.profile.learn(features.slot, features.look_up.function)
        for window, peak in enumerate(operator.profile.day_peaks):
            tally.peaks[window] = max(tally.peaks[window], peak)
        count_into(tally.slots, features.slot)
        tally.count_function(features.look_up.function)
        tally.offer_vector(features.look_up.event_id, lambda: BEHAVIOUR.vector(features))

    def settle(self, judgement: Judgement, operator: OperatorMemory, tally: Tally) -> None:
        """Count a look-up's last word: its joint evidence, and whether a case explains it."""
        features, profile = judgement.features, operator.profile
        tally.count_evidence(judgement.evidence)
        if features.explained is None:
            return
        if features.explained:
            profile.covered += 1
            return
        tally.unexplained += 1
        bucket = REPEAT_ACCESS.bucket(features)
        if bucket:
            count_into(tally.repeats, bucket)
        if judgement.risk < self._policy.gate_risk:
            profile.uncovered += 1

    def offer(self, judgement: Judgement, cause: str, tally: Tally) -> None:
        """Count a cause's risk towards the supervisor's threshold."""
        tally.offer_candidate(cause, risk_bin(judgement.risk))

    def _oddness(self, judgement: Judgement) -> int | None:
        """Return the forest's score of a look-up, also while it is too new to be a finding."""
        for finding in judgement.findings:
            if finding.detector == BEHAVIOUR.name:
                return BEHAVIOUR.bin_of(finding)
        return BEHAVIOUR.oddness_bin(judgement.features)


def risk_of(survival: float, evidence: float) -> float:
    """Return the risk of a joint evidence that a share of look-ups reaches or passes.

    Strictly rising in the evidence and inside (0, 1) in floating point too, where 1 - survival
    alone would round to 1.

    >>> 0.0 < risk_of(1.0, 0.0) < risk_of(1e-20, 40.0) < risk_of(1e-30, 47.0) < 1.0
    True
    """
    return 1.0 - (survival * (1.0 - 2 * _FLOOR) + _FLOOR * exp(-0.05 * evidence))


def joint_evidence(findings: list[Finding]) -> float:
    """Return the joint evidence of findings, in nats; grows with each of them.

    Within a family only the strongest counts: two detectors that see the same thing are not
    two witnesses. Across families each further one counts FAMILY_DISCOUNT of the one before.

    >>> joint_evidence([Finding("off_hours", 4.0, 0, 0), Finding("behaviour", 2.0, 0, 0)])
    5.2
    """
    strongest: dict[str, float] = {}
    for finding in findings:
        family = _FAMILY[finding.detector]
        evidence = min(finding.evidence, EVIDENCE_CAP)
        strongest[family] = max(strongest.get(family, 0.0), evidence)
    total, weight = 0.0, 1.0
    for evidence in sorted(strongest.values(), reverse=True):
        total += weight * evidence
        weight *= FAMILY_DISCOUNT
    return total


_FAMILY = {detector.name: detector.family for detector in DETECTORS}
