"""What one partition remembers: operators, pairs, clocks and alerts over a key-value store.

The keys, by their first byte: `o` profile, `f` the functions used, `t` the open day's tallies,
`d` event ids of one day, `l` a page of a day's look-ups, `k` a waiting look-up, `a` an open
alert, `p` a pair, `h` the days of a pair that has several, `n` the partition's own time. The
store behind takes whole batches of changes; live it is RocksDB with its changelog, in replay a
dictionary, and both see the same bytes.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from hashlib import blake2b
from heapq import heappop, heappush
from struct import Struct
from typing import Protocol

import msgspec

from models.contribution import Contribution
from models.event_marks import EventMarks
from models.features import LookUp
from models.finding import Finding
from models.pair_memory import PairMemory
from models.profile import Profile, decode_profile, encode_profile
from models.repertoire import Repertoire
from models.tally import Tally, decode_tallies, encode_tallies
from models.timeline import Timeline

_TIME = Struct(">d")


class KeyValue(Protocol):
    """Hold bytes by key; what `Memory.changes` returned is in it before the next read."""

    def get(self, key: bytes) -> bytes | None:
        """Return a key's value, None where there is none."""

    def scan(self, prefix: bytes) -> Iterator[tuple[bytes, bytes]]:
        """Yield the keys that begin with a prefix, with their values, in key order."""


class Waiting(msgspec.Struct, array_like=True, frozen=True):
    """Hold a look-up that no case covered, until its justification clock ends.

    `for_sign_in`: or one without a sign-in record, until that had time to come. `run` is the
    look-up's place among residents opened one after another without a case.
    """

    ends_s: float
    look_up: LookUp
    findings: list[Finding]
    for_sign_in: bool = False
    run: int = 0


class OpenAlert(msgspec.Struct, array_like=True):
    """Hold an alert while it takes evidence; `look_ups` are (risk, look-up)."""

    alert_id: str
    cause: str
    section_id: str | None
    supervisor_id: str | None
    resident_id: str | None
    opened_s: float
    updated_s: float
    first_s: float
    revision: int
    risk: float
    count: int
    findings: list[Finding]
    look_ups: list[tuple[float, LookUp]]
    model_version: str


class Mark(msgspec.Struct, array_like=True):
    """Hold how far a partition's time has come, and through which day it is closed.

    `behind_s` is how far event time lay behind Kafka's at the newest look-up: about 0 live,
    years in an old log. Only whoever drives an idle partition reads it.
    """

    time_s: float = 0.0
    closed_through: int = 0
    cut_day: int = 0
    behind_s: float = 0.0


_encode = msgspec.msgpack.Encoder().encode
_decode_waiting = msgspec.msgpack.Decoder(Waiting).decode
_decode_alert = msgspec.msgpack.Decoder(OpenAlert).decode
_decode_repertoire = msgspec.msgpack.Decoder(Repertoire).decode
_decode_mark = msgspec.msgpack.Decoder(Mark).decode


class OperatorMemory:
    """Hold one operator's live state; what was changed is written with the next batch."""

    def __init__(self, operator_id: str, store: KeyValue) -> None:
        self.operator_id = operator_id
        key = operator_id.encode()
        self._key = key
        value = store.get(b"o" + key)
        self.profile = Profile() if value is None else decode_profile(value)
        value = store.get(b"f" + key)
        self.repertoire = Repertoire() if value is None else _decode_repertoire(value)
        value = store.get(b"t" + key)
        self.tallies: list[Tally] = [] if value is None else decode_tallies(value)
        self.alerts = {
            alert.cause: alert
            for _, value in store.scan(b"a" + key + b"\0")
            for alert in (_decode_alert(value),)
        }
        self._events = EventMarks(store.scan(b"d" + key + b"\0"))
        self.remembers = self._events.remembers
        self.timeline = Timeline(store, b"l" + key + b"\0")
        self._dirty_alerts: set[str] = set()
        self.dirty = False
        self.tallies_closed = False

    def remember(self, topic: str, event_id: str, day: int) -> None:
        """Remember an applied event for seven days of its operator."""
        self._events.remember(topic, event_id, day)
        self.dirty = True

    def tally(self, cohort: str, supervisor_id: str | None) -> Tally:
        """Return the open tally of a cohort, which the caller is about to change."""
        self.dirty = True
        for tally in self.tallies:
            if tally.cohort == cohort:
                return tally
        self.tallies.append(Tally(cohort, supervisor_id))
        return self.tallies[-1]

    def keep_alert(self, alert: OpenAlert) -> None:
        """Keep an alert that was opened or extended."""
        self.alerts[alert.cause] = alert
        self._dirty_alerts.add(alert.cause)
        self.dirty = True

    def drop_alerts_before(self, opened_s: float) -> None:
        """Forget alerts that were opened before a time and take no more evidence."""
        for cause in [c for c, alert in self.alerts.items() if alert.opened_s < opened_s]:
            del self.alerts[cause]
            self._dirty_alerts.add(cause)
            self.dirty = True

    def changes(self) -> Iterator[tuple[bytes, bytes | None]]:
        """Yield what was changed since the last call; None deletes."""
        key = self._key
        if self.dirty:
            yield b"o" + key, encode_profile(self.profile)
            yield b"f" + key, _encode(self.repertoire)
        yield b"t" + key, encode_tallies(self.tallies) if self.tallies else None
        for end, value in self._events.changes():
            yield b"d" + key + b"\0" + end, value
        yield from self.timeline.changes()
        for cause in sorted(self._dirty_alerts):
            alert = self.alerts.get(cause)
            yield b"a" + key + b"\0" + cause.encode(), None if alert is None else _encode(alert)
        self._dirty_alerts.clear()
        self.dirty = self.tallies_closed = False


class Memory:
    """Hold everything one partition remembers, loaded when first touched."""

    def __init__(self, store: KeyValue) -> None:
        self._store = store
        self._operators: dict[str, OperatorMemory] = {}
        self._touched: dict[str, OperatorMemory] = {}
        self.pairs = PairMemory(store)
        self._changed_clocks: dict[bytes, bytes | None] = {}
        self._contributions: list[Contribution] = []
        self._clocks: list[tuple[float, bytes]] = []
        for key, _ in store.scan(b"k"):
            heappush(self._clocks, (_TIME.unpack(key[-14:-6])[0], key))
        self._tallied = {key[1:].decode() for key, _ in store.scan(b"t")}
        value = store.get(b"n")
        self.mark = Mark() if value is None else _decode_mark(value)

    def operator(self, operator_id: str) -> OperatorMemory:
        """Return an operator's memory."""
        operator = self._operators.get(operator_id)
        if operator is None:
            operator = self._operators[operator_id] = OperatorMemory(operator_id, self._store)
        self._touched[operator_id] = operator
        return operator

    def wait(self, waiting: Waiting) -> None:
        """Start a clock."""
        look_up = waiting.look_up
        key = (
            b"k"
            + look_up.operator_id.encode()
            + b"\0"
            + _TIME.pack(waiting.ends_s)
            + blake2b(
                look_up.event_id.encode(),
                digest_size=6,
                person=b"s" if waiting.for_sign_in else b"",
            ).digest()
        )
        self._changed_clocks[key] = _encode(waiting)
        heappush(self._clocks, (waiting.ends_s, key))

    def next_clock_s(self) -> float | None:
        """Return when the next clock ends."""
        return self._clocks[0][0] if self._clocks else None

    def pop_clock(self) -> Waiting | None:
        """Stop and return the clock that ends next; None where it was started twice."""
        _, key = heappop(self._clocks)
        changed = key in self._changed_clocks
        value = self._changed_clocks[key] if changed else self._store.get(key)
        self._changed_clocks[key] = None
        return None if value is None else _decode_waiting(value)

    def note_tally(self, operator_id: str) -> None:
        """Note that an operator has an open tally."""
        self._tallied.add(operator_id)

    def close_day(self, day: int) -> None:
        """Sum the open day's tallies to its contribution, and begin a new day."""
        contribution = Contribution(day)
        for operator_id in sorted(self._tallied):
            operator = self.operator(operator_id)
            contribution.add_tallies(operator.tallies)
            operator.tallies = []
            operator.tallies_closed = True
        self._tallied.clear()
        if contribution.cohorts:
            self._contributions.append(contribution)

    def take_contributions(self) -> list[Contribution]:
        """Return the closed days that no cut has taken yet, oldest first."""
        taken, self._contributions = self._contributions, []
        return taken

    def changes(self) -> Mapping[bytes, bytes | None]:
        """Return all changes since the last call, to be stored as one batch."""
        changes: dict[bytes, bytes | None] = {b"n": _encode(self.mark)}
        for operator in self._touched.values():
            if operator.dirty or operator.tallies_closed:
                changes.update(operator.changes())
        self._touched.clear()
        changes.update(self._changed_clocks)
        changes.update(self.pairs.changes())
        self._changed_clocks.clear()
        return changes
