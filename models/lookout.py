"""The lookout over one partition: records in, judgements and alerts out, time from events.

Live, a worker drives one for each of its partitions; replay drives one for all. Both do the
same: `advance` to a record's time, where a cut is in the way `reach` it, hand on what
`take_contributions` returns, `adopt` the snapshot and advance again; then `apply` or `observe`.
"""

from __future__ import annotations

from collections.abc import Callable

from models.account import Watch
from models.assessor import LATE_S, STALE_S, Applied, Assessor
from models.calendar import Calendar
from models.context import Context
from models.contribution import Contribution
from models.memory import Memory
from models.policy import Policy
from models.scorer import Judgement
from models.shared import Snapshot
from models.weights import Weights
from schemas.access import AccessQuery
from schemas.alerts import Alert, Evidence
from schemas.events import DoorEvent, LookUpEvent, SignInEvent
from schemas.presence import Door, SignIn

Presence = SignIn | Door | SignInEvent | DoorEvent


class Lookout:
    """Judge the records of one partition in their order.

    Without `evidence` what it raises comes with evidence that is empty, which takes no time.
    """

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
        self._policy = policy
        self._calendar = calendar
        self._assessor = Assessor(memory, context, policy, calendar, weights, evidence=evidence)
        self._next_cut_s = 0.0
        self._next_midnight_s = 0.0
        if memory.mark.time_s:
            self._next_midnight_s = calendar.midnight_s(calendar.day(memory.mark.time_s) + 1)

    @property
    def raised(self) -> list[tuple[Alert, Evidence]]:
        """Return the revisions made and not yet handed on; the caller clears them."""
        return self._assessor.raised

    def watch(self, event_id: str, watch: Watch) -> None:
        """Tell from now on how one look-up is judged, each time that it is."""
        self._assessor.watch(event_id, watch)

    def on_judged(self, told: Callable[[Judgement, float], None]) -> None:
        """Tell from now on of every judgement that may alert, with the time it was made at."""
        self._assessor.on_judged = told

    @property
    def clocks_fired(self) -> int:
        """Return how many clocks have ended."""
        return self._assessor.clocks_fired

    @property
    def time_s(self) -> float:
        """Return how far the partition's time has come; 0 before its first look-up."""
        return self._memory.mark.time_s

    def advance(self, at_s: float) -> int | None:
        """Move time on: end the clocks until then; return the day of a cut that is in the way.

        The caller cuts and calls again. None: time has come; earlier times change nothing.
        """
        memory = self._memory
        while True:
            clock_s = memory.next_clock_s()
            due = clock_s is not None and clock_s <= at_s
            action_s = max(clock_s if due and clock_s is not None else at_s, memory.mark.time_s)
            if self._assessor.snapshot is None or action_s >= self._next_cut_s:
                return max(self._day_of_cut(action_s), memory.mark.cut_day)
            self._move_to(action_s)
            if not due:
                return None
            waiting = memory.pop_clock()
            if waiting is not None:
                self._assessor.end_clock(waiting)

    def has_work_until(self, at_s: float) -> bool:
        """Return whether moving time to a moment would end a clock or close a day."""
        clock_s = self._memory.next_clock_s()
        due = clock_s is not None and clock_s <= at_s
        return due or (at_s >= self._next_midnight_s and at_s > self.time_s)

    def begin_of_day_s(self, day: int) -> float:
        """Return when a day begins; 0 for days before all."""
        return self._calendar.midnight_s(day) if day > 1 else 0.0

    def reach(self, cut_day: int) -> None:
        """Move time to a cut, which closes the days before it."""
        self._move_to(self._cut_s(cut_day))

    @property
    def closed_through(self) -> int:
        """Return the last day to which nothing will be added."""
        return self._memory.mark.closed_through

    def take_contributions(self) -> list[Contribution]:
        """Return the days closed since the last call; to be published before state is kept."""
        return self._memory.take_contributions()

    def adopt(self, snapshot: Snapshot, cut_day: int) -> None:
        """Judge by a snapshot from a day's cut on."""
        self._assessor.snapshot = snapshot
        self._memory.mark.cut_day = cut_day
        self._next_cut_s = self._cut_s(cut_day + 1)

    def _day_of_cut(self, at_s: float) -> int:
        day = self._calendar.day(at_s)
        return day if at_s >= self._cut_s(day) else day - 1

    def _cut_s(self, day: int) -> float:
        return self._calendar.midnight_s(day) + 3600.0 * self._policy.cut_hour

    def _move_to(self, at_s: float) -> None:
        mark = self._memory.mark
        if at_s <= mark.time_s:
            return
        if at_s >= self._next_midnight_s:
            if mark.time_s:
                self._memory.close_day(self._calendar.day(mark.time_s))
            today = self._calendar.day(at_s)
            mark.closed_through = today - 1
            self._next_midnight_s = self._calendar.midnight_s(today + 1)
        mark.time_s = at_s

    def observe(self, topic: str, record: Presence) -> Applied:
        """Apply a presence record: it is remembered, and moves no time but its own."""
        at_s = record.at_s
        operator = self._memory.operator(record.operator_id)
        if operator.remembers(topic, record.event_id):
            return Applied(duplicate=True)
        profile = operator.profile
        newest = profile.newest_presence
        behind_s = newest.get(topic, at_s) - at_s
        if behind_s > STALE_S:
            return Applied(stale=True)
        newest[topic] = max(newest.get(topic, at_s), at_s)
        if isinstance(record, Door | DoorEvent):
            profile.pass_door(at_s, inwards=record.direction == "in")
        elif record.outcome != "sign_out":
            success = record.outcome == "success"
            profile.sign_in(record.terminal_id, at_s, record.method, success=success)
        operator.remember(topic, record.event_id, self._calendar.day(at_s))
        return Applied(late=behind_s > LATE_S)

    def apply(self, event: AccessQuery | LookUpEvent) -> Applied:
        """Judge and apply one look-up, to whose time the caller has advanced."""
        return self._assessor.apply(event)
