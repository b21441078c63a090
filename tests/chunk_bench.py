"""An app with our consumer and a fake thread in the place of Kafka, for tests of its races."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import asynccontextmanager
from typing import Any

import faust
from aiokafka import TopicPartition
from aiokafka.structs import ConsumerRecord
from faust.types import TP

from streams.chunk_thread import Fetched
from streams.chunks import use_chunks

A = TP("a", 0)


def records(offsets: Iterable[int]) -> list[Any]:
    return [ConsumerRecord("a", 0, o, 0, 0, b"k", b"%d" % o, None, 1, 1, ()) for o in offsets]


class FakeThread:
    """Give fetched lists by hand, and remember what was given back."""

    def __init__(self) -> None:
        self.era = 0
        self.fetched: list[Fetched] = []
        self.given_back: list[tuple[int, dict[TP, int]]] = []
        self.before_returning: Callable[[], None] = lambda: None
        self.starts: dict[TP, int] = {A: 0}
        self.end = 0

    async def fetch(self, _: frozenset[TP]) -> Fetched:
        self.before_returning()
        return self.fetched.pop(0)

    async def give_back(self, era: int, starts: dict[TP, int]) -> None:
        self.given_back.append((era, starts))

    async def seek_to_start(self, wanted: dict[TP, int]) -> tuple[dict[TP, int], dict[TP, int]]:
        self.era += 1
        return dict(self.starts), self.starts | wanted

    def assignment(self) -> set[TP]:
        return {A}

    def highwater(self, _: TP) -> int:
        return self.end


class Bench:
    """An app with our consumer, a stream on one partition, and a fake thread before Kafka."""

    def __init__(self, **settings: Any) -> None:
        self.app: Any = faust.App("bench", broker="kafka://127.0.0.1:1", **settings)
        use_chunks(self.app, start_at=lambda tp: self.wanted.get(tp))
        self.wanted: dict[TP, int] = {}
        topic = self.app.topic(
            "a", key_type=bytes, value_type=bytes, key_serializer="raw", value_serializer="raw"
        )
        self.stream = self.app.stream(topic)
        self.queue = self.stream.channel.queue
        self.app.topics._tp_index[A] = {self.stream.channel}
        self.app.topics._acking_topics.add("a")
        self.app.consumer_generation_id = 1
        self.app.flow_control.resume()
        self.consumer = self.app.consumer
        self.real_thread = self.consumer._thread
        self.thread = self.consumer._thread = FakeThread()
        self.consumer._active_partitions = {A}

    async def fetch(
        self, offsets: Iterable[int], era: int | None = None, position: int | None = None
    ) -> None:
        """Let a list of records arrive, and the consumer deliver it."""
        its = records(offsets)
        position = its[-1].offset + 1 if position is None else position
        fetched = {TopicPartition(*A): its} if its else {}
        era = self.thread.era if era is None else era
        self.thread.fetched.append(Fetched(era, fetched, {A: position}))
        await self.consumer._fetch_and_deliver()

    def waiting(self) -> list[int]:
        return [event.message.offset for event in self.queue._queue]


@asynccontextmanager
async def bench(**settings: Any) -> AsyncIterator[Bench]:
    a_bench = Bench(**settings)
    try:
        yield a_bench
    finally:
        a_bench.real_thread.thread_loop.close()
