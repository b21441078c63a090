"""The keyed store of one source partition: what the worker remembers, on this machine's disk.

A store is a RocksDB folder behind its partition of the changelog (`streams.changelog`). The log
is the truth and the folder its copy: a commit is first one record batch in the log, then one
write batch in the folder, which also says up to where the log has been applied. So after a crash
anywhere the folder is a state that the log went through, and what it lacks is read from the log.
Where Kafka loses the log's end, it is the other way round (`streams.changelog_rewriting`).

Keys and values are bytes; the first byte of a key says what it holds. `models/` chooses those
bytes, except `m`, which is the store's own: `m` + topic -> `>q`, the source offset applied last.
"""

from __future__ import annotations

import asyncio
import struct
from collections.abc import Iterator, Mapping, Sequence
from typing import Protocol

from schemas.errors import MonomiError
from streams.state_folder import Change, Folder, LogPosition

OWN_PREFIX = b"m"
_APPLIED = struct.Struct(">q")


class PartitionLog(Protocol):
    """Append to one partition of the changelog, as its only writer."""

    async def append(self, changes: Sequence[Change]) -> LogPosition:
        """Write all changes as one record batch and return the position behind it."""

    async def close(self) -> None:
        """Let go of Kafka."""


class PartitionStore:
    """What the worker remembers of one source partition; made by `Changelog.open_partition`.

    Reads see what was committed, nothing else. After a commit that broke off, the log may be
    ahead of the folder: then every further use raises MonomiError `state_closed`. Open the
    partition again, and the log's word holds.
    """

    def __init__(self, partition: int, folder: Folder, log: PartitionLog) -> None:
        self.partition = partition
        self._folder = folder
        self._log = log
        self._one_at_a_time = asyncio.Lock()
        self._closed = False

    def get(self, key: bytes) -> bytes | None:
        """Return a key's committed value, or None."""
        if self._closed:
            raise self._open_again()
        return self._folder.get(key)

    def scan(self, prefix: bytes) -> Iterator[tuple[bytes, bytes]]:
        """Yield the committed keys that begin with a prefix, in key order, with their values."""
        if self._closed:
            raise self._open_again()
        return self._folder.scan(prefix)

    def applied(self, topic: str) -> int:
        """Return the last offset of a source topic that this state holds; -1 if none."""
        stored = self.get(OWN_PREFIX + topic.encode())
        return -1 if stored is None else int(_APPLIED.unpack(stored)[0])

    async def commit(
        self, changes: Mapping[bytes, bytes | None], applied: Mapping[str, int]
    ) -> None:
        """Make changes, and the source offsets that they come from, durable: all or nothing.

        One record batch in the log, acknowledged by all in-sync replicas, then one write batch
        in the folder. Raises ValueError for a key that begins with `m`, and MonomiError
        `state_batch_too_large` (nothing is written: commit fewer events at once),
        `partition_fenced` (another worker owns the partition now), `changelog_not_written`,
        `changelog_torn`, `state_closed`, `disk_full`, `state_damaged`.
        """
        if any(key.startswith(OWN_PREFIX) for key in changes):
            raise ValueError("keys that begin with m are the store's own")
        records = list(changes.items())
        records += [(OWN_PREFIX + t.encode(), _APPLIED.pack(o)) for t, o in applied.items()]
        async with self._one_at_a_time:
            if self._closed:
                raise self._open_again()
            try:
                position = await self._log.append(records)
                self._folder.apply(records, position)
            except BaseException as error:  # cancelled, too: the log may hold what is not here
                unwritten = isinstance(error, MonomiError) and error.code == "state_batch_too_large"
                self._closed = not unwritten
                raise

    async def close(self) -> None:
        """Release the folder and the partition of the log; closed again, it does nothing."""
        self._closed = True
        await self._log.close()
        self._folder.close()

    def _open_again(self) -> MonomiError:
        return MonomiError(
            "state_closed",
            f"The store of partition {self.partition} is closed, or a commit to it broke off: "
            "open it again.",
        )
