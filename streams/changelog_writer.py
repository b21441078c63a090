"""Write one partition of the changelog as the only one that may.

Kafka gives a producer name to one producer at a time: `InitProducerId` raises the name's epoch,
and a partition that has seen the higher epoch refuses the lower. That is how transactions keep a
former owner out. It holds for plain idempotent batches under such a name just as well, and then a
commit is one request and one record batch, with no markers around it.
"""

from __future__ import annotations

import asyncio
import struct
import time
from collections.abc import Sequence
from typing import Any

from aiokafka import AIOKafkaProducer, TopicPartition
from aiokafka.errors import (
    InvalidProducerEpoch,
    KafkaError,
    MessageSizeTooLargeError,
    ProducerFenced,
)

from schemas.errors import MonomiError
from streams.state_folder import Change, LogPosition

CLAIM_KEY = b"m\x00claim"  # begins with the store's own byte; no topic's name holds a NUL
_CLAIM = struct.Struct(">qh")
_CLAIM_AGAIN_S = 24 * 3600.0
_TAKE_OVER_TIMEOUT_S = 30.0
_STOP_TIMEOUT_S = 2.0
_TRANSACTION_TIMEOUT_MS = 60_000  # asked for with a name; without transactions it never runs


class SoleWriter:
    """Append record batches to one partition; whoever wrote to it before no longer can.

    `max_bytes` is the largest batch that the topic takes. Every method raises MonomiError
    `partition_fenced` once another writer has taken the partition, and `changelog_not_written`
    when Kafka refuses for another reason. While Kafka cannot be reached they wait for it.
    """

    def __init__(self, bootstrap: str, target: TopicPartition, max_bytes: int) -> None:
        self._bootstrap = bootstrap
        self._target = target
        self._name = f"{target.topic}-{target.partition}"
        self._max_bytes = max_bytes
        self._producer: Any = None
        self._claimed_at_s = 0.0
        self._next_offset: int | None = None

    async def claim(self) -> LogPosition:
        """Take the partition over; return the position right behind the claim's record.

        What stands before the claim is final: nobody adds to it any more. Raises MonomiError
        `changelog_torn` where someone wrote since this writer's last batch.
        """
        await self.close()
        self._producer = AIOKafkaProducer(
            bootstrap_servers=self._bootstrap,
            enable_idempotence=True,
            max_batch_size=self._max_bytes,
            max_request_size=self._max_bytes + 1024,
        )
        try:
            epoch = await self._take_name()
        except (KafkaError, TimeoutError, OSError) as error:
            await self.close()
            raise self._not_written(error) from error
        self._claimed_at_s = time.monotonic()
        return await self._send([(CLAIM_KEY, _CLAIM.pack(*epoch))])

    async def append(self, changes: Sequence[Change]) -> LogPosition:
        """Write all changes as one record batch and return the position behind it.

        Raises MonomiError `state_batch_too_large` (nothing is written) and `changelog_torn`
        where the batch does not lie right behind this writer's last one.
        """
        if time.monotonic() - self._claimed_at_s > _CLAIM_AGAIN_S:
            await self.claim()
        return await self._send(changes)

    async def close(self) -> None:
        """Let go of Kafka; a batch that it has not acknowledged yet may or may not be written."""
        producer, self._producer = self._producer, None
        if producer is None:
            return
        try:
            async with asyncio.timeout(_STOP_TIMEOUT_S):
                await producer.stop()
        except TimeoutError:  # an idempotent producer waits for Kafka for good: cut it off
            await producer.client.close()
            await producer._sender.close()

    async def _take_name(self) -> tuple[int, int]:
        """Start the producer under the partition's name; return its id and its epoch."""
        transactions = self._producer._txn_manager
        transactions.transactional_id = self._name
        transactions.transaction_timeout_ms = _TRANSACTION_TIMEOUT_MS
        async with asyncio.timeout(_TAKE_OVER_TIMEOUT_S):
            await self._producer.start()
            await asyncio.shield(transactions.wait_for_pid())
        transactions.transactional_id = None  # from here on plain batches, outside transactions
        return transactions.producer_id, transactions.producer_epoch

    async def _send(self, changes: Sequence[Change]) -> LogPosition:
        batch = self._batch(changes)
        topic, partition = self._target
        try:
            sent = await self._producer.send_batch(batch, topic, partition=partition)
            written = await sent
        except (ProducerFenced, InvalidProducerEpoch) as error:
            raise MonomiError(
                "partition_fenced",
                f"Another worker has taken over partition {partition} of {topic}: this one must "
                "let it go.",
            ) from error
        except MessageSizeTooLargeError as error:
            raise self._too_large(batch.size()) from error
        except KafkaError as error:
            raise self._not_written(error) from error
        expected, self._next_offset = self._next_offset, written.offset + len(changes)
        if expected not in (None, written.offset):
            raise MonomiError(
                "changelog_torn",
                f"Something else has written to partition {partition} of {topic}: open it again, "
                "and see that no other program writes to this topic.",
            )
        return LogPosition(self._next_offset, written.timestamp)

    def _batch(self, changes: Sequence[Change]) -> Any:
        batch = self._producer.create_batch()
        for key, value in changes:
            taken = batch.append(key=key, value=value, timestamp=None)
            if taken is None or batch.size() > self._max_bytes:
                raise self._too_large(batch.size())
        batch.close()
        return batch

    def _too_large(self, at_least_bytes: int) -> MonomiError:
        return MonomiError(
            "state_batch_too_large",
            f"A commit of more than {at_least_bytes} bytes does not fit into one record batch of "
            f"{self._target.topic}, which takes {self._max_bytes}: commit fewer events at once.",
        )

    def _not_written(self, error: object) -> MonomiError:
        return MonomiError(
            "changelog_not_written",
            f"Kafka at {self._bootstrap} does not take what is written to {self._target.topic} "
            f"({error!r}): see that it is up and that its topic is right, then start again.",
        )
