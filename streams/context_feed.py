"""The context topics into the context: to their ends before the first look-up, then on."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from models.context import Context
from models.detectors import DETECTORS
from schemas.errors import MalformedError
from schemas.topics import CONTEXT_TOPICS
from streams.ingest import Received, context_key, decode
from streams.metrics import DETECTORS_OFF, UNKNOWN_FIELDS
from streams.topic_reader import TopicReader

OnMalformed = Callable[[Received, MalformedError], Awaitable[None]]


class ContextFeed:
    """Keep a context as new as its topics.

    A malformed record is handed to `on_malformed` and changes nothing.
    """

    def __init__(
        self, bootstrap: str, prefix: str, context: Context, on_malformed: OnMalformed
    ) -> None:
        self._topics = {prefix + topic.name: topic for topic in CONTEXT_TOPICS}
        self._context = context
        self._on_malformed = on_malformed
        self._reader = TopicReader(bootstrap, list(self._topics))

    async def load(self) -> None:
        """Read all that stands in the topics now."""
        await self._reader.start()
        async for record in self._reader.to_the_end():
            await self._take(record)
        self._say_what_is_off()

    async def follow(self) -> None:
        """Take what comes, until cancelled."""
        async for record in self._reader.from_then_on():
            fed = len(self._context.fed)
            await self._take(record)
            if len(self._context.fed) != fed:
                self._say_what_is_off()

    async def stop(self) -> None:
        """Disconnect."""
        await self._reader.stop()

    async def _take(self, record: Any) -> None:
        topic = self._topics[record.topic]
        received = Received(
            topic.name,
            record.partition,
            record.offset,
            record.key,
            record.value,
            record.timestamp / 1000,
        )
        try:
            parsed = decode(received, topic)
            key = context_key(received, topic, parsed)
        except MalformedError as error:
            await self._on_malformed(received, error)
            return
        if parsed is not None:
            UNKNOWN_FIELDS.inc(parsed.unknown_fields())
        self._context.put(topic.name, key, parsed)

    def _say_what_is_off(self) -> None:
        for detector in DETECTORS:
            DETECTORS_OFF.labels(detector.name).set(not detector.needs <= self._context.fed)
