"""The feed: alerts, evidence and directory from Kafka, with where reading goes on."""

from __future__ import annotations

import asyncio
import logging
import math
import time
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from aiokafka import TopicPartition

from alerting.bell import Bell
from alerting.directory import OPERATORS, SECTIONS, Directory
from alerting.intake import Intake
from alerting.logs import LOST, Logs
from alerting.store import AlertStore, Arrival, Progress
from alerting.store.location import failures_explained
from schemas.alerts import Alert, Evidence
from schemas.errors import MalformedError, MonomiError
from schemas.settings import Settings

FeedState = Literal["starting", "waiting", "live", "reconnecting"]
"""`waiting`: Kafka is there, the topic is not yet; `reconnecting`: Kafka was lost."""

APPENDED_AT = "appended_at_ms"
"""The header with the append time in Kafka (epoch ms, ASCII) of the look-up that raised it."""

HISTORIC = "historic"
"""The header `1` of an alert that a backfill raised."""

ALERTS, EVIDENCE = "alerts", "alerts.evidence"

_RETRY_S = 0.5
_REACH_TIMEOUT_S = 10.0
_LOOK_EVERY_S = 2.0
_LOOK_TIMEOUT_S = 5.0

_log = logging.getLogger(__name__)


@dataclass
class FeedStatus:
    """Say how the feed stands; counts are since the start of the process.

    `topics` are the deployment's that stand in Kafka, without its prefix.
    """

    state: FeedState = "starting"
    partitions: int = 0
    stored: int = 0
    repeated: int = 0
    malformed: int = 0
    topics: frozenset[str] = field(default=frozenset())


class AlertFeed:
    """Read all partitions of alerts and evidence, without a group, from the kept position.

    The directory is read whole before the first alert, and again after each reconnect: what
    routes an alert must be there before it. Ring the bell after each batch and each change of
    state, whether or not a revision was new: another console on the same store may have
    stored it first.
    """

    def __init__(
        self,
        settings: Settings,
        store: AlertStore,
        intake: Intake,
        directory: Directory,
        bell: Bell,
    ) -> None:
        self.status = FeedStatus()
        self._bootstrap = settings.bootstrap
        self._prefix = settings.topic_prefix
        self._store = store
        self._intake = intake
        self._directory = directory
        self._bell = bell
        self._logs = Logs(settings.bootstrap)
        self._followed: set[TopicPartition] = set()

    async def connect(self) -> None:
        """Reach Kafka once; raises MonomiError `broker_unreachable`."""
        try:
            async with asyncio.timeout(_REACH_TIMEOUT_S):
                await self._logs.open()
        except (*LOST, ValueError):  # ValueError: no number where the port should be
            raise MonomiError(
                "broker_unreachable",
                f"Kafka cannot be reached at {self._bootstrap}: start it (`monomi broker`), "
                "or set MONOMI_BOOTSTRAP",
            ) from None

    async def close(self) -> None:
        """Leave Kafka."""
        await self._logs.close()

    async def run(self) -> None:
        """Read until cancelled, and reconnect whenever Kafka is lost.

        Raises MonomiError `store_not_usable` where the store refuses what came.
        """
        while True:
            try:
                if not self._logs.is_open:
                    await self._logs.open()
                with failures_explained():
                    await self._read()
            except LOST as lost:
                self._now("reconnecting", f"Kafka was lost ({type(lost).__name__}), trying again")
                await self.close()
                await asyncio.sleep(_RETRY_S)

    async def _read(self) -> None:
        """Read until Kafka is lost; topics and partitions may be added meanwhile."""
        looked_at_s = -math.inf
        while True:
            if time.monotonic() - looked_at_s > _LOOK_EVERY_S:
                # aiokafka retries in silence for ever: ask, so that the page can tell.
                standing = await asyncio.wait_for(self._standing(), _LOOK_TIMEOUT_S)
                looked_at_s = time.monotonic()
                if not any(self._name(part) == ALERTS for part in standing):
                    topic = self._prefix + ALERTS
                    self._now("waiting", f"waiting for the topic {topic} to be made")
                    looked_at_s = -math.inf
                    await asyncio.sleep(_RETRY_S)
                    continue
                if standing != self._followed or self.status.state != "live":
                    await self._follow(standing)
            if batches := await self._logs.next():
                await self._take(batches)

    async def _standing(self) -> set[TopicPartition]:
        """Return the partitions of the topics that are read, of those that stand."""
        found = await self._logs.partitions()
        ours = {t.removeprefix(self._prefix) for t in found if t.startswith(self._prefix)}
        self.status.topics = frozenset(ours)
        return {
            TopicPartition(self._prefix + topic, partition)
            for topic in (ALERTS, EVIDENCE, OPERATORS, SECTIONS)
            for partition in found.get(self._prefix + topic, ())
        }

    async def _follow(self, standing: Collection[TopicPartition]) -> None:
        """Read the directory whole, then go on in each partition where the store says."""
        offsets = await self._load(
            {part for part in standing if self._name(part) in (OPERATORS, SECTIONS)}
        )
        for topic in (ALERTS, EVIDENCE):
            kept = (await self._store.progress(self._log_of(topic))).next_offsets
            for part in standing:
                if self._name(part) == topic:
                    offsets[part] = kept.get(part.partition, 0)
        await self._intake.route_waiting()
        self._logs.follow(offsets)
        self._followed = set(standing)
        self.status.partitions = sum(self._name(part) == ALERTS for part in standing)
        self._now("live", f"reading {self.status.partitions} partitions of {self._prefix}{ALERTS}")

    async def _load(self, parts: Collection[TopicPartition]) -> dict[TopicPartition, int]:
        """Read the directory anew; return where reading of its topics goes on."""
        fresh = Directory()
        for record in await self._logs.read_to_end(parts):
            self._take_directory(fresh, record)
        self._directory.become(fresh)
        return await self._logs.positions(parts)

    async def _take(self, batches: Mapping[TopicPartition, Sequence[Any]]) -> None:
        """Store a batch and the position behind it in one transaction, and ring."""
        arrivals: list[Arrival] = []
        evidence: list[Evidence] = []
        behind: dict[str, dict[int, int]] = {ALERTS: {}, EVIDENCE: {}}
        for part, records in batches.items():
            name = self._name(part)
            if name in behind:
                behind[name][part.partition] = records[-1].offset + 1
            for record in records:
                if name == ALERTS:
                    arrivals += self._read_one(_arrival, record)
                elif name == EVIDENCE:
                    evidence += self._read_one(_evidence, record)
                else:
                    self._take_directory(self._directory, record)
        progress = [Progress(self._log_of(name), to) for name, to in behind.items() if to]
        if progress:
            added = await self._intake.take(arrivals, progress, evidence)
            self.status.stored += len(added)
            self.status.repeated += len(arrivals) - len(added)
            self._bell.ring()

    def _read_one(self, read: Any, record: Any) -> list[Any]:
        """Return what a record brings: nothing where it is malformed, or was purged."""
        if record.value is None:  # purged: its key without a value
            return []
        try:
            return [read(record)]
        except MalformedError as fault:
            self._skip(record, fault)
            return []

    def _take_directory(self, directory: Directory, record: Any) -> None:
        try:
            directory.take(record.topic.removeprefix(self._prefix), record.key, record.value)
        except MalformedError as fault:
            self._skip(record, fault)

    def _skip(self, record: Any, fault: MalformedError) -> None:
        self.status.malformed += 1
        place = f"{record.topic}[{record.partition}]@{record.offset}"
        _log.warning("skipped %s, which is malformed: %s", place, fault)

    def _name(self, part: TopicPartition) -> str:
        name: str = part.topic.removeprefix(self._prefix)
        return name

    def _log_of(self, topic: str) -> str:
        return f"{self._logs.cluster}/{self._prefix}{topic}"

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


def _arrival(record: Any) -> Arrival:
    historic = (HISTORIC, b"1") in record.headers
    return Arrival(read_alert(record.value), _append_time(record.headers), historic)


def _evidence(record: Any) -> Evidence:
    evidence = Evidence.parse(record.value)
    if not all(map(math.isfinite, (*evidence.habit, *evidence.cohort))):
        raise MalformedError("field_invalid", "habit, cohort: a number that is not finite")
    return evidence


def _append_time(headers: Sequence[tuple[str, bytes]]) -> int | None:
    for name, value in headers:
        if name == APPENDED_AT and value is not None and value.isdigit() and len(value) <= 15:
            return int(value)
    return None
