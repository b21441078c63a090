"""The races between fetching, seeking and delivering, played out without a Kafka."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from typing import Any

from aiokafka import TopicPartition
from faust.types import TP

from streams.chunks import acknowledge, caught_up, chunks, pause, resume
from tests.chunk_bench import A, bench

A_WHILE_S = 0.01


def run(test: Coroutine[Any, Any, None]) -> None:
    asyncio.run(test)


def test_a_fetched_list_is_delivered_at_once() -> None:
    """All records of a fetch are in the queue, as events of the present generation."""

    async def test() -> None:
        async with bench() as b:
            await b.fetch(range(3))
            assert b.waiting() == [0, 1, 2]
            assert b.consumer.reached(A) == 3
            event = b.queue.get_nowait()
            assert (event.key, event.value, event.message.generation_id) == (b"k", b"0", 1)

    run(test())


def test_a_list_fetched_before_a_seek_is_dropped() -> None:
    """It is not delivered, and not taken for a gap in the log that commits may pass."""

    async def test() -> None:
        async with bench() as b:
            b.thread.starts = {A: 50}
            await b.consumer.perform_seek()
            b.consumer.resume_flow()
            await b.fetch(range(100, 103), era=0)
            assert (b.waiting(), b.consumer.reached(A)) == ([], 50)
            await b.fetch(range(50, 52))
            acknowledge(b.stream, list(b.queue._queue))
            assert b.consumer._new_offset(A) == 52

    run(test())


def test_a_list_that_cannot_be_delivered_is_given_back() -> None:
    """When the flow stops while a fetch is under way, its records are fetched again."""

    async def test() -> None:
        async with bench() as b:
            b.thread.before_returning = b.consumer.stop_flow
            await b.fetch(range(7, 9))
            assert b.waiting() == []
            assert b.thread.given_back == [(0, {A: 7})]

    run(test())


def test_a_paused_partition_is_given_back() -> None:
    """A fetch that was under way when its partition was paused is not delivered."""

    async def test() -> None:
        async with bench() as b:
            b.thread.before_returning = lambda: pause(b.app, [A])
            await b.fetch(range(2))
            assert (b.waiting(), b.thread.given_back) == ([], [(0, {A: 0})])

    run(test())


def test_a_full_queue_holds_a_list_up_until_there_is_room() -> None:
    """Back pressure: nothing is added to a full queue; a stop while waiting gives it back."""

    async def test() -> None:
        async with bench(stream_buffer_maxsize=5) as b:
            await b.fetch(range(5))
            held_up = asyncio.create_task(b.fetch(range(5, 8)))
            await asyncio.sleep(A_WHILE_S)
            assert b.waiting() == [0, 1, 2, 3, 4]
            b.queue.get_nowait()
            await held_up
            assert b.waiting() == [1, 2, 3, 4, 5, 6, 7]
            b.consumer._active_partitions = {A}  # as if its fetch had been under way
            held_up = asyncio.create_task(b.fetch(range(8, 9)))
            await asyncio.sleep(A_WHILE_S)
            b.consumer.stop_flow()
            await held_up
            assert b.thread.given_back == [(0, {A: 8})]

    run(test())


def test_a_queue_under_pressure_stops_fetching_and_a_pause_outlives_it() -> None:
    """A long queue takes its partition out of the fetch; an empty one puts it back, unless paused.

    A resumed one is fetched from again.
    """

    async def test() -> None:
        async with bench(stream_buffer_maxsize=5) as b:
            await b.fetch(range(4))
            await b.fetch(range(4, 5))
            assert b.consumer._active_partitions == set()
            pause(b.app, [A])
            while not b.queue.empty():
                b.queue.get_nowait()
            b.queue.maybe_endorse_pressure_drop()
            assert b.consumer._active_partitions == set()
            resume(b.app, [A])
            assert b.consumer._active_partitions == {A}

    run(test())


def test_gaps_in_the_log_do_not_hold_commits_up() -> None:
    """Offsets that the log no longer has count as done; those not acknowledged do not."""

    async def test() -> None:
        async with bench() as b:
            b.consumer._next_offset[A] = 0
            await b.fetch([0, 1, 5])
            await b.fetch([9, 10])
            events = list(b.queue._queue)
            acknowledge(b.stream, events[:4])
            assert b.consumer._new_offset(A) == 10
            acknowledge(b.stream, events[4:])
            assert b.consumer._new_offset(A) == 11

    run(test())


def test_a_seek_stops_the_flow_and_heeds_what_is_wanted() -> None:
    """Nothing is delivered between the seek and Faust's emptying of the queues."""

    async def test() -> None:
        async with bench() as b:
            b.thread.starts, b.wanted = {A: 50}, {A: 40}
            await b.consumer.perform_seek()
            assert not b.consumer.flow_active
            assert b.consumer.reached(A) == 40
            assert b.consumer._committed_offset[A] == 50

    run(test())


def test_events_of_an_ended_assignment_are_neither_yielded_nor_acknowledged() -> None:
    """After a rebalance old events are left to whoever has their partition."""

    async def test() -> None:
        async with bench() as b:
            await b.fetch(range(3))
            old = list(b.queue._queue)
            b.app.consumer_generation_id = 2
            await b.fetch(range(3, 8))
            taken = chunks(b.stream, 4)
            first, second = await anext(taken), await anext(taken)
            await taken.aclose()
            assert [event.message.offset for event in first + second] == [3, 4, 5, 6, 7]
            assert max(len(first), len(second)) <= 4
            acknowledge(b.stream, old)
            assert b.consumer._acked[A] == []

    run(test())


def test_caught_up_means_taken_to_the_known_end() -> None:
    """A partition is caught up when nothing of it is in Kafka or in the queue.

    The log may end with a mark of a transaction, which is no record.
    """

    async def test() -> None:
        async with bench() as b:
            b.thread.end = 5
            await b.fetch(range(4))
            b.queue.get_nowait()
            assert caught_up(b.stream, [A]) == set()
            await b.fetch([], position=5)
            assert caught_up(b.stream, [A]) == set()
            while not b.queue.empty():
                b.queue.get_nowait()
            assert caught_up(b.stream, [A, TP("a", 1)]) == {A}
            b.thread.end = 6
            assert caught_up(b.stream, [A]) == set()

    run(test())


class FakeKafka:
    """Stand for aiokafka's consumer, in its thread."""

    def __init__(self, committed: dict[TopicPartition, int | None]) -> None:
        self._committed = committed
        self.positions: dict[TopicPartition, int] = {}

    def assignment(self) -> set[TopicPartition]:
        return set(self._committed)

    async def committed(self, tp: TopicPartition) -> int | None:
        return self._committed[tp]

    async def beginning_offsets(self, tps: list[TopicPartition]) -> dict[TopicPartition, int]:
        return dict.fromkeys(tps, 3)

    def seek(self, tp: TopicPartition, offset: int) -> None:
        self.positions[tp] = offset


def test_every_partition_gets_a_position() -> None:
    """Also those of which nothing, or nothing but the beginning, was ever committed."""
    first, second, third = (TopicPartition("a", number) for number in range(3))

    async def test() -> None:
        async with bench() as b:
            kafka = b.real_thread._consumer = FakeKafka({first: None, second: 0, third: 9})
            committed, starts = await b.real_thread._seek_to_start({TP("a", 2): 5})
            assert kafka.positions == starts == {first: 3, second: 0, third: 5}
            assert committed == {first: None, second: 0, third: 9}

    run(test())


def test_what_was_fetched_before_a_seek_is_not_given_back_after_it() -> None:
    """Giving back never moves a position that was set on purpose, or another worker's."""

    async def test() -> None:
        async with bench() as b:
            kafka = b.real_thread._consumer = FakeKafka({TopicPartition(*A): 9})
            await b.real_thread._seek_to_start({})
            await b.real_thread._give_back(0, {A: 100})
            assert kafka.positions == {A: 9}
            await b.real_thread._give_back(1, {A: 20, TP("a", 1): 1})
            assert kafka.positions == {A: 20}

    run(test())
