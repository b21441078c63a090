"""The records of one partition of the changelog, as changes of the state that it tells."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

from aiokafka import TopicPartition

from streams.changelog_writer import CLAIM_KEY
from streams.state_folder import Change, LogPosition

_RECORDS_AT_ONCE = 20_000  # about 0.1 s in which the event loop does nothing else
_WAIT_MS = 1000


async def records_between(
    consumer: Any, source: TopicPartition, start: int, end: int
) -> AsyncIterator[tuple[list[Change], LogPosition]]:
    """Yield the changes from one offset to another, many at a time, each time up to where.

    At `end` a record must lie, or what comes before it may never be reached.
    """
    consumer.assign([source])
    consumer.seek(source, start)
    reached = start
    while reached < end:
        fetched = await consumer.getmany(source, timeout_ms=_WAIT_MS, max_records=_RECORDS_AT_ONCE)
        records = fetched.get(source)
        if not records:
            continue
        changes = [(r.key, r.value) for r in records if r.offset < end and r.key != CLAIM_KEY]
        reached = min(records[-1].offset + 1, end)
        yield changes, LogPosition(reached, records[-1].timestamp)
