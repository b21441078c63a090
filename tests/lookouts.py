"""Several lookouts over one stream, without Kafka: what workers do, by hand."""

from __future__ import annotations

import json
from collections.abc import Iterable
from zlib import crc32
from zoneinfo import ZoneInfo

from models.assessor import Applied
from models.calendar import Calendar
from models.context import Context
from models.ledger import Ledger
from models.lookout import Lookout
from models.memory import Memory
from models.policy import Policy
from models.replay import DictStore
from schemas.access import AccessQuery
from schemas.presence import Door, SignIn
from schemas.topics import CONTEXT_TOPICS
from simulation import Ward

CALENDAR = Calendar(ZoneInfo("Asia/Tokyo"))
EAGER = Policy(warm_up_days=2, first_risk=0.97, lowest_risk=0.95)
"""A policy under which a fortnight raises alerts."""

Event = AccessQuery | SignIn | Door


def look_ups(ward: Ward) -> list[AccessQuery]:
    """Return a ward's look-ups as records, in the order of their times."""
    events = [AccessQuery.parse(json.dumps(row)) for row in ward.events["access.queries"]]
    return sorted(events, key=_time)


def presence(ward: Ward) -> list[SignIn | Door]:
    """Return a ward's sign-ins and doors as records, in the order of their times."""
    signins: list[SignIn | Door] = [
        SignIn.parse(json.dumps(row)) for row in ward.events["presence.signins"]
    ]
    doors = [Door.parse(json.dumps(row)) for row in ward.events["presence.doors"]]
    return sorted([*signins, *doors], key=_time)


def _time(event: Event) -> tuple[float, str]:
    return (event.at_s, event.event_id)


def context_of(ward: Ward) -> Context:
    """Return a ward's context."""
    context = Context()
    for topic in CONTEXT_TOPICS:
        for row in ward.context[topic.name]:
            record = topic.record.parse(json.dumps(row))
            context.put(topic.name, topic.key_of(record), record)
    return context


class Office:
    """Hold lookouts over partitions by operator, which may crash and start again."""

    def __init__(self, context: Context, policy: Policy, partitions: int) -> None:
        self._context, self._policy = context, policy
        self.ledger = Ledger(partitions)
        self.stores = [DictStore() for _ in range(partitions)]
        self.memories = [Memory(store) for store in self.stores]
        self.lookouts = [self._lookout(memory) for memory in self.memories]
        self.alerts: dict[tuple[str, int], bytes] = {}

    def _lookout(self, memory: Memory) -> Lookout:
        return Lookout(memory, self._context, self._policy, CALENDAR)

    def number_of(self, operator_id: str) -> int:
        """Return the partition of an operator."""
        return crc32(operator_id.encode()) % len(self.lookouts)

    def apply(self, event: Event) -> Applied:
        """Apply one record in its partition, cutting all where it comes to a cut."""
        number = self.number_of(event.operator_id)
        if isinstance(event, AccessQuery):
            self._advance(number, event.at_s)
            applied = self.lookouts[number].apply(event)
        else:
            topic = "presence.doors" if isinstance(event, Door) else "presence.signins"
            applied = self.lookouts[number].observe(topic, event)
        self._collect(self.lookouts[number])
        return applied

    def finish(self, at_s: float) -> None:
        """Bring all partitions to one time: those without a record then are behind till now."""
        for number, lookout in enumerate(self.lookouts):
            self._advance(number, at_s)
            self._collect(lookout)

    def _advance(self, number: int, at_s: float) -> None:
        lookout = self.lookouts[number]
        while (cut_day := lookout.advance(at_s)) is not None:
            for other in range(len(self.lookouts)):
                self._close(other, cut_day)
            lookout.adopt(self.ledger.snapshot(cut_day - 1), cut_day)

    def _close(self, number: int, cut_day: int) -> None:
        """Bring a partition to a cut, over those of its own that come before."""
        lookout = self.lookouts[number]
        cut_s = CALENDAR.midnight_s(cut_day) + 4 * 3600
        while (own := lookout.advance(cut_s)) is not None:
            lookout.reach(own)
            self._publish(number)
            if own >= cut_day:
                break
            lookout.adopt(self.ledger.snapshot(own - 1), own)
        self._collect(lookout)

    def _publish(self, number: int) -> None:
        lookout = self.lookouts[number]
        for contribution in lookout.take_contributions():
            self.ledger.add(number, contribution)
        self.ledger.close(number, lookout.closed_through)

    def _collect(self, lookout: Lookout) -> None:
        for alert, _ in lookout.raised:
            self.alerts[alert.alert_id, alert.revision] = alert.to_json()
        lookout.raised.clear()

    def keep(self) -> None:
        """Write every partition's changes to its store."""
        for memory, store in zip(self.memories, self.stores, strict=True):
            store.write(memory.changes().items())

    def restart(self, number: int) -> None:
        """Forget what a partition holds in memory and start again from its store."""
        self.memories[number] = Memory(self.stores[number])
        self.lookouts[number] = self._lookout(self.memories[number])


def alerts_of(events: Iterable[Event], office: Office) -> dict[tuple[str, int], bytes]:
    """Return the revisions that an office raises over events, all its partitions at the end."""
    newest_s = 0.0
    for event in events:
        office.apply(event)
        newest_s = max(newest_s, event.at_s if isinstance(event, AccessQuery) else 0.0)
    office.finish(newest_s)
    return office.alerts
