"""Kafka as the feed reads it: one consumer without a group, and an eye on which topics stand."""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.errors import KafkaError

LOST = (KafkaError, OSError, asyncio.TimeoutError)
"""What says that Kafka was lost."""

_REQUEST_TIMEOUT_MS = 10_000
_QUIET_S = 10.0
_BATCH = 500


class Logs:
    """Read partitions from where one says; `cluster` names whose offsets they are."""

    def __init__(self, bootstrap: str) -> None:
        self.cluster = ""
        self._bootstrap = bootstrap
        self._admin: Any = None
        self._consumer: Any = None

    @property
    def is_open(self) -> bool:
        """Return whether Kafka was reached and not left since."""
        return self._consumer is not None

    async def open(self) -> None:
        """Reach Kafka; raises one of LOST."""
        try:
            self._admin = AIOKafkaAdminClient(
                bootstrap_servers=self._bootstrap, request_timeout_ms=_REQUEST_TIMEOUT_MS
            )
            await self._admin.start()
            # Another cluster's offsets are not this one's.
            self.cluster = (await self._admin.describe_cluster())["cluster_id"]
            self._consumer = AIOKafkaConsumer(
                bootstrap_servers=self._bootstrap,
                client_id="monomi-console",
                auto_offset_reset="earliest",
                fetch_max_wait_ms=50,
                request_timeout_ms=_REQUEST_TIMEOUT_MS,
            )
            await self._consumer.start()
        except BaseException:
            await self.close()
            raise

    async def close(self) -> None:
        """Leave Kafka."""
        consumer, admin = self._consumer, self._admin
        self._consumer = self._admin = None
        if consumer is not None:
            await _stop(consumer)
        if admin is not None:
            await admin.close()

    async def partitions(self) -> dict[str, frozenset[int]]:
        """Return the partitions of every topic that stands."""
        # Asks for all topics: asking for one by name could make it, with wrong settings.
        return {
            topic["topic"]: frozenset(part["partition"] for part in topic["partitions"])
            for topic in await self._admin.describe_topics()
        }

    async def read_to_end(self, partitions: Collection[TopicPartition]) -> list[Any]:
        """Return all records of these partitions, and read nothing else meanwhile.

        Raises TimeoutError where none comes for a while and the end is not reached.
        """
        if not partitions:
            return []
        self.follow(dict.fromkeys(partitions, 0))
        records: list[Any] = []
        # aiokafka retries in silence for ever.
        async with asyncio.timeout(_QUIET_S) as quiet:
            ends = await self._consumer.end_offsets(list(partitions))
            while [p for p, end in ends.items() if await self._consumer.position(p) < end]:
                for some in (await self.next()).values():
                    records += some
                    quiet.reschedule(asyncio.get_running_loop().time() + _QUIET_S)
        return records

    async def positions(self, partitions: Collection[TopicPartition]) -> dict[TopicPartition, int]:
        """Return where reading stands in partitions that are followed."""
        return {part: await self._consumer.position(part) for part in partitions}

    def follow(self, offsets: Mapping[TopicPartition, int]) -> None:
        """Read these partitions, each from an offset on."""
        self._consumer.assign(list(offsets))
        for partition, offset in offsets.items():
            # Beyond the log's end or before its start, aiokafka goes to the earliest.
            self._consumer.seek(partition, offset)

    async def next(self) -> Mapping[TopicPartition, Sequence[Any]]:
        """Return the records that come next, none where none came for a while."""
        records: Mapping[TopicPartition, Sequence[Any]]
        records = await self._consumer.getmany(timeout_ms=500, max_records=_BATCH)
        return records


async def _stop(consumer: Any) -> None:
    """Stop a consumer whole.

    Amid a fetch that is being retried, aiokafka 0.14 lets its own cancel of it escape, as if
    the caller were cancelled, and keeps its connections.
    """
    stopping = asyncio.ensure_future(consumer.stop())
    await asyncio.wait({stopping})
    if stopping.cancelled():
        await consumer._client.close()
