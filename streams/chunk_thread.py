"""Kafka's side of the chunk transport: fetches, seeks and positions, in a thread of its own."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from aiokafka import TopicPartition
from faust.transport.consumer import ensure_TP
from faust.transport.drivers import aiokafka as driver
from faust.types import TP

_FETCH_S = 0.1  # within it a partition that is resumed is looked at


class Fetched(NamedTuple):
    """Hold what one fetch gave.

    `era` counts the seeks and assignments before it; `positions` is where each partition stands
    after it, which may be behind records that are none of ours (marks of transactions).
    """

    era: int
    records: Mapping[TopicPartition, Sequence[Any]]
    positions: dict[TP, int]


class ChunkThread(driver.AIOKafkaConsumerThread):  # type: ignore[misc]
    """Talk to Kafka in a thread with an event loop of its own, as Faust does.

    All methods that begin with an underscore run in that thread, the others in the app's.
    """

    era = 0  # raised together with every change of position that is no fetch

    def _create_worker_consumer(self, transport: Any) -> Any:
        consumer = super()._create_worker_consumer(transport)
        consumer._fetch_max_wait_ms = transport.fetch_max_wait_ms  # Faust has 1500, unsettable
        return consumer

    async def on_partitions_assigned(self, assigned: set[TP], generation_id: int = 0) -> None:
        """Begin a new era: the positions are Kafka's now."""
        self.era += 1
        await super().on_partitions_assigned(assigned, generation_id)

    async def fetch(self, active: frozenset[TP]) -> Fetched:
        """Wait up to 0.1 s for records of some partitions."""
        fetched: Fetched = await self.call_thread(self._fetch, active)
        return fetched

    async def _fetch(self, active: frozenset[TP]) -> Fetched:
        consumer = self._ensure_consumer()
        records = await self._fetch_records(
            consumer, active, timeout=_FETCH_S, max_records=consumer._max_poll_records
        )
        assignment = consumer._subscription.subscription.assignment
        states = {tp: assignment.state_value(tp) for tp in active}
        positions = {
            tp: state.position for tp, state in states.items() if state and state.has_valid_position
        }
        return Fetched(self.era, records, positions)

    async def give_back(self, era: int, starts: Mapping[TP, int]) -> None:
        """Fetch partitions again from given offsets, unless a seek has come between."""
        await self.call_thread(self._give_back, era, starts)

    async def _give_back(self, era: int, starts: Mapping[TP, int]) -> None:
        consumer = self._ensure_consumer()
        if era == self.era:
            for tp, offset in starts.items():
                if tp in consumer.assignment():
                    consumer.seek(TopicPartition(*tp), offset)

    async def seek_to_start(
        self, wanted: Mapping[TP, int]
    ) -> tuple[dict[TP, int | None], dict[TP, int]]:
        """Set every partition to its committed offset; return those, and where each stands.

        Without a committed offset it begins where `consumer_auto_offset_reset` says, and before
        the committed one where a smaller one is wanted.
        """
        found: tuple[dict[TP, int | None], dict[TP, int]]
        found = await self.call_thread(self._seek_to_start, wanted)
        return found

    async def _seek_to_start(
        self, wanted: Mapping[TP, int]
    ) -> tuple[dict[TP, int | None], dict[TP, int]]:
        consumer = self._ensure_consumer()
        tps = list(consumer.assignment())
        offsets = await asyncio.gather(*(consumer.committed(tp) for tp in tps))
        committed = {ensure_TP(tp): offset for tp, offset in zip(tps, offsets, strict=True)}
        starts = {tp: offset for tp, offset in committed.items() if offset is not None}
        fresh = [tp for tp in tps if tp not in starts]
        if fresh:
            latest = self.app.conf.consumer_auto_offset_reset == "latest"
            limits = consumer.end_offsets if latest else consumer.beginning_offsets
            starts |= {ensure_TP(tp): offset for tp, offset in (await limits(fresh)).items()}
        for tp, offset in starts.items():
            starts[tp] = min(offset, wanted.get(tp, offset))
        for tp, offset in starts.items():  # from here on without a pause: no fetch in between
            consumer.seek(TopicPartition(*tp), offset)
        self.era += 1
        return committed, starts
