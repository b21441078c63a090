"""Write a partition of the changelog anew from a folder, where Kafka has lost the log's end.

A broker that dies before its disk has all, or that takes the lead without having been in sync,
ends the log before what it acknowledged. The worker's folder still has it. To go back to the
log's state instead would be to judge days again whose shared snapshots are long gone.

The state is many batches, and a worker can die between them. So the log says first that it is
being written anew, and last that it is whole; whoever reads it in between refuses it
(`changelog_half_written`), but for the folder that it is written from, which begins again.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Iterator, Sequence
from typing import Any

from aiokafka import TopicPartition

from streams.changelog_records import records_between
from streams.state_folder import REWRITING_KEY, SOURCE, Change, Folder, LogPosition

Append = Callable[[Sequence[Change]], Awaitable[LogPosition]]
"""Writes changes to the log as one batch and returns the position behind it."""

_BATCH_BYTES = 1 << 20
_RECORD_BYTES = 32  # of a record beside its key and value, at most


async def is_ahead(
    consumer: Any, source: TopicPartition, folder: Folder, offsets: tuple[int, int]
) -> bool:
    """Return whether a folder is a later state of a log than its records between two offsets.

    The second is the claim's. What a log made anew holds is all younger than the folder.
    """
    if folder.get(REWRITING_KEY) == SOURCE:
        return True
    first, claim_offset = offsets
    position = folder.position()
    if position is None or position.next_offset <= claim_offset:
        return False
    younger = (await consumer.offsets_for_times({source: position.at_ms + 1}))[source]
    since = claim_offset if younger is None else min(younger.offset, claim_offset)
    if since == first:
        return False  # made anew
    # Claims alone: a worker that ended before it wrote anything.
    return not [c async for c, _ in records_between(consumer, source, since, claim_offset) if c]


async def write_anew(
    consumer: Any,
    source: TopicPartition,
    folder: Folder,
    offsets: tuple[int, int],
    append: Append,
) -> None:
    """Append the folder's whole state to the log, and deletions of what it holds no more."""
    position = folder.position()
    assert position is not None  # it is ahead
    folder.apply([(REWRITING_KEY, SOURCE)], position)
    await append([(REWRITING_KEY, b"")])
    gone: dict[bytes, None] = {}
    async for changes, _ in records_between(consumer, source, *offsets):
        gone |= dict.fromkeys(key for key, _ in changes if folder.get(key) is None)
    gone.pop(REWRITING_KEY, None)
    for batch in _batches(folder.scan(b"")):
        await append(batch)
    for batch in _batches((key, None) for key in gone):
        await append(batch)
    end = await append([(REWRITING_KEY, None)])
    folder.apply([(REWRITING_KEY, None)], end)


def _batches(changes: Iterable[Change]) -> Iterator[list[Change]]:
    batch: list[Change] = []
    size = 0
    for key, value in changes:
        more = len(key) + len(value or b"") + _RECORD_BYTES
        if batch and size + more > _BATCH_BYTES:
            yield batch
            batch, size = [], 0
        batch.append((key, value))
        size += more
    if batch:
        yield batch
