"""The Faust app of a worker: one agent over the three event topics, acknowledged by hand."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path
from time import monotonic
from typing import Any
from uuid import uuid4

import faust
from faust.types import TP

from schemas.topics import EVENT_TOPICS
from streams.chunks import (
    acknowledge,
    caught_up,
    chunks,
    end_offset,
    keep_partitions_together,
    pause,
    resume,
    use_chunks,
)
from streams.ingest import Received
from streams.metrics import LAG
from streams.outgoing import BACKFILLED
from streams.partition import QUERIES
from streams.watch import Watch
from streams.worker_settings import WorkerSettings

_PAUSE_AT = 6000
_RESUME_AT = 2000
_CHUNK = 2000
_LAG_EVERY_S = 1.0

OnAssigned = Callable[[set[int]], Awaitable[None]]


class FaustSource:
    """Stand between Faust and the watch: events in, acknowledgements out.

    A lane that has read far ahead of the partitions it waits for is paused, so that a backlog
    does not fill the memory.
    """

    def __init__(self, settings: WorkerSettings) -> None:
        self._prefix = settings.topic_prefix
        self._chunked = settings.chunked
        self._topics = [topic.name for topic in EVENT_TOPICS]
        self._stream: Any = None
        self._behind: set[tuple[str, int]] = set()
        self._paused: set[TP] = set()
        self._lag_measured_s = 0.0
        self.app = _app(settings)
        keep_partitions_together(self.app)

    def attach(self, watch: Watch, on_assigned: OnAssigned) -> None:
        """Let the app's agent feed a watch, and its assignments open partitions."""
        if self._chunked:
            use_chunks(self.app, start_at=lambda tp: self._start_at(watch, tp))
        topic = self.app.topic(
            *(self._prefix + name for name in self._topics),
            key_type=bytes,
            value_type=bytes,
            key_serializer="raw",
            value_serializer="raw",
            allow_empty=True,
        )

        async def look_out(stream: Any) -> None:
            self._stream = stream
            try:
                async for events in chunks(stream, _CHUNK):
                    for event in events:
                        watch.accept(self._received(event), event)
                    self._hold_back(watch)
            except Exception as error:  # Faust would acknowledge the rest and go on
                await self.app.crash(error)
                raise

        self.app.agent(topic, name="look_out")(look_out)

        async def assigned(*_: Any, **__: Any) -> None:
            self._paused.clear()
            await on_assigned(self._numbers())

        async def revoked(*_: Any, **__: Any) -> None:
            LAG.clear()  # another's lag is not told here
            await on_assigned(set())

        self.app.on_partitions_revoked.connect(revoked, weak=False)
        self.app.on_rebalance_complete.connect(assigned, weak=False)

    async def live(self) -> None:
        """Start Faust and wait until it has stopped; raises what it crashed with."""
        await self.app.start()
        await self.app.wait_until_stopped()
        if self.app.crash_reason is not None:
            raise self.app.crash_reason

    def _start_at(self, watch: Watch, tp: Any) -> int | None:
        """Return where a source partition goes on by our own state, which is the truth."""
        partition = watch.partitions.get(tp.partition)
        topic = tp.topic.removeprefix(self._prefix)
        if partition is None or topic not in partition.lanes:
            return None
        return partition.store.applied(topic) + 1

    def _numbers(self) -> set[int]:
        queries = self._prefix + QUERIES
        return {tp.partition for tp in self.app.consumer.assignment() if tp.topic == queries}

    def _received(self, event: Any) -> Received:
        message = event.message
        return Received(
            message.topic.removeprefix(self._prefix),
            message.partition,
            message.offset,
            message.key,
            message.value,
            message.timestamp,
            any(name == BACKFILLED for name, _ in message.headers or ()),
        )

    def refresh(self, watch: Watch) -> None:
        """Look once at which source partitions have more to come."""
        if self._stream is None:
            return
        tps = {
            TP(self._prefix + name, n): (name, n) for n in watch.partitions for name in self._topics
        }
        done = caught_up(self._stream, tps)
        self._measure_lag(watch, tps)
        self._behind = {place for tp, place in tps.items() if tp not in done}

    def _measure_lag(self, watch: Watch, tps: Mapping[TP, tuple[str, int]]) -> None:
        now_s = monotonic()
        if now_s - self._lag_measured_s < _LAG_EVERY_S:
            return
        self._lag_measured_s = now_s
        for tp, (topic, number) in tps.items():
            end = end_offset(self.app, tp)
            if end is not None:
                applied = watch.partitions[number].applied(topic)
                LAG.labels(topic, str(number)).set(max(0, end - 1 - applied))

    def comes_more(self, topic: str, partition: int) -> bool:
        """Return whether Kafka held records of a source partition not yet delivered here."""
        return (topic, partition) in self._behind

    def acknowledge(self, tokens: list[Any]) -> None:
        """Acknowledge records whose effects are durable."""
        acknowledge(self._stream, tokens)

    def _hold_back(self, watch: Watch) -> None:
        depths = {
            TP(self._prefix + topic, number): len(lane)
            for number, partition in watch.partitions.items()
            for topic, lane in partition.lanes.items()
        }
        full = {tp for tp, depth in depths.items() if depth > _PAUSE_AT} - self._paused
        if full:
            pause(self.app, full)
            self._paused |= full

    def let_flow(self, watch: Watch) -> None:
        """Resume what was paused and has been worked off."""
        free = {
            tp
            for tp in self._paused
            if watch.depth(tp.partition, tp.topic.removeprefix(self._prefix)) < _RESUME_AT
        }
        if free:
            resume(self.app, free)
            self._paused -= free


def _seat(data_dir: Path) -> str:
    """Return the name of a worker in its group: its data folder's, made at its first start."""
    path = data_dir / "seat"
    if not path.exists():
        path.write_text(uuid4().hex)
    return path.read_text()


def _app(settings: WorkerSettings) -> Any:
    servers = ";".join(f"kafka://{host.strip()}" for host in settings.bootstrap.split(","))
    return faust.App(
        settings.app_id,
        broker=servers,
        store="memory://",
        datadir=str(settings.data_dir / "faust"),
        topic_disable_leader=True,
        topic_allow_declare=False,
        web_enabled=False,
        autodiscover=False,
        stream_wait_empty=False,
        stream_buffer_maxsize=16_384,
        broker_max_poll_records=4000,
        broker_commit_interval=1.0,
        broker_commit_every=1_000_000,
        broker_session_timeout=10.0,
        broker_heartbeat_interval=3.0,
        # A worker that comes back after a crash takes its old seat at once, instead of waiting
        # until the group has noticed that it was gone.
        consumer_group_instance_id=_seat(settings.data_dir),
        consumer_auto_offset_reset="earliest",
        worker_redirect_stdouts=False,
    )
