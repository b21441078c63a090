"""A desk before one running worker: records put there, and what came of each."""

from __future__ import annotations

import json
import re
import urllib.request
import uuid
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

from kafka import KafkaConsumer, KafkaProducer, TopicPartition

from tests.processes import eventually
from tests.workers import WorkerProcess

PARTITION = 1
"""Where a desk puts events, whatever their key."""

QUERIES = "access.queries"
_MOST_BYTES = 4 << 20
_COUNTER = re.compile(
    r"^monomi_(records|look_ups|late|duplicates|dead_letters|unknown_fields)_total"
    r"(?:\{\w+=\"(.*)\"\})? (\S+)$",
    re.MULTILINE,
)

State = Mapping[bytes, bytes]


class Place(NamedTuple):
    """Where a record lies, without the deployment's prefix."""

    topic: str
    partition: int
    offset: int


class Tail:
    """Read one partition of a topic on and on."""

    def __init__(self, bootstrap: str, topic: str, partition: int) -> None:
        self._at = TopicPartition(topic, partition)
        self._consumer = KafkaConsumer(bootstrap_servers=bootstrap, enable_auto_commit=False)
        self._consumer.assign([self._at])
        self._consumer.seek_to_beginning(self._at)

    def more(self) -> Iterator[Any]:
        """Yield what has come since the last call, up to the end as it is now."""
        end = self._consumer.end_offsets([self._at])[self._at]
        while self._consumer.position(self._at) < end:
            for records in self._consumer.poll(timeout_ms=500).values():
                yield from records

    def close(self) -> None:
        """Disconnect."""
        self._consumer.close()


class Desk:
    """One worker over an empty deployment, what is put before it and what it says of that."""

    def __init__(self, bootstrap: str, worker: WorkerProcess) -> None:
        self.worker = worker
        self._prefix = worker.prefix
        self._producer = KafkaProducer(
            bootstrap_servers=bootstrap, max_request_size=_MOST_BYTES, linger_ms=0
        )
        self._letter_tail = Tail(bootstrap, f"{self._prefix}access.dead-letters", 0)
        self._state_tail = Tail(bootstrap, f"{self._prefix}monomi.state", PARTITION)
        self._letters: list[dict[str, Any]] = []
        self._kept: dict[bytes, bytes] = {}

    def close(self) -> None:
        """Disconnect."""
        self._producer.close()
        self._letter_tail.close()
        self._state_tail.close()

    def put(
        self,
        value: bytes | None,
        key: bytes | None,
        topic: str = QUERIES,
        partition: int = PARTITION,
    ) -> Place:
        """Append a record, and return where it lies."""
        sent = self._producer.send(self._prefix + topic, value, key, partition=partition)
        return Place(topic, partition, sent.get(30).offset)

    def look_up(self, operator_id: str, **changes: object) -> Place:
        """Append a look-up, as the contract has it but for changes."""
        return self.put(line(operator_id, **changes), operator_id.encode())

    def counters(self) -> dict[str, float]:
        """Return the counters at /metrics that tell of records, by name and label."""
        url = f"http://127.0.0.1:{self.worker.metrics_port}/metrics"
        with urllib.request.urlopen(url, timeout=5) as answer:
            text = answer.read().decode()
        return {f"{name} {tag or ''}".strip(): float(n) for name, tag, n in _COUNTER.findall(text)}

    def grew(self, before: Mapping[str, float], by: Mapping[str, float]) -> None:
        """Wait until the counters have grown by so much, and no other has."""

        def growth() -> dict[str, float]:
            now = self.counters()
            return {k: v - before.get(k, 0) for k, v in now.items() if v != before.get(k, 0)}

        eventually(lambda: growth() == by)
        assert growth() == by, self.worker.log_path.read_text()

    def letters(self, place: Place) -> list[dict[str, Any]]:
        """Return the dead letters of a record."""
        self._letters += [json.loads(record.value) for record in self._letter_tail.more()]
        wanted = (self._prefix + place.topic, place.partition, place.offset)
        return [r for r in self._letters if (r["topic"], r["partition"], r["offset"]) == wanted]

    def letter(self, place: Place) -> dict[str, Any]:
        """Wait for the one dead letter of a record."""
        assert eventually(lambda: self.letters(place) != []), self.worker.log_path.read_text()
        (letter,) = self.letters(place)
        return letter

    def state(self, place: Place) -> State:
        """Return the state of the partition, once it holds the record at a place."""
        assert eventually(lambda: self._applied(place.topic) >= place.offset)
        return {key: value for key, value in self._kept.items() if key[:1] != b"m"}

    def _applied(self, topic: str) -> int:
        """Return up to which offset of a topic the changelog holds the state."""
        for record in self._state_tail.more():
            if record.value is None:
                self._kept.pop(record.key, None)
            else:
                self._kept[record.key] = record.value
        return int.from_bytes(self._kept.get(b"m" + topic.encode(), b""), "big")


def ago(**by: float) -> str:
    """Return the time so long before now, as a record writes it."""
    return (datetime.now(UTC) - timedelta(**by)).isoformat()


def line(operator_id: str, **changes: object) -> bytes:
    """Return a look-up of now as the contract has it, but for changes."""
    row = {
        "event_id": uuid.uuid4().hex,
        "occurred_at": ago(),
        "operator_id": operator_id,
        "terminal_id": "t-1",
        "function": "juminhyo.inquiry",
        "action": "view",
        "resident_id": "r-1",
    }
    return json.dumps(row | changes).encode()
