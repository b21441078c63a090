"""The console's topics in Kafka: statuses and verdicts, written by it alone."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Collection, Mapping
from functools import partial
from typing import Any

from aiokafka import AIOKafkaProducer
from aiokafka.errors import KafkaError, MessageSizeTooLargeError

from alerting.changes import DISPOSITIONS_TOPIC, STATUS_TOPIC, destination
from alerting.errors import DeliveryError
from alerting.outbox import Letter, Send
from schemas.settings import Settings

KEY_HEADER = "idempotency_key"
"""A record that Kafka has twice has it twice with the same key."""

_REQUEST_TIMEOUT_MS = 10_000


class ResultTopics:
    """Send letters to Kafka; sent is what all its replicas have acknowledged.

    `standing` says which topics exist: writing to one that does not would make it, with
    wrong settings.
    """

    def __init__(self, settings: Settings, standing: Callable[[], Collection[str]]) -> None:
        self._settings = settings
        self._standing = standing
        self._producer: Any = None
        self._starting = asyncio.Lock()

    def senders(self) -> Mapping[str, Send]:
        """Return by destination what sends there."""
        return {
            destination(topic): partial(self._send, topic)
            for topic in (STATUS_TOPIC, DISPOSITIONS_TOPIC)
        }

    async def close(self) -> None:
        """Leave Kafka."""
        producer, self._producer = self._producer, None
        if producer is not None:
            await producer.stop()

    async def _send(self, topic: str, letter: Letter) -> None:
        if topic not in self._standing():
            raise DeliveryError(f"the topic {topic} is not there yet: the worker makes it")
        try:
            producer = await self._started()
            await producer.send_and_wait(
                self._settings.topic_prefix + topic,
                letter.payload.encode(),
                key=(letter.lane or "").encode(),
                headers=[(KEY_HEADER, letter.key.encode())],
            )
        except MessageSizeTooLargeError as error:
            raise DeliveryError(str(error), permanent=True) from None
        except (KafkaError, OSError) as error:
            raise DeliveryError(f"Kafka: {type(error).__name__}: {error}") from None

    async def _started(self) -> Any:
        async with self._starting:  # letters of many lanes come at once
            if self._producer is None:
                producer = AIOKafkaProducer(
                    bootstrap_servers=self._settings.bootstrap,
                    client_id="monomi-console",
                    acks="all",
                    request_timeout_ms=_REQUEST_TIMEOUT_MS,
                )
                try:
                    await producer.start()
                except BaseException:
                    await producer.stop()
                    raise
                self._producer = producer
            return self._producer
