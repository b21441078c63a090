"""Send files to Kafka, each line as it stands, at the pace of their event times."""

from __future__ import annotations

import random
import threading
import time
from collections import Counter, deque
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from kafka import KafkaProducer
from kafka.errors import KafkaError, KafkaTimeoutError
from kafka.partitioner.default import murmur2
from kafka.structs import TopicPartition
from pydantic import Field

from schemas.errors import MonomiError
from schemas.topics import TOPICS
from streams.outgoing import Outgoing, Source, merge_outgoing
from streams.topics import TopicSettings

Pace = Callable[[float], float]
"""From seconds of event time since the first event to seconds of wall time since then."""

Progress = Callable[[int, float | None], None]
"""Told now and then: how many lines are sent, and the event time reached, seconds since 1970."""

_LINGER_S = 0.02
_BATCH_BYTES = 256 * 1024
_MAX_IN_FLIGHT = 20_000
_MAX_IN_FLIGHT_BYTES = 64 * 1024 * 1024
_MAX_KNOWN_KEYS = 100_000
_PROGRESS_EVERY_S = 0.1
_MAX_REQUEST_BYTES = max(topic.max_value_bytes for topic in TOPICS.values()) * 2


class ProducerSettings(TopicSettings):
    """Hold how long Kafka may be away before a record counts as not taken."""

    delivery_timeout_s: float = Field(30.0, ge=1, description="Then `produce` gives up")


@dataclass
class Produced:
    """Say what was sent, when `produce` ended.

    `records` by topic without prefix, each taken by Kafka; `keyless` of them had no JSON or
    no key. `too_long` names the lines that no topic takes, and that were not sent. `reached`
    is the last line sent of each file; `stopped` says that it did not come to the end.
    """

    records: Counter[str] = field(default_factory=Counter)
    keyless: int = 0
    too_long: list[str] = field(default_factory=list)
    reached: dict[str, int] = field(default_factory=dict)
    event_time_s: float | None = None
    seconds: float = 0.0
    stopped: bool = False


def produce(
    sources: Sequence[Source],
    bootstrap: str,
    prefix: str = "",
    *,
    pace: Pace | None = None,
    on_progress: Progress | None = None,
    stop: threading.Event | None = None,
    delivery_timeout_s: float = 30.0,
) -> Produced:
    """Send all lines; return when Kafka has taken them.

    Context goes first, as fast as it can, then all events merged by event time: at `pace`,
    or as fast as they can without. The topics must stand (`create_topics`). Once `stop` is
    set it sends no more, waits for what is under way, and returns with `stopped`. Raises
    MonomiError `broker_unreachable`, `broker_lost`, and what `open_lines` raises.
    """
    stop = stop or threading.Event()
    done = Produced()
    started = time.monotonic()
    with _Sender(bootstrap, prefix, delivery_timeout_s) as sender:
        run = _Run(sender, done, stop, on_progress)
        for kind, kind_pace in (("context", None), ("event", pace)):
            chosen = [source for source in sources if source.topic.kind == kind]
            run.send_all(merge_outgoing(chosen) if chosen else (), kind_pace)
    done.seconds = time.monotonic() - started
    return done


def same_speed(speed: float) -> Pace:
    """Return the pace that is `speed` times the events' own."""
    return lambda event_s: event_s / speed


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

    def put(self, place: TopicPartition, key: bytes | None, value: bytes) -> Any:
        """Add a record to its partition's batch; return the future of its result.

        `send` without what is done already for each of our records, its partition and its
        size: a third of its time, which decides how fast files can be sent.
        """
        future, batch_is_full, batch_is_new, _ = self._accumulator.append(
            place, None, key, value, []
        )
        if batch_is_full or batch_is_new:
            self._sender.wakeup()
        return future

    def flush(self, timeout: float | None = None) -> None:
        """Wait until nothing is under way, or for `timeout` seconds."""
        with suppress(KafkaTimeoutError):
            super().flush(timeout)


class _Run:
    """One run over the files: keeps the pace and counts."""

    def __init__(
        self,
        sender: _Sender,
        done: Produced,
        stop: threading.Event,
        on_progress: Progress | None,
    ) -> None:
        self._sender, self._done, self._stop = sender, done, stop
        self._on_progress = on_progress
        self._told_at = 0.0

    def send_all(self, lines: Iterable[Outgoing], pace: Pace | None) -> None:
        """Send lines when they are due, then wait until Kafka has them."""
        first_s: float | None = None
        begun = time.monotonic()
        for line in lines:
            if pace is not None and line.time_s > float("-inf"):
                if first_s is None:
                    first_s, begun = line.time_s, time.monotonic()
                self._wait_until(begun + pace(max(0.0, line.time_s - first_s)))
            if self._stop.is_set():
                self._done.stopped = True
                break
            self._send(line)
        self._sender.flush()
        self._tell(always=True)

    def _wait_until(self, due: float) -> None:
        while (left := due - time.monotonic()) > 0 and not self._stop.is_set():
            self._sender.settle()
            self._tell()
            self._stop.wait(min(left, _PROGRESS_EVERY_S))

    def _send(self, line: Outgoing) -> None:
        done, topic = self._done, line.source.topic
        if len(line.value) > topic.max_value_bytes:
            done.too_long.append(f"{line.source.path}, line {line.number}")
        else:
            self._sender.send(topic.name, line.key, line.value)
            done.records[topic.name] += 1
            done.keyless += line.key is None
        done.reached[line.source.name] = line.number
        if line.time_s > (done.event_time_s or float("-inf")):
            done.event_time_s = line.time_s
        self._tell()

    def _tell(self, always: bool = False) -> None:
        now = time.monotonic()
        if self._on_progress and (always or now - self._told_at > _PROGRESS_EVERY_S):
            self._told_at = now
            self._on_progress(self._done.records.total(), self._done.event_time_s)


class _Sender:
    """A kafka-python producer of which every record's result is looked at."""

    def __init__(self, bootstrap: str, prefix: str, delivery_timeout_s: float) -> None:
        self._bootstrap, self._prefix = bootstrap, prefix
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

    def __enter__(self) -> _Sender:
        return self

    def __exit__(self, *_: object) -> None:
        # Either all is flushed, or the broker is gone and waiting longer would not help.
        self._producer.close(timeout=1)

    def send(self, topic: str, key: bytes | None, value: bytes) -> None:
        """Hand over one record; waits where too many are under way."""
        place = self._places.get((topic, key)) if key else None
        if place is None:
            place = self._place(topic, key)
        self._under_way.append(self._producer.put(place, key, value))
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
