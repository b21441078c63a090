"""A Kafka transport for Faust that hands over what it fetched in one piece.

Faust takes every message alone from its consumer to the agent's queue, past a lock and a race
between two tasks each; that is its ceiling. Here a fetched list goes into the queue at once.
Faust's flow control, generations, gaps and acknowledgements stay as they are.

What Faust leaves open, and what closes it (`faust` 0.15.3; its issues 216 and 221):

- A list that was fetched but cannot be delivered (a rebalance, a stop) is dropped by Faust, and
  what comes after it is later taken for a gap in the log and committed: lost. Here it is given
  back: the position in Kafka is set to its first record again.
- A list fetched before a seek and delivered after it looks like such a gap, too. Here each list
  carries the count of seeks and assignments before it was fetched, counted in the consumer's own
  thread, and one with an old count is dropped: the seek has reset the position anyway.
- Between the seek to the committed offsets and the emptying of the queues, Faust may deliver
  records that the emptying then deletes. Here the seek stops the flow first; Faust resumes it
  after it has emptied the queues.
- A partition without a committed offset stays where the last fetch left it. Here it is set to
  where its reading begins.

Written for apps without tables: Faust recovers tables by seeks of its own.
"""

from __future__ import annotations

import asyncio
import functools
from collections.abc import Callable, Iterable, Sequence
from typing import Any, ClassVar

from faust.exceptions import ImproperlyConfigured
from faust.transport.consumer import ensure_TP
from faust.transport.drivers import aiokafka as driver
from faust.types import TP

from streams.chunk_thread import ChunkThread

StartAt = Callable[[Any], int | None]
"""Given a topic partition, return the offset at which it must be read again; None for any."""

_NOTHING_TO_FETCH_S = 0.01
_NO_ROOM_S = 0.002


class ChunkConsumer(driver.Consumer):  # type: ignore[misc]
    """Deliver fetched records to the agents' queues, list by list."""

    _thread: ChunkThread
    _n_acked: int

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._next_offset: dict[TP, int] = {}
        self._reached: dict[TP, int] = {}
        self._era = 0
        self._buffer_drops: dict[TP, Callable[[], None]] = {}

    def _new_consumer_thread(self) -> ChunkThread:
        return ChunkThread(self, loop=self.loop, beacon=self.beacon)

    async def on_start(self) -> None:
        """Refuse an app with tables."""
        if self.app.tables:
            raise ImproperlyConfigured("the chunk transport is for apps without tables")
        await super().on_start()

    def reached(self, tp: TP) -> int:
        """Return the offset up to which a partition is in the agents' queues; 0 if unknown."""
        return self._reached.get(tp, 0)

    async def on_partitions_revoked(self, revoked: set[TP]) -> None:
        """Forget where revoked partitions stand."""
        for tp in revoked:
            self._next_offset.pop(tp, None)
            self._reached.pop(tp, None)
        await super().on_partitions_revoked(revoked)

    async def perform_seek(self) -> None:
        """Set all partitions back to what is committed; Faust resumes the flow after it.

        Raises TimeoutError when Kafka does not answer: Faust, which waits a little longer, would
        silently never resume.
        """
        self.stop_flow()
        start_at = self.transport.start_at or (lambda _: None)
        wanted = {tp: o for tp in self.assignment() if (o := start_at(tp)) is not None}
        async with asyncio.timeout(0.9 * self.app.conf.broker_request_timeout):
            committed, starts = await self._thread.seek_to_start(wanted)
        self._era = self._thread.era
        self._next_offset, self._reached = starts, dict(starts)
        self._buffered_partitions.clear()  # as Faust empties the queues next
        self._committed_offset.update({tp: offset or None for tp, offset in committed.items()})

    def on_buffer_drop(self, tp: TP) -> None:
        """Fetch a partition again whose queue has room, unless it is paused."""
        super().on_buffer_drop(tp)
        self._active_partitions -= self._paused_partitions

    async def _drain_messages(self, fetcher: Any) -> None:
        """Fetch and deliver until the fetcher stops; Faust's Fetcher runs this."""
        try:
            await self._thread.give_back(self._era, self._next_offset)
            while not (self.should_stop or fetcher.should_stop):
                await self._fetch_and_deliver()
        except (*self.consumer_stopped_errors, asyncio.CancelledError):
            if not self.app.should_stop:
                raise

    async def _fetch_and_deliver(self) -> None:
        if not self.flow_active:
            await self.wait(self.can_resume_flow)
            return
        active = frozenset(self._get_active_partitions())
        if not active:
            await asyncio.sleep(_NOTHING_TO_FETCH_S)
            return
        era, records, positions = await self._thread.fetch(active)
        undelivered: dict[TP, int] = {}
        for partition, its_records in records.items():
            tp = ensure_TP(partition)
            stopped_at = await self._deliver(tp, its_records, era)
            if stopped_at is not None:
                undelivered[tp] = stopped_at
            await asyncio.sleep(0)
        if undelivered:
            await self._thread.give_back(era, undelivered)
        if self._thread.era == era:
            self._reached |= positions | undelivered

    def _may_deliver(self, tp: TP, era: int) -> bool:
        current = self.flow_active and self._thread.era == era and not self.should_stop
        return current and tp not in self._paused_partitions

    async def _deliver(self, tp: TP, records: Sequence[Any], era: int) -> int | None:
        """Put records into the queues; return the offset of the first that may not go there."""
        if self._commit_every is not None and self._n_acked >= self._commit_every:
            self._n_acked = 0
            await self.commit()
        channels = self.app.topics._tp_index.get(tp, ())
        if len(channels) != 1 or not _takes_bytes(channel := next(iter(channels))):
            return await self._deliver_singly(tp, records, era)
        if not await self._room(channel.queue, tp, era):
            return int(records[0].offset)
        gaps = _gaps(records, self._next_offset.get(tp))
        self._put(channel.queue, tp, records)
        self._next_offset[tp] = records[-1].offset + 1
        await self._note_gaps(tp, gaps)
        return None

    async def _room(self, queue: Any, tp: TP, era: int) -> bool:
        """Wait until a queue takes records; False when these may no longer go there."""
        flow, unsent = self.app.flow_control, self.app.producer.buffer
        while self._may_deliver(tp, era):
            if flow.is_active() and not queue.full() and unsent.size <= unsent.max_messages:
                return True
            await asyncio.sleep(_NO_ROOM_S)
        return False

    def _put(self, queue: Any, tp: TP, records: Sequence[Any]) -> None:
        app, new_event = self.app, self.app.conf.Event
        drop = self._buffer_drops.setdefault(tp, functools.partial(self.on_buffer_drop, tp))
        if queue.in_pressure_high_state(drop):
            app.sensors.on_topic_buffer_full(tp)
            self.on_buffer_full(tp)
        for record in records:
            message = self._to_message(tp, record)
            message.refcount = 1
            queue.force_put_nowait(
                new_event(app, record.key, record.value, record.headers, message)
            )

    async def _note_gaps(self, tp: TP, gaps: Iterable[tuple[int, int]]) -> None:
        if self.app.topics.acks_enabled_for(tp.topic):
            for first, last in gaps:
                await self._add_gap(tp, first, last)

    async def _deliver_singly(self, tp: TP, records: Sequence[Any], era: int) -> int | None:
        """Deliver as Faust does: to several agents, or decoded."""
        for record in records:
            if self._may_deliver(tp, era):
                gaps = _gaps([record], self._next_offset.get(tp))
                message = self._to_message(tp, record)
                await self.wait_first(self.callback(message), self.suspend_flow.wait())
                await self._note_gaps(tp, gaps)
            if not self._may_deliver(tp, era):
                return int(record.offset)
            self._next_offset[tp] = record.offset + 1
        return None


class ChunkTransport(driver.Transport):  # type: ignore[misc]
    """Kafka for Faust, with `ChunkConsumer`; `streams.chunks.use_chunks` gives it to an app."""

    Consumer: ClassVar[type[ChunkConsumer]] = ChunkConsumer

    def __init__(
        self, url: Any, app: Any, *, fetch_max_wait_ms: int, start_at: StartAt | None
    ) -> None:
        super().__init__(url, app)
        self.fetch_max_wait_ms = fetch_max_wait_ms
        self.start_at = start_at


def _takes_bytes(channel: Any) -> bool:
    """Say whether a channel's events are the records' own bytes, with nothing to decode."""
    return channel.key_type is bytes and channel.value_type is bytes


def _gaps(records: Sequence[Any], expected: int | None) -> list[tuple[int, int]]:
    """Return the first and last offset of each stretch that the log no longer has."""
    gaps = []
    for record in records:
        if expected is not None and record.offset > expected:
            gaps.append((expected, record.offset - 1))
        expected = record.offset + 1
    return gaps
