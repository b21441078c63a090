"""What a judged look-up teaches: habits past the gate, counts for what all operators share.

A look-up is scored before anything learns from it, and what scores above the policy's gate
teaches no habit: else an attack teaches the model that it is normal (it cost every good
detector 0.05 to 0.14 AUC in trials).
"""

from __future__ import annotations

from functools import lru_cache

from models.detectors import (
    BEHAVIOUR,
    DETECTOR,
    IDENTITY_PRESENCE,
    OUT_OF_ROLE,
    REPEAT_ACCESS,
    UNEXPLAINED,
)
from models.drift import (
    DAYS_KEPT,
    NEW_DAYS,
    NEW_DAYS_AT_A_NEW_DESK,
    TENTHS,
    work_has_changed,
)
from models.features import Features, Remembered, resident_hash
from models.finding import OF_ALL, Finding
from models.kinds import class_hash, kinds_of
from models.policy import Policy
from models.profile import SETTLED, raise_peaks
from models.scorer import Judgement
from models.tally import Tally, count_into, risk_bin
from schemas.directory import Operator

_WAITING = frozenset(name for name, detector in DETECTOR.items() if detector.waits)
_MOST_A_DAY = 8
_NEW_FOR_DAYS = 40
"""An assignment of so long ago may still be what has changed the work."""
_LEANS_NATS = 0.3
_MOST_BLOCKS = 20
_MOST_CLASSES = 28
_BEYOND = 4
"""So many more are let in before the lightest go, that a new one may grow."""


class Learner:
    """Let judged look-ups teach profile, repertoire and tally."""

    def __init__(self, policy: Policy) -> None:
        self._gate_risk = policy.gate_risk

    def learn(self, judgement: Judgement, tally: Tally) -> None:
        """Let a judged look-up teach habits, if it passes the gate, and count it."""
        features = judgement.features
        profile, look_up = features.profile, features.look_up
        tally.look_ups += 1
        tally.note_joint(judgement.evidence)
        for finding in judgement.findings:
            if finding.marks and finding.detector not in _WAITING:
                _count(finding, features, tally)
        ratio = OUT_OF_ROLE.ratio(features)
        features.repertoire.note(look_up.function, ratio)
        if ratio is not None:
            profile.likeness += ratio.nats
            profile.likened += 1
        if features.open and look_up.resident_id is not None:
            tally.residents.append(resident_hash(look_up.resident_id))
        if judgement.risk >= self._gate_risk and judgement.ready:
            return
        profile.learn(features.slot, features.today)
        raise_peaks(tally.peaks, profile.rates, features.today)
        count_into(tally.slots, features.slot)
        tally.count_function(look_up.function)
        tally.offer_vector(look_up.event_id, lambda: BEHAVIOUR.vector(features))

    def begin_day(self, operator: Remembered, day: int, directory: Operator | None) -> None:
        """Close the operator's last active day, and relearn habits where the work has changed."""
        profile = operator.profile
        profile.close_likeness(DAYS_KEPT, TENTHS)
        assignments = () if directory is None else directory.assignments
        at_a_new_desk = any(
            0 <= day - one.starts_on.toordinal() <= _NEW_FOR_DAYS for one in assignments
        )
        new_days = NEW_DAYS_AT_A_NEW_DESK if at_a_new_desk else NEW_DAYS
        if work_has_changed(profile.like_days, new_days):
            profile.begin_new_work(new_days)
            operator.repertoire.begin_new_work()

    def settle(self, judgement: Judgement, tally: Tally) -> None:
        """Count a look-up's last word: its joint evidence, and whether a case explains it."""
        features, profile = judgement.features, judgement.features.profile
        tally.note_joint(judgement.evidence)
        for finding in judgement.findings:
            if finding.marks and finding.detector in _WAITING:
                _count(finding, features, tally)
        if features.explained is None:
            return
        usual = UNEXPLAINED.usual_share(features) * UNEXPLAINED.slack
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
        count_into(tally.repeats, bucket)
        features.today[SETTLED] += 1
        if features.today[SETTLED] <= _MOST_A_DAY:
            # More is a mailing: one happening, that says little of whom a person looks for.
            profile.surplus = min(60.0, profile.surplus + 1.0 - usual)
            _note_resident(judgement)

    def count_presence(self, judgement: Judgement, tally: Tally) -> None:
        """Count a look-up whose sign-in record never came."""
        for finding in judgement.findings:
            if finding.detector == IDENTITY_PRESENCE.name:
                _count(finding, judgement.features, tally)

    def offer(self, judgement: Judgement, cause: str, tally: Tally) -> None:
        """Count a cause's risk towards the supervisor's threshold."""
        tally.offer_candidate(cause, risk_bin(judgement.risk))


def _note_resident(judgement: Judgement) -> None:
    """Remember of which classes and block an open look-up's resident is."""
    features, profile = judgement.features, judgement.features.profile
    person = features.person
    if person is None:
        return
    keys = [kind.key for kind in kinds_of(person.classes)]
    profile.lately += 1.0
    _add_each(profile.classes, keys)
    leans = any(
        finding.detector == "target_skew" and finding.evidence > _LEANS_NATS
        for finding in judgement.findings
    )
    if not leans:  # a skew that begins is no habit
        profile.in_all += 1.0
        _add_each(profile.leanings, keys)
    household = class_hash(person.household_id or "")
    if person.block_id and household != profile.last_household:
        block = class_hash(person.block_id)
        profile.blocks[block] = profile.blocks.get(block, 0.0) + 1.0
        _keep_heaviest(profile.blocks, _MOST_BLOCKS)
        profile.last_block, profile.last_household = block, household


def _count(finding: Finding, features: Features, tally: Tally) -> None:
    """Count the marks of a finding: for the cohort all, for the person those that are habits."""
    marks = features.profile.marks
    for mark in finding.marks:
        tally.mark(mark)
        if _is_habit(mark):
            marks[mark] = marks.get(mark, 0.0) + 1.0


@lru_cache(maxsize=4096)
def _is_habit(mark: str) -> bool:
    return not mark.startswith(OF_ALL)


def _add_each(weights: dict[int, float], keys: list[int]) -> None:
    for key in keys:
        weights[key] = weights.get(key, 0.0) + 1.0
    _keep_heaviest(weights, _MOST_CLASSES)


def _keep_heaviest(weights: dict[int, float], most: int) -> None:
    if len(weights) > most + _BEYOND:
        for key in sorted(weights, key=lambda k: (weights[k], k))[: len(weights) - most]:
            del weights[key]
