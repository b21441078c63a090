"""Score, gate, learn: the one place that orders them.

A look-up is scored before anything learns from it, and what scores above the policy's gate
teaches no habit: else an attack teaches the model that it is normal (it cost every good
detector 0.05 to 0.14 AUC in trials).
"""

from __future__ import annotations

from math import exp, expm1, log1p
from typing import NamedTuple

from models.context import Context
from models.detectors import (
    BEHAVIOUR,
    DETECTOR,
    DETECTORS,
    IDENTITY_PRESENCE,
    OUT_OF_ROLE,
    REPEAT_ACCESS,
    UNEXPLAINED,
)
from models.features import Features, class_hash, resident_hash
from models.finding import EVIDENCE_CAP, NOTHING, Detector, Finding
from models.memory import OperatorMemory
from models.policy import Policy
from models.profile import COPIES, LOOK_UPS, PEAK_COPIES, PEAK_DAY, SETTLED
from models.tally import Tally, evidence_bin, risk_bin

_FLOOR = 1e-12
"""Keeps risk above 0 and below 1, and apart where the calibrated tail ends: see `risk_of`."""


class Weighed(NamedTuple):
    """Hold a finding with what it weighs in its cohort, in nats."""

    nats: float
    finding: Finding


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
    """Judge features, and let them teach profile and tally afterwards."""

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
        weighed: list[Weighed] = []
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
                nats = self._weigh(detector, finding, features)
                if nats > 0.0:
                    weighed.append(Weighed(nats, finding))
        return self._joined(features, kept, weighed, {}, ready)

    def judge_presence(self, features: Features, findings: list[Finding]) -> Judgement | None:
        """Return the judgement once a sign-in record has had time to come; None if it came."""
        finding = IDENTITY_PRESENCE.find(features)
        if finding is None or "no_sign_in" not in finding.marks:
            return None
        others = [f for f in findings if f.detector != finding.detector]
        weighed = [Weighed(self._weigh(DETECTOR[f.detector], f, features), f) for f in others]
        weighed.append(Weighed(self._weigh(IDENTITY_PRESENCE, finding, features), finding))
        weighed = [w for w in weighed if w.nats > 0.0]
        return self._joined(features, [*others, finding], weighed, {}, True)

    def count_presence(self, judgement: Judgement, tally: Tally) -> None:
        """Count a look-up whose sign-in record never came."""
        for finding in judgement.findings:
            if finding.detector == IDENTITY_PRESENCE.name:
                _count(finding, judgement.features, tally)

    def _weigh(self, detector: Detector, finding: Finding, features: Features) -> float:
        if finding.evidence <= 0.0:
            return 0.0
        nats = finding.evidence
        if detector.among != "share":
            nats = features.cohort.weigh(detector.name, nats, detector.among)
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
        if findings:
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

    def learn(self, judgement: Judgement, operator: OperatorMemory, tally: Tally) -> None:
        """Let a judged look-up teach habits, if it passes the gate, and count it."""
        features = judgement.features
        profile, look_up = features.profile, features.look_up
        tally.look_ups += 1
        _top(judgement, tally)
        for finding in judgement.findings:
            if not DETECTOR[finding.detector].waits:
                _count(finding, features, tally)
        features.repertoire.note(look_up.function, OUT_OF_ROLE.nats(features))
        if features.open and look_up.resident_id is not None:
            tally.residents.append(resident_hash(look_up.resident_id))
        if judgement.risk >= self._policy.gate_risk and judgement.ready:
            return
        profile.learn(features.slot, features.today)
        _raise_peaks(tally, profile.rates, features.today)
        tally.slots[features.slot] = tally.slots.get(features.slot, 0) + 1
        tally.count_function(look_up.function)
        tally.offer_vector(look_up.event_id, lambda: BEHAVIOUR.vector(features))

    def settle(self, judgement: Judgement, operator: OperatorMemory, tally: Tally) -> None:
        """Count a look-up's last word: its joint evidence, and whether a case explains it."""
        features, profile = judgement.features, judgement.features.profile
        _top(judgement, tally)
        for finding in judgement.findings:
            if DETECTOR[finding.detector].waits:
                _count(finding, features, tally)
        if features.explained is None:
            return
        usual = UNEXPLAINED.usual_share(features) * UNEXPLAINED.parameters.slack
        if features.explained:
            profile.covered += 1
            tally.covered += 1
            profile.surplus = max(0.0, profile.surplus - usual)
            return
        bucket = REPEAT_ACCESS.bucket(features)
        if not bucket:
            return
        tally.open += 1
        profile.open += 1
        features.today[SETTLED] += 1
        tally.repeats[bucket] = tally.repeats.get(bucket, 0) + 1
        if features.today[SETTLED] > _MOST_A_DAY:
            return  # a mailing: one happening, that says little of whom a person looks for
        profile.surplus = min(60.0, profile.surplus + 1.0 - usual)
        person = features.person
        if person is not None:
            for name in person.classes:
                key = class_hash(name)
                profile.classes[key] = profile.classes.get(key, 0.0) + 1.0
                profile.leanings[key] = profile.leanings.get(key, 0.0) + 1.0
            profile.lately += 1.0
            profile.in_all += 1.0
            _keep_heaviest(profile.classes, _MOST_CLASSES)
            _keep_heaviest(profile.leanings, _MOST_CLASSES)
            if person.block_id:
                _note_block(features)

    def offer(self, judgement: Judgement, cause: str, tally: Tally) -> None:
        """Count a cause's risk towards the supervisor's threshold."""
        tally.offer_candidate(cause, risk_bin(judgement.risk))


def _count(finding: Finding, features: Features, tally: Tally) -> None:
    """Count what a finding showed: its evidence for the cohort, its marks for both."""
    if finding.evidence > 0.0:
        among = DETECTOR[finding.detector].among
        if among == "open":
            tally.show(finding.detector, finding.evidence)
        elif among == "days":
            tally.top(finding.detector, finding.evidence)
    marks = features.profile.marks
    for mark in finding.marks:
        tally.mark(mark)
        if not mark.startswith("u.k."):
            marks[mark] = marks.get(mark, 0.0) + 1.0


def _top(judgement: Judgement, tally: Tally) -> None:
    """Keep the day's highest joint evidence, and that about a resident."""
    tally.joint = max(tally.joint, evidence_bin(judgement.evidence))
    if judgement.about_resident > 0.0:
        tally.top(RESIDENT, judgement.about_resident)
    if judgement.about_work > 0.0:
        tally.top(WORK, judgement.about_work)


def _raise_peaks(tally: Tally, rates: list[float], today: list[int]) -> None:
    peaks = tally.peaks
    for i in range(PEAK_DAY):
        if rates[i] > peaks[i]:
            peaks[i] = rates[i]
    if today[LOOK_UPS] > peaks[PEAK_DAY]:
        peaks[PEAK_DAY] = float(today[LOOK_UPS])
    if today[COPIES] > peaks[PEAK_COPIES]:
        peaks[PEAK_COPIES] = float(today[COPIES])


def _note_block(features: Features) -> None:
    """Remember in which block and household the operator's last open look-up was."""
    person, profile = features.person, features.profile
    if person is None or not person.block_id:
        return
    household = class_hash(person.household_id or "")
    if household != profile.last_household:
        block = class_hash(person.block_id)
        profile.blocks[block] = profile.blocks.get(block, 0.0) + 1.0
        _keep_heaviest(profile.blocks, _MOST_BLOCKS)
        profile.last_block, profile.last_household = block, household


def _keep_heaviest(weights: dict[int, float], most: int) -> None:
    if len(weights) > most + 8:
        for key in sorted(weights, key=lambda k: (weights[k], k))[: len(weights) - most]:
            del weights[key]


_MOST_A_DAY = 8
_MOST_BLOCKS = 32
_MOST_CLASSES = 40


def risk_of(survival: float, evidence: float, look_ups_a_day: float) -> float:
    """Return the risk of a joint evidence that a share of operators' days reaches.

    The share of look-ups, if those of a day were alike: 1 - (1 - survival)^(1 / look-ups).
    Strictly rising in the evidence and inside (0, 1) in floating point too, where the power
    alone would round to 1.

    >>> 0.0 < risk_of(1.0, 0.0, 30) < risk_of(1e-20, 40.0, 30) < risk_of(1e-30, 47.0, 30) < 1.0
    True
    """
    days = min(survival, 1.0 - 1e-15)
    share = -expm1(log1p(-days) / max(1.0, look_ups_a_day))
    return 1.0 - (share * (1.0 - 2 * _FLOOR) + _FLOOR * exp(-0.05 * evidence))


def resident_evidence(weighed: list[Weighed]) -> float:
    """Return the evidence about the resident: the sum over the families that look at that.

    Who is looked at, how often and what binds the two are chosen by chance in honest work, one
    independently of the other.
    """
    total, seen = 0.0, set()
    for nats, finding in weighed:
        family = _FAMILY[finding.detector]
        if family in _OF_RESIDENT and family not in seen:
            seen.add(family)
            total += nats
    return total


def work_evidence(weighed: list[Weighed], discount: float) -> float:
    """Return the evidence about the operator's work, the heaviest first, in nats.

    Within a family only the heaviest counts: two detectors that see the same thing are not
    two witnesses. Across families each further one counts a share of the one before: what is
    odd in one way is often odd in another.

    >>> found = [Weighed(4.0, Finding("off_hours", 4.0, 0, 0)),
    ...          Weighed(2.0, Finding("contract", 2.0, 0, 0))]
    >>> work_evidence(found, 0.6)
    5.2
    """
    total, weight, seen = 0.0, 1.0, set(_OF_RESIDENT)
    for nats, finding in weighed:
        family = _FAMILY[finding.detector]
        if family not in seen:
            seen.add(family)
            total += weight * nats
            weight *= discount
    return total


RESIDENT, WORK = "resident", "work"
_OF_RESIDENT = frozenset({"pair", "tie", "target"})
_FAMILY = {detector.name: detector.family for detector in DETECTORS}
