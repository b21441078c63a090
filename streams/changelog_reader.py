"""Read one partition of the changelog into the folder of its state, as much as it lacks."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any

from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.errors import KafkaError

from schemas.errors import MonomiError
from streams.changelog_writer import CLAIM_KEY
from streams.state_folder import Folder, LogPosition

Progress = Callable[[int, int, int], None]
"""Told while a partition is read: its number, the offsets read, the offsets to read in all."""

DAY_MS = 24 * 3600 * 1000
DELETIONS_KEPT_MS = 7 * DAY_MS
_FOLDER_GOOD_FOR_MS = DELETIONS_KEPT_MS - DAY_MS
_FETCH_BYTES = 16 << 20  # above the largest batch, or a partition with one could not be read
_RECORDS_AT_ONCE = 20_000  # about 0.1 s in which the event loop does nothing else
_WAIT_MS = 1000

log = logging.getLogger(__name__)


async def catch_up(
    bootstrap: str,
    source: TopicPartition,
    folder: Folder,
    claimed: LogPosition,
    progress: Progress | None = None,
) -> None:
    """Apply to a folder all records of a partition up to the claim that `claimed` lies behind.

    A folder that is no earlier state of this log is emptied first: it is ahead of the log, or
    the log was deleted and made again, or it was left for so long that Kafka may have dropped
    deletions that the folder has not seen. Raises MonomiError `changelog_unreadable` and those
    of the folder.
    """
    consumer = AIOKafkaConsumer(
        bootstrap_servers=bootstrap,
        auto_offset_reset="none",
        enable_auto_commit=False,
        max_partition_fetch_bytes=_FETCH_BYTES,
        fetch_max_bytes=_FETCH_BYTES,
    )
    try:
        await consumer.start()
        first = (await consumer.beginning_offsets([source]))[source]
        why_not = await _unusable(consumer, source, folder, first, claimed)
        if why_not:
            log.warning("%s: %s; rebuilding it from %s", folder.path, why_not, source.topic)
            folder.wipe()
        position = folder.position()
        start = first if position is None else position.next_offset
        claim_offset = claimed.next_offset - 1
        if start < claim_offset:
            log.info("reading %s from offset %d to %d", source, start, claim_offset)
            await _replay(consumer, source, folder, (start, claim_offset), progress)
        folder.apply([], claimed)
    except KafkaError as error:
        raise MonomiError(
            "changelog_unreadable",
            f"Kafka at {bootstrap} does not give {source.topic} to read ({error!r}): see that it "
            "is up and start again.",
        ) from error
    finally:
        await consumer.stop()


async def _unusable(
    consumer: Any, source: TopicPartition, folder: Folder, first: int, claimed: LogPosition
) -> str | None:
    """Say why a folder is no earlier state of its log; None if it is one, or is empty."""
    position = folder.position()
    if position is None:
        return None
    claim_offset = claimed.next_offset - 1
    if position.next_offset > claim_offset:
        return "the changelog ends before this folder's state"
    if position.next_offset < first:
        return "the changelog begins after this folder's state"
    # Kafka stamps the records as it appends them: in this log, nothing before the folder's
    # position can be younger than the position. In a log made anew, all is.
    younger = (await consumer.offsets_for_times({source: position.at_ms + 1}))[source]
    if younger is not None and younger.offset < position.next_offset:
        return "the changelog was made anew"
    lacks_records = position.next_offset < claim_offset
    if lacks_records and claimed.at_ms - position.at_ms > _FOLDER_GOOD_FOR_MS:
        return "this folder was left for longer than Kafka keeps deletions"
    return None


async def _replay(
    consumer: Any,
    source: TopicPartition,
    folder: Folder,
    offsets: tuple[int, int],
    progress: Progress | None,
) -> None:
    """Write the records between two offsets into the folder, in order, many at a time."""
    start, end = offsets
    consumer.assign([source])
    consumer.seek(source, start)
    reached = start
    while reached < end:  # the claim at `end` is a record, so there is always one to reach it
        fetched = await consumer.getmany(source, timeout_ms=_WAIT_MS, max_records=_RECORDS_AT_ONCE)
        records = fetched.get(source)
        if not records:
            continue
        changes = [(r.key, r.value) for r in records if r.offset < end and r.key != CLAIM_KEY]
        reached = min(records[-1].offset + 1, end)
        folder.apply(changes, LogPosition(reached, records[-1].timestamp), in_bulk=True)
        if progress is not None:
            progress(source.partition, reached - start, end - start)
    folder.flush()
