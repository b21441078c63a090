"""Every detector's finding on one look-up, and the joint risk of all."""

from __future__ import annotations

from collections.abc import Callable
from math import exp
from typing import NamedTuple

from models.context import Context
from models.detectors import DETECTORS, IDENTITY_PRESENCE
from models.features import Features
from models.finding import NOTHING, Detector, Finding
from models.joint import EVIDENCE_ABOVE_NATS, Weighed, risk_of
from models.policy import Policy
from models.tables import Tables
from models.weights import Weights, builtin_weights


class Judgement(NamedTuple):
    """Hold how one look-up was judged.

    `findings` are those of the detectors that are on and ready and saw something, `weighed`
    those that weigh, the heaviest first; `scores` every detector's that is on, None while
    warming up. The joint `evidence` `begins` somewhere, is `relieved` by so much, and is
    changed by what the signs say `together`. `tripwire` names the mark that passes every
    threshold, if there is one.
    """

    features: Features
    findings: list[Finding]
    weighed: list[Weighed]
    scores: dict[str, float | None]
    begins: float
    relieved: float
    together: float
    evidence: float
    risk: float
    ready: bool
    tripwire: str


def score_of(finding: Finding) -> float:
    """Return a finding as score files show it: its evidence from 0 to 1, where it has no other."""
    return 1.0 - exp(-finding.evidence) if finding.shown is None else finding.shown


class _Judge(NamedTuple):
    """Hold what asking one detector takes, looked up once."""

    detector: Detector
    name: str
    find: Callable[[Features], Finding | None]
    curve: Callable[[float], float]
    weight: float


class Scorer:
    """Judge features by the detectors whose context is fed."""

    def __init__(self, context: Context, policy: Policy, weights: Weights | None = None) -> None:
        self._context = context
        self._policy = policy
        self.weights = weights or builtin_weights()
        self._tables = Tables(self.weights.tables, self.weights.most_together_nats)
        self._nothing_open = self._beside(0.0, 0.0, 0)
        self._judges: tuple[_Judge, ...] = ()
        self._of: dict[str, _Judge] = {}
        self._fed: frozenset[str] | None = None
        self._tripwires = frozenset(policy.tripwires)

    @property
    def switched_on(self) -> tuple[Detector, ...]:
        """Return the detectors whose context is fed."""
        return tuple(judge.detector for judge in self._asked())

    def _asked(self) -> tuple[_Judge, ...]:
        if self._fed is None or len(self._fed) != len(self._context.fed):
            self._fed = frozenset(self._context.fed)
            off = set(self._policy.switched_off)
            self._judges = tuple(
                _Judge(
                    d,
                    d.name,
                    d.find,
                    self.weights.curve(d.name).nats,
                    self._policy.weight_of(d.name),
                )
                for d in DETECTORS
                if d.needs <= self._fed and d.name not in off
            )
            self._of = {judge.name: judge for judge in self._judges}
        return self._judges

    def judge(self, features: Features) -> Judgement:
        """Return every detector's finding and the joint risk of a look-up as it arrives."""
        findings: list[Finding] = []
        scores: dict[str, float | None] = {}
        ready = False
        for judge in self._asked():
            finding = judge.find(features)
            if finding is None:
                scores[judge.name] = None
                continue
            ready = ready or judge.detector.learns_habits
            if finding is NOTHING:
                scores[judge.name] = 0.0
                continue
            findings.append(finding)
            scores[judge.name] = score_of(finding)
        return self._joined(features, findings, scores, ready)

    def judge_again(self, features: Features, findings: list[Finding]) -> Judgement:
        """Return the judgement at the end of a clock, for good.

        Detectors that wait look again, the others keep what they found; an explained look-up
        loses the findings that waited.
        """
        kept: list[Finding] = []
        before = {finding.detector: finding for finding in findings}
        ready = False
        for judge in self._asked():
            finding: Finding | None = before.get(judge.name, NOTHING)
            if judge.detector.waits:
                finding = judge.find(features)
            if finding is None:
                continue
            ready = ready or judge.detector.learns_habits
            if finding is not NOTHING:
                kept.append(finding)
        return self._joined(features, kept, {}, ready)

    def judge_presence(self, features: Features, findings: list[Finding]) -> Judgement | None:
        """Return the judgement once a sign-in record has had time to come; None if it came."""
        on = IDENTITY_PRESENCE in self.switched_on
        finding = IDENTITY_PRESENCE.find(features) if on else None
        if finding is None or "no_sign_in" not in finding.marks:
            return None
        kept = [*(f for f in findings if f.detector != finding.detector), finding]
        return self._joined(features, kept, {}, True)

    def _joined(
        self,
        features: Features,
        findings: list[Finding],
        scores: dict[str, float | None],
        ready: bool,
    ) -> Judgement:
        weighed, answers, tripwire = self._weighed(findings)
        begins, relieved = EVIDENCE_ABOVE_NATS + self.weights.base, 0.0
        if features.open:
            relief = 0.0
            for finding in findings:
                relief += finding.relief
            begins += self.weights.open
            relieved = self.weights.relief.nats(relief) if relief else 0.0
            answers |= self._beside(relief, 1.0, features.run)
        else:
            answers |= self._nothing_open
        together = self._tables.nats(answers)
        total = begins - relieved + together
        for nats, _ in weighed:
            total += nats
        evidence = max(0.0, total)
        ward = features.snapshot.ward
        risk = risk_of(ward.survival(evidence), evidence, ward.look_ups_a_day)
        return Judgement(
            features,
            findings,
            weighed,
            scores,
            begins,
            relieved,
            together,
            evidence,
            risk,
            ready,
            tripwire,
        )

    def _weighed(self, findings: list[Finding]) -> tuple[list[Weighed], int, str]:
        """Return what findings weigh, the heaviest first, the tables' answers, and a tripwire."""
        weighed, answers, tripwire = [], 0, ""
        of, answers_of = self._of, self._tables.answers
        for finding in findings:
            judge = of.get(finding.detector)
            if judge is None or not judge.weight:
                continue
            answers |= answers_of(judge.name, finding.evidence)
            nats = judge.curve(finding.evidence) * judge.weight
            if nats > 0.0:
                weighed.append(Weighed(nats, finding))
                if finding.marks and not tripwire:
                    tripwire = next((m for m in finding.marks if m in self._tripwires), "")
        if len(weighed) > 1:
            weighed.sort(key=_heaviest_first)
        return weighed, answers, tripwire

    def _beside(self, relief: float, is_open: float, run: int) -> int:
        """Return the answers to what tables ask beside detectors."""
        answers = self._tables.answers
        return answers("relief", relief) | answers("open", is_open) | answers("run", run)


def _heaviest_first(weighed: Weighed) -> float:
    return -weighed.nats
