"""The RocksDB folder of one source partition: how state lies on this machine's disk."""

from __future__ import annotations

import shutil
import struct
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import cast

from rocksdict import (
    BlockBasedOptions,
    Cache,
    DbClosedError,
    DBCompressionType,
    Options,
    Rdict,
    WriteBatch,
    WriteBufferManager,
    WriteOptions,
)

from schemas.errors import MonomiError

Change = tuple[bytes, bytes | None]
"""One key and its new value; None deletes the key."""

_POSITION_KEY = b"m\x00position"  # only here, never in the log: no topic's name holds a NUL
_POSITION = struct.Struct(">qq")
REWRITING_KEY = b"m\x00rewriting"
"""In the log while it is written anew from a folder, and in that folder as `SOURCE`."""
SOURCE = b"source"
_WRITE_BUFFER_BYTES = 16 << 20


@dataclass(frozen=True)
class LogPosition:
    """Say up to where a log has been applied.

    `next_offset` is the first offset not applied, `at_ms` the time that Kafka gave to the
    record before it (epoch milliseconds of the broker's clock).
    """

    next_offset: int
    at_ms: int


class Memory:
    """Bound what all folders of a worker hold in memory together: reads cached, writes buffered."""

    def __init__(self, cache_bytes: int = 96 << 20, buffer_bytes: int = 64 << 20) -> None:
        self._cache = Cache(cache_bytes)
        self._buffers = WriteBufferManager(buffer_bytes, False)

    def options(self) -> Options:
        """Return RocksDB's options for one folder."""
        table = BlockBasedOptions()
        table.set_block_cache(self._cache)
        table.set_bloom_filter(10, False)  # most pairs looked up are new: memory answers
        options = Options(raw_mode=True)
        options.create_if_missing(True)
        options.set_block_based_table_factory(table)
        options.set_write_buffer_manager(self._buffers)
        options.set_write_buffer_size(_WRITE_BUFFER_BYTES)
        options.set_compression_type(DBCompressionType.lz4())
        options.set_max_background_jobs(2)
        options.set_keep_log_file_num(2)
        options.set_stats_dump_period_sec(0)
        return options


class Folder:
    """One partition's RocksDB: a folder that one process holds at a time.

    A damaged folder is emptied when it is opened: its log rebuilds it. Each method raises
    MonomiError `folder_not_writable`, `folder_in_use`, `disk_full`, `state_damaged`.
    """

    def __init__(self, path: Path, memory: Memory) -> None:
        self.path = path
        self._options = memory.options()
        self._damage_mark = path.with_name(f"{path.name}.damaged")
        self._db = self._open()

    def _open(self) -> Rdict:
        self._check_writable()
        if self._damage_mark.exists():
            self._empty()
        try:
            return Rdict(str(self.path), self._options)
        except Exception as error:  # rocksdict knows no narrower class
            told = self._told(error)
            if told.code != "state_damaged":
                raise told from error
        self._empty()
        try:
            return Rdict(str(self.path), self._options)
        except Exception as error:
            raise self._told(error) from error

    def _check_writable(self) -> None:
        try:
            self.path.mkdir(parents=True, exist_ok=True)
            probe = self.path / "writable"
            probe.touch()
            probe.unlink()
        except OSError as error:
            raise self._not_writable(error) from error

    def _empty(self) -> None:
        try:
            shutil.rmtree(self.path)
            self.path.mkdir()
            self._damage_mark.unlink(missing_ok=True)
        except OSError as error:
            raise self._not_writable(error) from error

    def get(self, key: bytes) -> bytes | None:
        """Return a key's value, or None."""
        try:
            return cast("bytes | None", self._db.get(key))
        except Exception as error:
            raise self._told(error) from error

    def scan(self, prefix: bytes) -> Iterator[tuple[bytes, bytes]]:
        """Yield the keys that begin with a prefix, in order, with their values as of now."""
        try:
            for item in self._db.items(from_key=prefix):
                key, value = cast("tuple[bytes, bytes]", item)
                if not key.startswith(prefix):
                    return
                if key != _POSITION_KEY and key != REWRITING_KEY:
                    yield key, value
        except Exception as error:
            raise self._told(error) from error

    def position(self) -> LogPosition | None:
        """Return up to where the log is applied here; None in an empty folder."""
        stored = self.get(_POSITION_KEY)
        return None if stored is None else LogPosition(*_POSITION.unpack(stored))

    def apply(
        self, changes: Iterable[Change], position: LogPosition, *, in_bulk: bool = False
    ) -> None:
        """Write changes and the position that they reach, all or nothing.

        `in_bulk` leaves out RocksDB's own log, for a replay: a crash then loses the newest of
        them together with their position. `flush` must end it, before any other write.
        """
        batch = WriteBatch(raw_mode=True)
        for key, value in changes:
            if value is None:
                batch.delete(key)
            else:
                batch.put(key, value)
        batch.put(_POSITION_KEY, _POSITION.pack(position.next_offset, position.at_ms))
        options = WriteOptions()
        options.disable_wal = in_bulk  # type: ignore[method-assign,assignment]  # stub is wrong
        try:
            self._db.write(batch, options)
        except Exception as error:
            raise self._told(error) from error

    def flush(self) -> None:
        """Write to disk what a replay left in memory."""
        try:
            self._db.flush()
        except Exception as error:
            raise self._told(error) from error

    def wipe(self) -> None:
        """Forget all, so that the log rebuilds it."""
        self.close()
        self._empty()
        self._db = self._open()

    def close(self) -> None:
        """Release the folder; closed again, it does nothing."""
        self._db.close()

    def _not_writable(self, error: OSError) -> MonomiError:
        return MonomiError(
            "folder_not_writable",
            f"Cannot write to {self.path} ({error.strerror}): set MONOMI_DATA_DIR to a folder "
            "that this user may write to.",
        )

    def _told(self, error: Exception) -> MonomiError:
        """Say what RocksDB's error means for whoever runs the worker; remember a damage."""
        message = str(error)
        if isinstance(error, DbClosedError):
            return MonomiError("state_closed", f"The store in {self.path} is closed.")
        if "/LOCK" in message:
            return MonomiError(
                "folder_in_use",
                f"Another worker holds {self.path}: stop it, or set MONOMI_DATA_DIR to a folder "
                "of this worker's own.",
            )
        if "No space left" in message:
            return MonomiError(
                "disk_full", f"The disk of {self.path} is full: make room and start again."
            )
        self._damage_mark.touch()
        return MonomiError(
            "state_damaged",
            f"The store in {self.path} is damaged ({message}): start again, and Kafka rebuilds it.",
        )
