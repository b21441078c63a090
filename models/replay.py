"""The same detection over files: one lookout, one ledger, no Kafka."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field

from models.account import Watch
from models.assessor import Applied
from models.calendar import Calendar
from models.context import Context
from models.ledger import Ledger
from models.lookout import Lookout
from models.memory import Memory
from models.pairs import PAIR_BYTES, PAIR_KEY_BYTES
from models.policy import Policy
from models.scorer import Judgement
from models.weights import Weights
from schemas.alerts import Alert, Evidence
from schemas.events import Event, LookUpEvent
from schemas.files import ScoreLine

RECORDS_A_BATCH = 4000
"""Whose operators are written once for all of them; what changed lies in memory until then."""
_HASH_BYTES = PAIR_KEY_BYTES - 3
_SLOT_BYTES = _HASH_BYTES + PAIR_BYTES

TopicEvent = tuple[str, Event]


class _PairTable:
    """Hold pairs in two fifths of a dictionary's memory: records end to end, in buckets by hash.

    Two bytes of a key's hash choose the bucket, the others begin the record.
    """

    def __init__(self) -> None:
        self._buckets: dict[bytes, bytearray] = {}

    def get(self, key: bytes) -> bytes | None:
        """Return a pair's record."""
        bucket = self._buckets.get(key[1:3])
        if bucket is None:
            return None
        place = _place_in(bucket, key[3:])
        return None if place < 0 else bytes(bucket[place + _HASH_BYTES : place + _SLOT_BYTES])

    def put(self, key: bytes, value: bytes | None) -> None:
        """Keep a pair's record; None forgets the pair."""
        bucket = self._buckets.setdefault(key[1:3], bytearray())
        place = _place_in(bucket, key[3:])
        slot = b"" if value is None else key[3:] + value
        if place >= 0:
            bucket[place : place + _SLOT_BYTES] = slot
        else:
            bucket += slot


def _place_in(bucket: bytearray, rest: bytes) -> int:
    """Return where a slot begins; -1 where there is none. Records may hold the bytes too."""
    place = bucket.find(rest)
    while place > 0 and place % _SLOT_BYTES:
        place = bucket.find(rest, place + 1)
    return place


class DictStore:
    """Hold a partition's memory in dictionaries.

    Keys are grouped by their operator, so that a scan does not pass through all; pairs and their
    days, which nobody scans and whose hashes may hold any byte, lie apart.
    """

    def __init__(self) -> None:
        self._pairs = _PairTable()
        self._groups: dict[bytes, dict[bytes, bytes]] = {}

    def _table(self, key: bytes) -> dict[bytes, bytes]:
        if key[:1] == b"h":
            return self._groups.setdefault(b"h", {})
        return self._groups.setdefault(key[: key.find(b"\0") + 1] or key[:1], {})

    def get(self, key: bytes) -> bytes | None:
        """Return a key's value."""
        return self._pairs.get(key) if key[:1] == b"p" else self._table(key).get(key)

    def scan(self, prefix: bytes) -> Iterator[tuple[bytes, bytes]]:
        """Yield keys with a prefix in order."""
        if prefix.endswith(b"\0"):
            yield from sorted(self._groups.get(prefix, {}).items())
            return
        for group in sorted(g for g in self._groups if g.startswith(prefix)):
            yield from sorted(self._groups[group].items())

    def write(self, changes: Iterable[tuple[bytes, bytes | None]]) -> None:
        """Take a batch of changes."""
        for key, value in changes:
            if key[:1] == b"p":
                self._pairs.put(key, value)
            elif value is None:
                self._table(key).pop(key, None)
            else:
                self._table(key)[key] = value


@dataclass
class Tallied:
    """Count what a replay applied."""

    events: int = 0
    look_ups: int = 0
    duplicates: int = 0
    late: int = 0
    stale: int = 0
    alerts: int = 0
    revisions: int = 0
    severities: Counter[str] = field(default_factory=Counter)


def advance_alone(lookout: Lookout, ledger: Ledger, at_s: float) -> None:
    """Move the time of a lookout that has no others beside it; its cuts wait for nobody."""
    while (cut_day := lookout.advance(at_s)) is not None:
        lookout.reach(cut_day)
        for contribution in lookout.take_contributions():
            ledger.add(0, contribution)
        ledger.close(0, lookout.closed_through)
        lookout.adopt(ledger.snapshot(cut_day - 1), cut_day)


class Replay:
    """Run records through one lookout in the order given."""

    def __init__(
        self,
        context: Context,
        policy: Policy,
        calendar: Calendar,
        on_alert: Callable[[Alert], None],
        on_score: Callable[[ScoreLine], None] | None = None,
        weights: Weights | None = None,
        on_evidence: Callable[[Evidence], None] | None = None,
    ) -> None:
        self._store = DictStore()
        self._memory = Memory(self._store)
        wanted = on_evidence is not None
        self._lookout = Lookout(self._memory, context, policy, calendar, weights, evidence=wanted)
        self._on_evidence = on_evidence
        self._ledger = Ledger(partitions=1)
        self._on_alert = on_alert
        self._on_score = on_score
        self.counted = Tallied()

    def watch(self, event_id: str, watch: Watch) -> None:
        """Tell how one look-up is judged, each time that it is."""
        self._lookout.watch(event_id, watch)

    def on_judged(self, told: Callable[[Judgement, float], None]) -> None:
        """Tell of every judgement that may alert, with the event time at which it was made."""
        self._lookout.on_judged(told)

    def run(self, events: Iterable[TopicEvent]) -> Tallied:
        """Apply all events; alerts and scores go to the callbacks in the order made."""
        counted, lookout = self.counted, self._lookout
        for topic, event in events:
            counted.events += 1
            if isinstance(event, LookUpEvent):
                advance_alone(lookout, self._ledger, event.at_s)
                applied = lookout.apply(event)
                counted.look_ups += not applied.duplicate
                self._score(event, applied)
            else:
                applied = lookout.observe(topic, event)
            if applied.duplicate or applied.late or applied.stale:
                counted.duplicates += applied.duplicate
                counted.late += applied.late
                counted.stale += applied.stale
            if lookout.raised:
                self._hand_on()
            if counted.events % RECORDS_A_BATCH == 0:
                self._store.write(self._memory.changes().items())
        return counted

    def _score(self, event: LookUpEvent, applied: Applied) -> None:
        judgement = applied.judgement
        if self._on_score is None or judgement is None:
            return
        self._on_score(
            ScoreLine(
                event_id=event.event_id,
                occurred_at=event.at_text,
                operator_id=event.operator_id,
                resident_id=event.resident_id,
                risk=judgement.risk,
                scores=judgement.scores,
                readiness="ready" if judgement.ready else "warming_up",
            )
        )

    def _hand_on(self) -> None:
        for alert, evidence in self._lookout.raised:
            self.counted.alerts += alert.revision == 1
            self.counted.revisions += 1
            self.counted.severities[alert.severity] += 1
            self._on_alert(alert)
            if self._on_evidence is not None:
                self._on_evidence(evidence)
        self._lookout.raised.clear()
