"""Take whole chunks of events from a Faust stream, and acknowledge them whole.

app = faust.App(...)
use_chunks(app)  # without it the same code runs, slower, on Faust's own consumer

@app.agent(app.topic("a", "b", key_type=bytes, value_type=bytes, allow_empty=True, ...))
async def agent(stream):
    async for events in chunks(stream):
        ...
        acknowledge(stream, events)
"""

from __future__ import annotations

import contextlib
from collections import defaultdict
from collections.abc import AsyncGenerator, Iterable, Sequence
from time import monotonic
from typing import Any

from faust.assignor.partition_assignor import PartitionAssignor
from faust.types import TP
from faust.types.tuples import ack_lock
from mode.utils.futures import notify

from streams.chunk_transport import ChunkConsumer, ChunkTransport, StartAt


def use_chunks(app: Any, *, fetch_max_wait_ms: int = 50, start_at: StartAt | None = None) -> None:
    """Give a Faust app the transport that delivers whole fetches; call it before the app starts.

    `fetch_max_wait_ms`: a record for a partition that was just read waits for it at most so
    long. `start_at(tp)`: the offset at which a partition must be read again, where that is
    before the committed one (a store that lost its end); None for no wish. It is called
    after the handlers of `on_rebalance_complete`.
    """
    app.transport = ChunkTransport(
        app.conf.broker_consumer, app, fetch_max_wait_ms=fetch_max_wait_ms, start_at=start_at
    )


def keep_partitions_together(app: Any) -> None:
    """Let a worker have the same partitions of all topics, and keep them over a rebalance.

    Without tables Faust deals partitions out round-robin over all topics: with three workers,
    partition 0 of two topics goes to two of them. Its own assignor, meant for tables, keeps
    topics with the same number of partitions together. Call it before the app starts, on either
    transport.
    """
    app.conf.table_standby_replicas = 1  # above 0 Faust takes that assignor,
    app.assignor = PartitionAssignor(app, replicas=0)  # and without replicas it shares evenly


async def chunks(stream: Any, max_events: int = 1000) -> AsyncGenerator[list[Any], None]:
    """Yield lists of Faust events as they are there, at most `max_events`; never an empty one.

    They are in order within a partition, and not acknowledged. Events of an assignment that has
    ended meanwhile are left out: whoever has their partition now gets them again.
    """
    started_here = await stream.maybe_start()
    queue = stream.channel.queue
    try:
        while not stream.should_stop:
            event = await queue.get()
            waiting = [event]
            while len(waiting) < max_events and not queue.empty():
                waiting.append(queue.get_nowait())
            events = _current(stream.app, waiting)
            if events:
                yield events
    except StopAsyncIteration:  # how Faust wakes an agent that waits, to stop it
        return
    finally:
        if started_here:
            await stream.stop()
            stream.service_reset()


def _current(app: Any, events: Sequence[Any]) -> list[Any]:
    """Return the events of the present assignment, and tell Faust that they are being worked on."""
    if not app.flow_control.is_active():
        return []
    generation, track = app.consumer_generation_id, app.consumer.unacked.add
    current = [event for event in events if event.message.generation_id == generation]
    for event in current:
        event.message.tracked = True
        track(event.message)
    now = monotonic()
    app.monitor.stream_inbound_time.update((event.message.tp, now) for event in current)
    return current


def acknowledge(stream: Any, events: Iterable[Any]) -> None:
    """Tell Faust that events are done, so that it commits their offsets in a while.

    Acknowledge a partition's events in their order. Events of an assignment that has ended are
    left alone: they come again, to whoever has their partition now.
    """
    consumer, generation = stream.app.consumer, stream.app.consumer_generation_id
    done: dict[TP, list[int]] = defaultdict(list)
    no_longer_worked_on = consumer.unacked.discard
    with ack_lock:  # what Message.ack and Consumer.ack do, for all at once
        for event in events:
            message = event.message
            if message.acked or message.generation_id != generation:
                continue
            message.refcount -= 1
            if message.refcount <= 0:
                message.acked = True
                no_longer_worked_on(message)
                done[message.tp].append(message.offset)
        for tp, offsets in done.items():
            if not stream.app.topics.acks_enabled_for(tp.topic):
                continue
            committed, known = consumer._committed_offset[tp] or 0, consumer._acked_index[tp]
            new = [o for o in offsets if o >= committed and o not in known]
            known.update(new)
            consumer._acked[tp] += new
            consumer._n_acked += len(new)
    notify(consumer._waiting_for_ack)


def end_offset(app: Any, tp: TP) -> int | None:
    """Return a partition's end as the last fetch found it; None if it is not ours, or unknown."""
    with contextlib.suppress(AssertionError):  # aiokafka's, where it was revoked just now
        if tp in app.consumer.assignment():
            end: int | None = app.consumer.highwater(tp)
            return end
    return None


def caught_up(stream: Any, tps: Iterable[TP]) -> set[TP]:
    """Return those partitions of which `chunks` has yielded all that Kafka had at the last fetch.

    On Faust's own consumer it may say so one record too early after a rebalance, and never says
    so of a partition of which nothing was ever committed, before its first record.
    """
    consumer = stream.app.consumer
    waiting = {event.message.tp for event in stream.channel.queue._queue}
    done = set()
    for tp in tps:
        end, handed = end_offset(stream.app, tp), _handed_over(consumer, tp)
        if end is not None and handed >= end and tp not in waiting:
            done.add(tp)
    return done


def _handed_over(consumer: Any, tp: TP) -> int:
    """Return the offset up to which a partition's records have reached the queues."""
    if isinstance(consumer, ChunkConsumer):
        return consumer.reached(tp)
    read = consumer._read_offset.get(tp)
    return 0 if read is None else read + 1


def pause(app: Any, tps: Iterable[TP]) -> None:
    """Deliver no more from partitions; what waits in the stream's queue already still comes.

    Call it in the app's own event loop. Each rebalance resumes all partitions, after the
    handlers of `on_rebalance_complete`.
    """
    app.consumer.pause_partitions(tps)


def resume(app: Any, tps: Iterable[TP]) -> None:
    """Fetch from paused partitions again; call it in the app's own event loop."""
    app.consumer.resume_partitions(set(tps))
