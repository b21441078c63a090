"""Read one partition of the changelog into the folder of its state, as much as it lacks."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any

from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.errors import KafkaError

from schemas.errors import MonomiError
from streams.changelog_records import records_between
from streams.changelog_rewriting import Append, is_ahead, write_anew
from streams.state_folder import REWRITING_KEY, Folder, LogPosition

Progress = Callable[[int, int, int], None]
"""Told while a partition is read: its number, the offsets read, the offsets to read in all."""

DAY_MS = 24 * 3600 * 1000
DELETIONS_KEPT_MS = 7 * DAY_MS
_FOLDER_GOOD_FOR_MS = DELETIONS_KEPT_MS - DAY_MS
_FETCH_BYTES = 16 << 20  # above the largest batch, or a partition with one could not be read

log = logging.getLogger(__name__)


async def catch_up(
    bootstrap: str,
    source: TopicPartition,
    folder: Folder,
    claimed: LogPosition,
    append: Append,
    progress: Progress | None = None,
) -> None:
    """Apply to a folder all records of a partition up to the claim that `claimed` lies behind.

    A folder that is ahead of its log holds what the log has lost: the log is written anew from
    it, by `append`. A folder that is no state of this log is emptied first: the log was deleted
    and made again, or the folder was left for so long that Kafka may have dropped deletions
    that it has not seen. Raises MonomiError `changelog_unreadable`, `changelog_half_written`,
    and those of the folder and of `append`.
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
        claim_offset = claimed.next_offset - 1
        if await is_ahead(consumer, source, folder, (first, claim_offset)):
            log.warning("%s ends before %s: writing it anew from there", source, folder.path)
            await write_anew(consumer, source, folder, (first, claim_offset), append)
            return
        why_not = await _unusable(consumer, source, folder, first, claimed)
        if why_not:
            log.warning("%s: %s; rebuilding it from %s", folder.path, why_not, source.topic)
            folder.wipe()
        position = folder.position()
        start = first if position is None else position.next_offset
        if start < claim_offset:
            log.info("reading %s from offset %d to %d", source, start, claim_offset)
            await _replay(consumer, source, folder, (start, claim_offset), progress)
        _see_whole(source, folder)
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
        return "the changelog ends before this folder's state, and is another"
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
    async for changes, position in records_between(consumer, source, start, end):
        folder.apply(changes, position, in_bulk=True)
        if progress is not None:
            progress(source.partition, position.next_offset - start, end - start)
    folder.flush()


def _see_whole(source: TopicPartition, folder: Folder) -> None:
    """Refuse a log that was being written anew when its worker ended: it is of two times."""
    if folder.get(REWRITING_KEY) is None:
        return
    folder.wipe()
    raise MonomiError(
        "changelog_half_written",
        f"Partition {source.partition} of {source.topic} lost its end and was being written anew "
        "by the worker that has its state on disk: start that worker again, with the same "
        "MONOMI_DATA_DIR.",
    )
