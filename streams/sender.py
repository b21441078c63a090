"""The worker's one producer: what is sent through it is in Kafka when the call returns."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Sequence
from typing import Any

from aiokafka import AIOKafkaProducer
from aiokafka.errors import KafkaError

from schemas.errors import MonomiError

Headers = Sequence[tuple[str, bytes]]
Outgoing = tuple[str, bytes | None, bytes | None, Headers]
"""Topic with its prefix, key, value, headers."""


class Sender:
    """Send alerts, evidence, dead letters and shared days, acknowledged by all replicas."""

    def __init__(self, bootstrap: str, max_value_bytes: int = 8 << 20) -> None:
        self._bootstrap = bootstrap
        self._max_bytes = max_value_bytes + (64 << 10)
        self._producer: Any = None

    async def start(self) -> None:
        """Connect; raises MonomiError `broker_unreachable`."""
        self._producer = AIOKafkaProducer(
            bootstrap_servers=self._bootstrap,
            acks="all",
            enable_idempotence=True,
            max_request_size=self._max_bytes,
        )
        try:
            await self._producer.start()
        except (KafkaError, OSError) as error:
            await self._producer.stop()
            raise MonomiError(
                "broker_unreachable", f"no Kafka answers at {self._bootstrap}: {error}"
            ) from None

    async def send_all(self, records: Iterable[Outgoing]) -> None:
        """Send records and wait until Kafka holds every one; raises MonomiError `not_sent`."""
        try:
            waiting = [
                await self._producer.send(topic, value, key=key, headers=list(headers))
                for topic, key, value, headers in records
            ]
            if waiting:
                await asyncio.gather(*waiting)
        except (KafkaError, OSError) as error:
            raise MonomiError(
                "not_sent", f"Kafka does not take a result ({error!r}); the worker stops here"
            ) from None

    async def stop(self) -> None:
        """Flush and disconnect."""
        if self._producer is not None:
            await self._producer.stop()
