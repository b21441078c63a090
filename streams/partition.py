"""One source partition at work: the lanes of its topics, its memory, and the lookout over both."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from models.assessor import Applied
from models.contribution import Contribution
from models.lookout import Lookout
from models.memory import Memory
from schemas.alerts import Alert, Evidence
from schemas.errors import MalformedError
from schemas.events import Event, LookUpEvent
from schemas.topics import EVENT_TOPICS
from streams.ingest import Received, decode_event
from streams.metrics import CLOCKS, DUPLICATES, LATE, LOOK_UPS, RECORDS, UNKNOWN_FIELDS
from streams.state import PartitionStore

QUERIES = "access.queries"
HISTORIC_S = 7 * 86_400.0
"""An alert of a backfill that is older than this is stored and never delivered (contract)."""


class Entry(NamedTuple):
    """Hold a record that waits in its lane: its event, or why it is none.

    `unknown_fields`: so many that the schema does not know; `token` acknowledges the record.
    """

    at_s: float
    received: Received
    event: Event | MalformedError
    unknown_fields: int
    token: Any


class Raised(NamedTuple):
    """Hold a revision with the Kafka time of the record that raised it.

    `historic`: it is of over seven days ago, and a backfill brought it up.
    """

    alert: Alert
    evidence: Evidence
    appended_s: float
    historic: bool = False


@dataclass
class Output:
    """Hold what a batch has to hand on before its state is kept."""

    raised: list[Raised] = field(default_factory=list)
    refused: list[tuple[Received, MalformedError]] = field(default_factory=list)
    contributions: list[Contribution] = field(default_factory=list)
    tokens: list[Any] = field(default_factory=list)
    applied: dict[str, int] = field(default_factory=dict)


class Partition:
    """Apply a partition's records in event-time order over its topics, in order within each.

    Where a lane is empty although its topic has more to come, the others wait for it: a
    backlog of look-ups does not run ahead of the sign-ins that go with it. `reached_s` is the
    Kafka time of the record applied last.
    """

    def __init__(
        self,
        number: int,
        store: PartitionStore,
        lookout_over: Callable[[Memory], Lookout],
        topics: Iterable[str],
        *,
        refuse_future: bool = True,
    ) -> None:
        self.number = number
        self.store = store
        self.memory = Memory(store)
        self.lookout = lookout_over(self.memory)
        self.lanes: dict[str, deque[Entry]] = {topic: deque() for topic in topics}
        self.held_for: int | None = None
        self.held_since_s = 0.0
        self.idle_since_s: float | None = None
        self.reached_s = 0.0
        self.noted_through = 0
        self.announced_through = 0
        self.output = Output()
        self._refuse_future = refuse_future
        self._accepted = {topic: store.applied(topic) for topic in self.lanes}

    @property
    def waiting(self) -> int:
        """Return how many records are read and not yet applied."""
        return sum(len(lane) for lane in self.lanes.values())

    @property
    def has_output(self) -> bool:
        """Return whether something is to be handed on before this partition goes further."""
        output = self.output
        return bool(
            output.tokens or output.raised or self.lookout.closed_through > self.announced_through
        )

    def applied(self, topic: str) -> int:
        """Return the last offset of a topic that is applied, kept or about to be; -1 if none."""
        return self.output.applied.get(topic, self.store.applied(topic))

    def accept(self, received: Received, token: Any) -> Entry | None:
        """Put a record into its lane; None for one whose offset was applied before."""
        if received.offset <= self._accepted[received.topic]:
            self.output.tokens.append(token)
            return None
        self._accepted[received.topic] = received.offset
        lane = self.lanes[received.topic]
        try:
            event, unknown = decode_event(received, refuse_future=self._refuse_future)
            entry = Entry(event.at_s, received, event, unknown, token)
        except MalformedError as refusal:
            at_s = lane[-1].at_s if lane else 0.0
            entry = Entry(at_s, received, refusal, 0, token)
        lane.append(entry)
        self.idle_since_s = None
        return entry

    def step(self, limit: int, comes_more: Callable[[str], bool]) -> int:
        """Apply up to `limit` records; stops at a cut, and where a lane must be waited for."""
        done = 0
        while done < limit and self.held_for is None:
            topic = self._next_lane(comes_more)
            if topic is None:
                break
            entry = self.lanes[topic][0]
            if not self._apply(topic, entry):
                break
            self.lanes[topic].popleft()
            self.output.applied[topic] = entry.received.offset
            self.output.tokens.append(entry.token)
            self.reached_s = entry.received.appended_s
            done += 1
        return done

    def _next_lane(self, comes_more: Callable[[str], bool]) -> str | None:
        best: str | None = None
        for topic, lane in self.lanes.items():
            if not lane:
                if comes_more(topic):
                    return None
            elif best is None or lane[0].at_s < self.lanes[best][0].at_s:
                best = topic
        return best

    def _apply(self, topic: str, entry: Entry) -> bool:
        """Apply one record; False where time must not go on before a snapshot is adopted."""
        event, received = entry.event, entry.received
        if isinstance(event, MalformedError):
            self.output.refused.append((received, event))
            return True
        if isinstance(event, LookUpEvent):
            if not self.advance(entry.at_s, received.appended_s, backfilled=received.backfilled):
                return False
            applied = self.lookout.apply(event)
            if entry.at_s >= self.lookout.time_s and not applied.duplicate:
                # Not of a late or doubled one: it tells nothing of how far the stream lags.
                self.memory.mark.behind_s = received.appended_s - entry.at_s
        else:
            applied = self.lookout.observe(topic, event)
        self._collect(received.appended_s, backfilled=received.backfilled)
        _count(topic, entry.unknown_fields, applied)
        return True

    def advance(self, at_s: float, appended_s: float, *, backfilled: bool = False) -> bool:
        """Move time on; False where a cut is in the way, whose day `held_for` then names."""
        fired = self.lookout.clocks_fired
        cut_day = self.lookout.advance(at_s)
        if cut_day is not None:
            self.lookout.reach(cut_day)
            self.held_for = cut_day
        self.output.contributions += self.lookout.take_contributions()
        CLOCKS.inc(self.lookout.clocks_fired - fired)
        self._collect(appended_s, backfilled=backfilled)
        return cut_day is None

    def _collect(self, appended_s: float, *, backfilled: bool) -> None:
        for alert, evidence in self.lookout.raised:
            age_s = appended_s - alert.updated_at.timestamp()
            historic = backfilled and age_s > HISTORIC_S
            self.output.raised.append(Raised(alert, evidence, appended_s, historic))
        self.lookout.raised.clear()

    def take_output(self) -> Output:
        """Return what is to be handed on, and begin anew."""
        output, self.output = self.output, Output()
        return output


_RECORDS_OF = {topic.name: RECORDS.labels(topic.name) for topic in EVENT_TOPICS}


def _count(topic: str, unknown_fields: int, applied: Applied) -> None:
    _RECORDS_OF[topic].inc()
    if unknown_fields:
        UNKNOWN_FIELDS.inc(unknown_fields)
    if applied.duplicate:
        DUPLICATES.inc()
    elif topic == QUERIES:
        LOOK_UPS.inc()
    if applied.late or applied.stale:
        LATE.labels("over_7_days" if applied.stale else "over_15_minutes").inc()
