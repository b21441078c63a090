"""Read a whole topic without a group: to its end first, then as it grows."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.errors import KafkaError

from schemas.errors import MonomiError

_MAX_WAIT_MS = 50


class TopicReader:
    """Hold a consumer over all partitions of some topics, from their beginnings.

    Raises MonomiError `broker_unreachable` at the start; later the client reconnects by
    itself.
    """

    def __init__(self, bootstrap: str, topics: list[str]) -> None:
        self._bootstrap = bootstrap
        self._topics = topics
        self._consumer: Any = None
        self._ends: dict[Any, int] = {}

    async def start(self) -> None:
        """Connect, and note where the topics end now."""
        self._consumer = AIOKafkaConsumer(
            bootstrap_servers=self._bootstrap,
            enable_auto_commit=False,
            auto_offset_reset="earliest",
            fetch_max_wait_ms=_MAX_WAIT_MS,
            max_partition_fetch_bytes=8 << 20,
        )
        try:
            await self._consumer.start()
            partitions = [
                TopicPartition(topic, number)
                for topic in self._topics
                for number in sorted(await self._partitions(topic))
            ]
            self._consumer.assign(partitions)
            await self._consumer.seek_to_beginning(*partitions)
            self._ends = dict(await self._consumer.end_offsets(partitions))
        except (KafkaError, OSError) as error:
            await self._consumer.stop()
            raise MonomiError(
                "broker_unreachable", f"no Kafka answers at {self._bootstrap}: {error}"
            ) from None

    async def _partitions(self, topic: str) -> set[int]:
        await self._consumer._client.add_topic(topic)  # learn of it before asking
        return self._consumer.partitions_for_topic(topic) or set()

    async def to_the_end(self) -> AsyncIterator[Any]:
        """Yield the records that stood when this reader started."""
        left = {tp for tp, end in self._ends.items() if end > 0}
        while left:
            for tp in list(left):
                if await self._consumer.position(tp) >= self._ends[tp]:
                    left.discard(tp)
            if left:
                for records in (await self._consumer.getmany(timeout_ms=200)).values():
                    for record in records:
                        yield record

    async def from_then_on(self) -> AsyncIterator[Any]:
        """Yield further records as they come, for ever."""
        while True:
            for records in (await self._consumer.getmany(timeout_ms=1000)).values():
                for record in records:
                    yield record

    async def stop(self) -> None:
        """Disconnect."""
        if self._consumer is not None:
            await self._consumer.stop()
