"""The Kafka producer of files' lines: each record's result is looked at."""

from __future__ import annotations

import random
from collections import deque
from contextlib import suppress
from typing import Any

from kafka import KafkaProducer
from kafka.errors import KafkaError, KafkaTimeoutError
from kafka.partitioner.default import murmur2
from kafka.structs import TopicPartition

from schemas.errors import MonomiError
from schemas.topics import TOPICS

Headers = list[tuple[str, bytes]]

_LINGER_S = 0.02
_BATCH_BYTES = 256 * 1024
_MAX_IN_FLIGHT = 20_000
_MAX_IN_FLIGHT_BYTES = 64 * 1024 * 1024
_MAX_KNOWN_KEYS = 100_000
_MAX_REQUEST_BYTES = max(topic.max_value_bytes for topic in TOPICS.values()) * 2


def partition_of(key: bytes, partitions: int) -> int:
    """Return the partition of a key, as Kafka's Java client chooses it.

    >>> partition_of(b"op-0001", 8)
    1
    """
    return int((murmur2(key) & 0x7FFFFFFF) % partitions)


class _Producer(KafkaProducer):  # type: ignore[misc]
    """A producer that closes also where Kafka is gone.

    kafka-python's own gives up closing when it cannot flush, and leaves its thread running.
    """

    def put(self, place: TopicPartition, key: bytes | None, value: bytes, headers: Headers) -> Any:
        """Add a record to its partition's batch; return the future of its result.

        `send` without what is done already for each of our records, its partition and its
        size: a third of its time, which decides how fast files can be sent.
        """
        future, batch_is_full, batch_is_new, _ = self._accumulator.append(
            place, None, key, value, headers
        )
        if batch_is_full or batch_is_new:
            self._sender.wakeup()
        return future

    def flush(self, timeout: float | None = None) -> None:
        """Wait until nothing is under way, or for `timeout` seconds."""
        with suppress(KafkaTimeoutError):
            super().flush(timeout)


class LineSender:
    """A kafka-python producer of which every record's result is looked at."""

    def __init__(
        self, bootstrap: str, prefix: str, delivery_timeout_s: float, headers: Headers
    ) -> None:
        self._bootstrap, self._prefix, self._headers = bootstrap, prefix, headers
        timeout_ms = int(delivery_timeout_s * 1000)
        linger_ms = int(_LINGER_S * 1000)
        try:
            self._producer = _Producer(
                bootstrap_servers=bootstrap,
                acks="all",
                enable_idempotence=True,  # a retry neither doubles records nor reorders them
                linger_ms=linger_ms,
                batch_size=_BATCH_BYTES,
                max_request_size=_MAX_REQUEST_BYTES,
                request_timeout_ms=timeout_ms - linger_ms,
                delivery_timeout_ms=timeout_ms,
                max_block_ms=timeout_ms,
                bootstrap_timeout_ms=timeout_ms,
                metrics_enabled=False,
            )
        except KafkaError:
            raise MonomiError(
                "broker_unreachable",
                f"no Kafka answers at {bootstrap}; start it (`monomi broker`), or set "
                "MONOMI_BOOTSTRAP to where it is",
            ) from None
        self._timeout_s = delivery_timeout_s
        self._under_way: deque[Any] = deque()
        self._bytes = 0
        self._partitions: dict[str, list[TopicPartition]] = {}
        self._places: dict[tuple[str, bytes], TopicPartition] = {}

    def __enter__(self) -> LineSender:
        return self

    def __exit__(self, *_: object) -> None:
        # Either all is flushed, or the broker is gone and waiting longer would not help.
        self._producer.close(timeout=1)

    def send(self, topic: str, key: bytes | None, value: bytes) -> None:
        """Hand over one record; waits where too many are under way."""
        place = self._places.get((topic, key)) if key else None
        if place is None:
            place = self._place(topic, key)
        self._under_way.append(self._producer.put(place, key, value, self._headers))
        self._bytes += len(value)
        if self._bytes > _MAX_IN_FLIGHT_BYTES:
            self.flush()
        elif len(self._under_way) > _MAX_IN_FLIGHT:
            self._take_first()
            self.settle()

    def _place(self, topic: str, key: bytes | None) -> TopicPartition:
        """Return a key's partition, and remember it: hashing in Python costs; any, with no key."""
        partitions = self._partitions.get(topic)
        if partitions is None:
            name = self._prefix + topic
            try:
                numbers = sorted(self._producer.partitions_for(name))
            except KafkaError as error:
                raise self._broker_lost(error) from None
            partitions = [TopicPartition(name, number) for number in numbers]
            self._partitions[topic] = partitions
        if key is None:
            return random.choice(partitions)
        if len(self._places) >= _MAX_KNOWN_KEYS:
            self._places.clear()
        place = partitions[partition_of(key, len(partitions))]
        self._places[topic, key] = place
        return place

    def settle(self) -> None:
        """Look at the results that are in; raises MonomiError `broker_lost`."""
        while self._under_way and self._under_way[0].is_done:
            self._take_first()

    def flush(self) -> None:
        """Wait until Kafka has taken all that was sent; raises MonomiError `broker_lost`."""
        while self._under_way:
            self._take_first()
        self._bytes = 0

    def _take_first(self) -> None:
        future = self._under_way.popleft()
        if future.is_done and not future.failed():
            return
        try:
            future.get(timeout=self._timeout_s)
        except KafkaError as error:
            raise self._broker_lost(error) from None

    def _broker_lost(self, error: KafkaError) -> MonomiError:
        return MonomiError(
            "broker_lost",
            f"Kafka at {self._bootstrap} does not take records any more "
            f"({type(error).__name__}), and the files are sent in part; send them again when it "
            "is back: what it has already is known by its event_id",
        )
