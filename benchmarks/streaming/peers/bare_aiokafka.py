"""The ceiling in asyncio: records fetched by aiokafka, and nothing done with them."""

from __future__ import annotations

import asyncio

from aiokafka import AIOKafkaConsumer

from benchmarks.streaming.peers.task import Teller, task


async def read() -> None:
    """Fetch until killed."""
    asked, teller = task(), Teller()
    consumer = AIOKafkaConsumer(
        asked.look_ups,
        bootstrap_servers=asked.bootstrap,
        group_id=asked.name,
        auto_offset_reset="earliest",
    )
    await consumer.start()
    while True:
        for records in (await consumer.getmany(timeout_ms=200, max_records=4000)).values():
            teller.count(len(records))


if __name__ == "__main__":
    asyncio.run(read())
