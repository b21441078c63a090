"""Who waits for alerts: a reader that notes how long each was on its way."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterable
from typing import Any, Self

import msgspec
from confluent_kafka import Consumer, TopicPartition

_POLL_S = 0.01


class Latencies(msgspec.Struct, frozen=True):
    """Hold how long alerts were on their way, in milliseconds, and how many were timed."""

    p50_ms: float
    p99_ms: float
    max_ms: float
    alerts: int

    def as_json(self) -> dict[str, float]:
        """Return the figures as a JSON object."""
        return msgspec.structs.asdict(self)


class AlertReader:
    """Read a topic from its end on, and note each record's way since its look-up's append."""

    def __init__(self, bootstrap: str, topic: str) -> None:
        self._took_ms: list[float] = []
        self._ended = threading.Event()
        self._consumer = Consumer(
            {
                "bootstrap.servers": bootstrap,
                "group.id": "latency",
                "enable.auto.commit": False,
                "fetch.wait.max.ms": 10,
            }
        )
        self._consumer.assign(_ends(self._consumer, topic))
        self._thread = threading.Thread(target=self._read, name="alert reader", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._ended.set()
        self._thread.join()
        self._consumer.close()

    def _read(self) -> None:
        while not self._ended.is_set():
            for message in self._consumer.consume(500, _POLL_S):
                if message.error() is None:
                    self._took_ms.append(1000 * time.time() - _appended_ms(message))

    def latencies(self) -> Latencies:
        """Return what was noted; zeros where nothing came."""
        return latencies_of(self._took_ms)


def latencies_of(took_ms: Iterable[float]) -> Latencies:
    """Return the figures of single times; zeros where there are none."""
    took = sorted(took_ms)
    if not took:
        return Latencies(0.0, 0.0, 0.0, 0)
    at = [took[min(len(took) - 1, int(share * len(took)))] for share in (0.5, 0.99)]
    return Latencies(*(round(ms, 1) for ms in (*at, took[-1])), len(took))


def appended_ms_of(bootstrap: str, topic: str) -> dict[str, int]:
    """Return of every revision in a topic of alerts when its look-up was appended, by Kafka.

    Named `<alert id>/<revision>`; milliseconds of the epoch.
    """
    consumer = Consumer({"bootstrap.servers": bootstrap, "group.id": "appended"})
    found: dict[str, int] = {}
    ends = _ends(consumer, topic)
    consumer.assign([TopicPartition(topic, end.partition, 0) for end in ends])
    left = sum(end.offset for end in ends)
    while left > 0:
        messages = consumer.consume(1000, 1.0)
        for message in messages:
            alert = msgspec.json.decode(message.value())
            found[f"{alert['alert_id']}/{alert['revision']}"] = _appended_ms(message)
        left -= len(messages)
    consumer.close()
    return found


def _ends(consumer: Consumer, topic: str) -> list[TopicPartition]:
    partitions = consumer.list_topics(topic, timeout=10).topics[topic].partitions
    return [
        TopicPartition(
            topic, number, consumer.get_watermark_offsets(TopicPartition(topic, number))[1]
        )
        for number in partitions
    ]


def _appended_ms(message: Any) -> int:
    headers: dict[str, bytes] = dict(message.headers() or ())
    return int(headers["appended_at_ms"])
