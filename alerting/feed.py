"""The feed: alerts from Kafka into the store, each with where reading goes on."""

from __future__ import annotations

import asyncio
import logging
import math
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.errors import KafkaError
from sqlalchemy.exc import DatabaseError

from alerting.bell import Bell
from alerting.store import AlertStore, Arrival, Progress
from schemas.alerts import Alert
from schemas.errors import MalformedError, MonomiError
from schemas.settings import Settings
from schemas.topics import TOPICS

FeedState = Literal["starting", "waiting", "live", "reconnecting"]
"""`waiting`: Kafka is there, the topic is not yet; `reconnecting`: Kafka was lost."""

APPENDED_AT = "appended_at_ms"
"""The header with the append time in Kafka (epoch ms, ASCII) of the look-up that raised it."""

_RETRY_S = 0.5
_REACH_TIMEOUT_S = 10.0
_LOOK_EVERY_S = 2.0
_LOOK_TIMEOUT_S = 5.0
_REQUEST_TIMEOUT_MS = 10_000
_BATCH = 500
_LOST = (KafkaError, OSError, asyncio.TimeoutError)

_log = logging.getLogger(__name__)


@dataclass
class FeedStatus:
    """Say how the feed stands; counts are since the start of the process."""

    state: FeedState = "starting"
    partitions: int = 0
    stored: int = 0
    repeated: int = 0
    malformed: int = 0


class AlertFeed:
    """Read all partitions of the topic `alerts`, without a group, from the kept position.

    Ring the bell after each batch and each change of state, whether or not a revision was
    new: another console on the same store may have stored it first.
    """

    def __init__(self, settings: Settings, store: AlertStore, bell: Bell) -> None:
        self.status = FeedStatus()
        self._bootstrap = settings.bootstrap
        self._topic = settings.topic_prefix + TOPICS["alerts"].name
        self._store = store
        self._bell = bell
        self._log_name = ""
        self._admin: Any = None
        self._consumer: Any = None

    async def connect(self) -> None:
        """Reach Kafka once; raises MonomiError `broker_unreachable`."""
        try:
            async with asyncio.timeout(_REACH_TIMEOUT_S):
                await self._open()
        except (*_LOST, ValueError):  # ValueError: no number where the port should be
            raise MonomiError(
                "broker_unreachable",
                f"Kafka cannot be reached at {self._bootstrap}: start it (`monomi broker`), "
                "or set MONOMI_BOOTSTRAP",
            ) from None

    async def close(self) -> None:
        """Leave Kafka."""
        consumer, admin = self._consumer, self._admin
        self._consumer = self._admin = None
        if consumer is not None:
            await _stop(consumer)
        if admin is not None:
            await admin.close()

    async def run(self) -> None:
        """Read until cancelled, and reconnect whenever Kafka is lost.

        Raises MonomiError `store_not_usable` where the store refuses what came.
        """
        while True:
            try:
                if self._consumer is None:
                    await self._open()
                await self._read()
            except _LOST as lost:
                self._now("reconnecting", f"Kafka was lost ({type(lost).__name__}), trying again")
                await self.close()
                await asyncio.sleep(_RETRY_S)
            except DatabaseError as error:
                raise MonomiError(
                    "store_not_usable",
                    f"the alert store failed ({error.orig}): make room for it and start again",
                ) from None

    async def _open(self) -> None:
        try:
            self._admin = AIOKafkaAdminClient(
                bootstrap_servers=self._bootstrap, request_timeout_ms=_REQUEST_TIMEOUT_MS
            )
            await self._admin.start()
            # Another cluster's offsets are not this one's.
            cluster = (await self._admin.describe_cluster())["cluster_id"]
            self._log_name = f"{cluster}/{self._topic}"
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

    async def _read(self) -> None:
        """Read all partitions until Kafka is lost; partitions may be added meanwhile."""
        looked_at_s = -math.inf
        while True:
            if time.monotonic() - looked_at_s > _LOOK_EVERY_S:
                # aiokafka retries in silence for ever: ask, so that the page can tell.
                partitions = await asyncio.wait_for(self._partitions(), _LOOK_TIMEOUT_S)
                looked_at_s = time.monotonic()
                if not partitions:
                    self._now("waiting", f"waiting for the topic {self._topic} to be made")
                    looked_at_s = -math.inf
                    await asyncio.sleep(_RETRY_S)
                    continue
                if len(partitions) != self.status.partitions or self.status.state != "live":
                    await self._assign(partitions)
            if batches := await self._consumer.getmany(timeout_ms=500, max_records=_BATCH):
                await self._take(batches)

    async def _partitions(self) -> set[int]:
        """Return the topic's partitions, none while it does not exist."""
        # Asks for all topics: asking for one by name could make it, with wrong settings.
        for topic in await self._admin.describe_topics():
            if topic["topic"] == self._topic:
                return {partition["partition"] for partition in topic["partitions"]}
        return set()

    async def _assign(self, partitions: set[int]) -> None:
        """Go on in each partition where the store says, at its beginning where it doesn't."""
        progress = await self._store.progress(self._log_name)
        assigned = [TopicPartition(self._topic, partition) for partition in sorted(partitions)]
        self._consumer.assign(assigned)
        for partition in assigned:
            # Beyond the log's end or before its start, aiokafka goes to the earliest.
            self._consumer.seek(partition, progress.next_offsets.get(partition.partition, 0))
        self.status.partitions = len(assigned)
        self._now("live", f"reading {len(assigned)} partitions of {self._topic}")

    async def _take(self, batches: Mapping[Any, Sequence[Any]]) -> None:
        """Store a batch and the position behind it in one transaction, and ring."""
        arrivals = [
            arrival
            for records in batches.values()
            for record in records
            if (arrival := self._arrival(record)) is not None
        ]
        behind = {part.partition: records[-1].offset + 1 for part, records in batches.items()}
        added = await self._store.add(arrivals, Progress(self._log_name, behind))
        self.status.stored += len(added)
        self.status.repeated += len(arrivals) - len(added)
        self._bell.ring()

    def _arrival(self, record: Any) -> Arrival | None:
        """Return what a Kafka record brings, or None where it is no alert."""
        if record.value is None:  # an alert that was purged: its key without a value
            return None
        try:
            return Arrival(read_alert(record.value), _append_time(record.headers))
        except MalformedError as fault:
            self.status.malformed += 1
            place = f"{record.topic}[{record.partition}]@{record.offset}"
            _log.warning("skipped %s, which is no alert: %s", place, fault)
            return None

    def _now(self, state: FeedState, sentence: str) -> None:
        if state == self.status.state:
            return
        self.status.state = state
        _log.log(logging.WARNING if state == "reconnecting" else logging.INFO, sentence)
        self._bell.ring()


def read_alert(value: bytes) -> Alert:
    """Return the alert in a record's value; raises MalformedError."""
    alert = Alert.parse(value)
    # JSON has no such numbers: they would come back from the store as null.
    if not all(math.isfinite(r.observed) and math.isfinite(r.expected) for r in alert.reasons):
        raise MalformedError("field_invalid", "reasons: a number that is not finite")
    return alert


def _append_time(headers: Sequence[tuple[str, bytes]]) -> int | None:
    for name, value in headers:
        if name == APPENDED_AT and value is not None and value.isdigit() and len(value) <= 15:
            return int(value)
    return None


async def _stop(consumer: Any) -> None:
    """Stop a consumer whole.

    Amid a fetch that is being retried, aiokafka 0.14 lets its own cancel of it escape, as if
    the caller were cancelled, and keeps its connections.
    """
    stopping = asyncio.ensure_future(consumer.stop())
    await asyncio.wait({stopping})
    if stopping.cancelled():
        await consumer._client.close()
