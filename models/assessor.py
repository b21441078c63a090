"""One look-up's way: judged on arrival, learned from, judged for good when its clock ends."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from zlib import crc32

import msgspec

from models.account import Awaited, Moment, Watch, Witness
from models.calendar import DAY_S, Calendar
from models.context import Context
from models.decision import BELOW_LOWEST, EXPLAINED, NOT_READY, SIGNED_IN, STALE, Decision
from models.evidence import EvidenceMaker
from models.features import FeatureMaker, Features, LookUp, look_up_of
from models.grouping import Grouper, cause_of
from models.learning import Learner
from models.memory import Memory, OperatorMemory, Waiting
from models.pairs import Pair
from models.policy import Policy
from models.profile import COPIES, LOOK_UPS, OF_RESIDENTS, OPEN, TODAY, TRAWLS
from models.scorer import Judgement, Scorer
from models.shared import Snapshot
from models.tally import Tally
from models.weights import Weights
from schemas.access import AccessQuery
from schemas.alerts import Alert, Evidence
from schemas.events import LookUpEvent

LATE_S = 15 * 60.0
STALE_S = 7 * DAY_S
SIGN_IN_WAIT_S = 120.0
"""A look-up waits so long for its sign-in record."""
_DRAWN_EVERY = 4
"""Of so many open look-ups one is compared with a resident drawn by lot, and counts for all."""
_DAYS_A_YEAR = 365.25


class Applied(msgspec.Struct, frozen=True, gc=False):
    """Say what became of a record: a judgement of a look-up, and whether it came late."""

    judgement: Judgement | None = None
    duplicate: bool = False
    late: bool = False
    stale: bool = False


class Assessor:
    """Judge the look-ups of one partition by the snapshot in force, and remember them."""

    def __init__(
        self,
        memory: Memory,
        context: Context,
        policy: Policy,
        calendar: Calendar,
        weights: Weights | None = None,
        *,
        evidence: bool = True,
    ) -> None:
        self._memory = memory
        self._context = context
        self._policy = policy
        self._calendar = calendar
        self._features = FeatureMaker(context, calendar, policy)
        self.scorer = Scorer(context, policy, weights)
        self._grouper = Grouper(policy, context, calendar, self.scorer.weights.name)
        self._evidence = EvidenceMaker(memory.pairs, context, calendar, policy, wanted=evidence)
        self._learner = Learner(policy)
        self.snapshot: Snapshot | None = None
        self.raised: list[tuple[Alert, Evidence]] = []
        self.clocks_fired = 0
        self.on_judged: Callable[[Judgement, float], None] | None = None
        self._lowest_risk_of = lru_cache(maxsize=4096)(policy.lowest_risk_of)
        self._pairs_kept_days = policy.pair_memory_years * _DAYS_A_YEAR
        self._witness = Witness(self.scorer, self._grouper, context, policy)

    def watch(self, event_id: str, watch: Watch) -> None:
        """Tell from now on how one look-up is judged, each time that it is."""
        self._witness.ask(event_id, watch)

    def apply(self, event: AccessQuery | LookUpEvent) -> Applied:
        """Judge and apply one look-up, to whose time the caller has advanced."""
        at_s = event.at_s
        operator = self._memory.operator(event.operator_id)
        if operator.remembers("access.queries", event.event_id):
            return Applied(duplicate=True)
        look_up, profile = look_up_of(event, at_s), operator.profile
        behind_s = profile.newest_s - at_s if profile.look_ups else 0.0
        day = self._calendar.day(at_s)
        if behind_s > STALE_S:
            features = self._make(look_up, operator, day, [0] * len(TODAY))
            judgement = self.scorer.judge(features)
            if event.event_id == self._witness.event_id:
                self._witness.tell("arrival", at_s, features, judgement, STALE, 0.0)
            return Applied(judgement, stale=True)
        if day > profile.day and profile.day:
            known = self._context.operators.get(operator.operator_id)
            self._learner.begin_day(operator, day, known)
        today = profile.count(at_s, day)
        operator.timeline.note(look_up, day, today[LOOK_UPS])
        profile.note_place(look_up.terminal_id, at_s)
        features = self._make(look_up, operator, day, today)
        if look_up.resident_id is not None:
            today[OF_RESIDENTS] += 1
        if features.open:
            today[OPEN] += 1
        if look_up.copies or look_up.action in ("print", "export"):
            today[COPIES] += look_up.copies or 1
        if look_up.trawl:
            today[TRAWLS] += 1
            profile.trawl_s = max(profile.trawl_s, at_s)
        features.run = features.place_in_run()
        judgement = self.scorer.judge(features)
        operator.remember("access.queries", event.event_id, day)
        self._learn(judgement, operator, day)
        decision = self._raise(judgement, operator, at_s)
        if event.event_id == self._witness.event_id:
            self._tell("arrival", at_s, features, judgement, decision)
        return Applied(judgement, late=behind_s > LATE_S)

    def _make(
        self,
        look_up: LookUp,
        operator: OperatorMemory,
        day: int,
        today: list[int],
        known_until_s: float | None = None,
        *,
        firm: bool = False,
    ) -> Features:
        if self.snapshot is None:
            raise RuntimeError("advance before applying")
        pair, snapshot = self._pair(look_up, day), self.snapshot
        return self._features.make(
            look_up, day, operator, today, pair, snapshot, known_until_s, firm=firm
        )

    def _learn(self, judgement: Judgement, operator: OperatorMemory, day: int) -> None:
        features = judgement.features
        look_up = features.look_up
        tally = self._tally(features, operator)
        self._learner.learn(judgement, tally)
        if look_up.resident_id is not None:
            names, covered = (operator.operator_id, look_up.resident_id), features.explained is True
            self._memory.pairs.look_up(names, features.pair, day, covered=covered)
        if features.open:
            self._start_clock(judgement)
        else:
            self._learner.settle(judgement, tally)
        if self._features.awaits_sign_in(features):
            ends_s = look_up.at_s + SIGN_IN_WAIT_S
            self._memory.wait(Waiting(ends_s, look_up, judgement.findings, True, features.run))

    def _start_clock(self, judgement: Judgement) -> None:
        ends_s = self._clock_ends_s(judgement.features)
        look_up = judgement.features.look_up
        run = judgement.features.run
        self._memory.wait(Waiting(ends_s, look_up, judgement.findings, run=run))

    def _clock_ends_s(self, features: Features) -> float:
        desk = features.desk
        if not desk.clock_midnight_s:
            section = self._context.sections.get(desk.section_id) if desk.section_id else None
            days = self._policy.clock_of(desk.section_id)
            end = self._calendar.working_days_after(section, desk.midnight_s, days)
            desk.clock_midnight_s = end
        return desk.clock_midnight_s + (features.look_up.at_s - desk.midnight_s)

    def end_clock(self, waiting: Waiting) -> None:
        """Judge a look-up for good, with what was known at the end of its clock."""
        self.clocks_fired += 1
        look_up = waiting.look_up
        operator = self._memory.operator(look_up.operator_id)
        day = self._calendar.day(look_up.at_s)
        today, firm = operator.profile.days.get(day) or [0] * len(TODAY), not waiting.for_sign_in
        features = self._make(look_up, operator, day, today, waiting.ends_s, firm=firm)
        features.run = waiting.run
        if waiting.for_sign_in:
            judgement, decision = self._end_wait(waiting, features, operator)
        else:
            judgement = self.scorer.judge_again(features, waiting.findings)
            decision = self._settle(judgement, operator, waiting.ends_s)
        if look_up.event_id == self._witness.event_id:
            moment: Moment = "sign_in" if waiting.for_sign_in else "clock"
            self._tell(moment, waiting.ends_s, features, judgement, decision)

    def _end_wait(
        self, waiting: Waiting, features: Features, operator: OperatorMemory
    ) -> tuple[Judgement | None, Decision]:
        """Judge a look-up again if its sign-in record never came."""
        again = self.scorer.judge_presence(features, waiting.findings)
        if again is None:
            return None, SIGNED_IN
        self._learner.count_presence(again, self._tally(features, operator))
        return again, self._raise(again, operator, waiting.ends_s)

    def _settle(self, judgement: Judgement, operator: OperatorMemory, ends_s: float) -> Decision:
        """Learn a look-up's last word: a case has come after all, or it stays unexplained."""
        features = judgement.features
        look_up, day = features.look_up, features.day
        self._learner.settle(judgement, self._tally(features, operator))
        if features.explained:
            features.today[OPEN] -= features.today[OPEN] > 0
            self._serve(features)
            return EXPLAINED
        self._compare_by_lot(features, operator)
        decision = self._raise(judgement, operator, ends_s)
        if look_up.resident_id is not None:
            pair, where = features.pair or Pair(day, day, 1), features.desk.circumstances
            names = (operator.operator_id, look_up.resident_id)
            self._memory.pairs.leave_open(names, pair, day, where)
        return decision

    def _compare_by_lot(self, features: Features, operator: OperatorMemory) -> None:
        """Count how often somebody drawn by lot has a case in the house, or has been served."""
        look_up = features.look_up
        lot = crc32(look_up.event_id.encode())
        other = self._context.anybody(lot // _DRAWN_EVERY) if lot % _DRAWN_EVERY == 0 else None
        if other is None:
            return
        tally = self._tally(features, operator)
        if self._features.is_near(features, other):
            tally.mark("u.near0", _DRAWN_EVERY)
        until_s = features.known_until_s
        if self._context.was_served(features.desk.sections, other, until_s):
            tally.mark("u.past0", _DRAWN_EVERY)
        pair = self._memory.pairs.pair(look_up.operator_id, other)
        if pair is not None and pair.covered:
            tally.mark("u.served0", _DRAWN_EVERY)

    def _serve(self, features: Features) -> None:
        """Note that a case has explained a look-up after all."""
        resident_id, pair = features.look_up.resident_id, features.pair
        if resident_id is not None and pair is not None:
            names = (features.look_up.operator_id, resident_id)
            self._memory.pairs.explain(names, pair, features.day)

    def _raise(self, judgement: Judgement, operator: OperatorMemory, at_s: float) -> Decision:
        """Offer a judgement with a finding to the supervisor's book; open or extend an alert."""
        if self.on_judged is not None:
            self.on_judged(judgement, at_s)
        if not judgement.ready and not judgement.tripwire:
            return NOT_READY
        features = judgement.features
        lowest = self._lowest_risk_of(features.desk.section_id)
        if not judgement.tripwire and (judgement.risk < lowest or not judgement.weighed):
            return BELOW_LOWEST
        cause = cause_of(judgement)
        self._learner.offer(judgement, cause, self._tally(features, operator))
        warm_until_s = self._warm_until_s(features, at_s)
        if not judgement.tripwire and at_s < warm_until_s:
            return Decision("warming_up", until_s=warm_until_s)
        decision = self._grouper.take(judgement, cause, operator, at_s)
        if decision.alerts:
            alert = operator.alerts[cause]
            evidence = self._evidence.record(alert, judgement, operator.timeline)
            self.raised.append((self._grouper.alert_record(alert), evidence))
        return decision

    def _warm_until_s(self, features: Features, at_s: float) -> float:
        """Return until when tripwires alone may alert: office and operator must both be known."""
        days, first_day = self._policy.warm_up_days, features.snapshot.state.first_day
        # Without a snapshot, at least until there is one.
        last = first_day + days if first_day else self._calendar.day(at_s) + max(1, days)
        return max(self._calendar.midnight_s(last), features.profile.first_s + days * DAY_S)

    def _tell(
        self,
        moment: Moment,
        at_s: float,
        features: Features,
        judgement: Judgement | None,
        decision: Decision,
    ) -> None:
        awaits: Awaited = ()
        if moment == "arrival" and self._features.awaits_sign_in(features):
            awaits = (("sign_in", at_s + SIGN_IN_WAIT_S),)
        if moment == "arrival" and features.open:
            awaits = (*awaits, ("clock", self._clock_ends_s(features)))
        warm_until_s = self._warm_until_s(features, at_s)
        self._witness.tell(moment, at_s, features, judgement, decision, warm_until_s, awaits)

    def _tally(self, features: Features, operator: OperatorMemory) -> Tally:
        self._memory.note_tally(operator.operator_id)
        desk = features.desk
        return operator.tally(desk.cohort_key, desk.supervisor_id)

    def _pair(self, look_up: LookUp, day: int) -> Pair | None:
        """Return the pair's memory, none where it is older than the policy keeps it."""
        if look_up.resident_id is None:
            return None
        pair = self._memory.pairs.pair(look_up.operator_id, look_up.resident_id)
        if pair is None:
            return None
        return None if day - pair.last_day > self._pairs_kept_days else pair
