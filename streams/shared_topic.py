"""The compacted topic on which partitions hand on their days, and from which all cut snapshots.

Its keys: `c` + partition + day, a contribution; `m` + partition, through which day a partition
is closed; `b` + day, a complete fold through a day, so that a worker that starts need not fold
years; `d` + topic + partition, up to where malformed context has been set aside.
"""

from __future__ import annotations

import struct
from collections.abc import Iterable

from models.contribution import Contribution, decode_contribution, encode_contribution
from models.ledger import Ledger
from models.shared import SharedState, decode_shared, encode_shared
from streams.ingest import Received
from streams.sender import Sender
from streams.topic_reader import TopicReader
from streams.topics import SHARED_TOPIC

_CONTRIBUTION = struct.Struct(">cII")
_PARTITION = struct.Struct(">cI")
_DAY = struct.Struct(">I")
_PLACE = struct.Struct(">dq")


class SharedTopic:
    """Publish closed days, and fold everybody's into the ledger."""

    def __init__(self, bootstrap: str, prefix: str, sender: Sender, partitions: int) -> None:
        self._topic = prefix + SHARED_TOPIC
        self._sender = sender
        self._reader = TopicReader(bootstrap, [self._topic])
        self._given: dict[int, set[int]] = {}
        self._bases: set[int] = set()
        self._set_aside: dict[bytes, tuple[float, int]] = {}
        self._partitions = partitions
        self.ledger = Ledger(partitions)

    async def load(self) -> None:
        """Read the topic to its end into the ledger."""
        await self._reader.start()
        newest: dict[bytes, bytes] = {}
        async for record in self._reader.to_the_end():
            if record.value is None:
                newest.pop(record.key, None)
            else:
                newest[record.key] = record.value
        bases = [decode_shared(value) for key, value in newest.items() if key[:1] == b"b"]
        self._bases = {base.through_day for base in bases}
        self.ledger = Ledger(self._partitions, bases)
        for key, value in newest.items():
            self._take(key, value)

    async def follow(self) -> None:
        """Take what other workers publish, until cancelled."""
        async for record in self._reader.from_then_on():
            if record.value is not None:
                self._take(record.key, record.value)

    def _take(self, key: bytes, value: bytes) -> None:
        kind = key[:1]
        if kind == b"c":
            _, partition, day = _CONTRIBUTION.unpack(key)
            self._given.setdefault(day, set()).add(partition)
            self.ledger.add(partition, decode_contribution(value))
        elif kind == b"m":
            self.ledger.close(_PARTITION.unpack(key)[1], _DAY.unpack(value)[0])
        elif kind == b"d":
            self._set_aside[key] = _PLACE.unpack(value)

    def is_set_aside(self, received: Received) -> bool:
        """Return whether a malformed context record is among the dead letters already.

        By its offset and its time: those of a topic that was made anew begin at 0 again.
        """
        appended_s, offset = self._set_aside.get(_aside_key(received), (0.0, -1))
        return received.offset <= offset and received.appended_s <= appended_s

    async def note_set_aside(self, received: Received) -> None:
        """Let all workers know that a malformed context record is among the dead letters."""
        key = _aside_key(received)
        appended_s, _ = self._set_aside.get(key, (0.0, -1))
        place = (max(appended_s, received.appended_s), received.offset)
        self._set_aside[key] = place
        await self._sender.send_all([(self._topic, key, _PLACE.pack(*place), ())])

    async def publish(
        self, partition: int, contributions: Iterable[Contribution], closed_through: int
    ) -> None:
        """Hand on a partition's closed days; returns when Kafka holds them."""
        records: list[tuple[bytes, bytes | None]] = []
        for contribution in contributions:
            key = _CONTRIBUTION.pack(b"c", partition, contribution.day)
            records.append((key, encode_contribution(contribution)))
            self._given.setdefault(contribution.day, set()).add(partition)
        records.append((_PARTITION.pack(b"m", partition), _DAY.pack(closed_through)))
        await self._sender.send_all([(self._topic, key, value, ()) for key, value in records])

    def note(
        self, partition: int, contributions: Iterable[Contribution], closed_through: int
    ) -> None:
        """Let this worker's own ledger have a partition's closed days at once."""
        for contribution in contributions:
            self.ledger.add(partition, contribution)
        self.ledger.close(partition, closed_through)

    async def keep_bases(self) -> None:
        """Publish the ledger's new complete folds, and delete what they make needless."""
        bases: dict[int, SharedState] = {b.through_day: b for b in self.ledger.bases}
        bases.pop(0, None)
        records: list[tuple[bytes, bytes | None]] = [
            (_PARTITION.pack(b"b", day), encode_shared(bases[day]))
            for day in sorted(bases.keys() - self._bases)
        ]
        if not records:
            return
        oldest = min(bases)
        records += [(_PARTITION.pack(b"b", day), None) for day in self._bases - bases.keys()]
        for day in [d for d in self._given if d <= oldest]:
            for partition in self._given.pop(day):
                records.append((_CONTRIBUTION.pack(b"c", partition, day), None))
        self._bases = set(bases)
        await self._sender.send_all([(self._topic, key, value, ()) for key, value in records])

    async def stop(self) -> None:
        """Disconnect."""
        await self._reader.stop()


def closed_through(key: bytes, value: bytes | None) -> int:
    """Return through which day (a proleptic ordinal) a record says that a partition is closed.

    0 for every other record.
    """
    return int(_DAY.unpack(value)[0]) if key[:1] == b"m" and value is not None else 0


def _aside_key(received: Received) -> bytes:
    return f"d{received.topic}-{received.partition}".encode()
