"""Checkpoints: signed lines in a file kept elsewhere, out of reach of who rewrites the log."""

from __future__ import annotations

import asyncio
import json
import logging
import os
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from alerting.audit.entry import GENESIS, canonical, instant
from alerting.audit.log import read_head
from alerting.audit.signing import Signer
from alerting.audit.statements import Checkpoint, Head
from alerting.audit.tables import CHECKPOINTS
from schemas.errors import MonomiError
from schemas.record import parse_time

Work = Callable[[AsyncConnection], Awaitable[None]]
InTransaction = Callable[[Work], Awaitable[None]]
"""Does work in one transaction of its own, and returns once that is committed."""

_log = logging.getLogger(__name__)


class Checkpointer:
    """Write checkpoints of the log into a file that is only ever appended to."""

    def __init__(self, in_transaction: InTransaction, signer: Signer, path: Path) -> None:
        self._in_transaction = in_transaction
        self._signer = signer
        self._path = path
        self._witnessed: Head | None = None

    async def write(self) -> None:
        """Write a checkpoint, unless it would repeat this process's last.

        Raises MonomiError `checkpoints_not_written`.
        """
        await self._in_transaction(self._write)

    async def run(self, interval_s: float) -> None:
        """Write a checkpoint at once, then look every interval, until cancelled.

        Raises MonomiError `checkpoints_not_written` at once; later it is logged, for a file
        that is away for a while must not stop the console.
        """
        await self.write()
        while True:
            await asyncio.sleep(interval_s)
            try:
                await self.write()
            except MonomiError as error:
                _log.error("%s", error)

    async def _write(self, connection: AsyncConnection) -> None:
        # Only what was committed: an entry that is rolled back must not be in a checkpoint.
        head = await read_head(connection) or Head(0, GENESIS)
        if head == self._witnessed:
            return
        checkpoint = Checkpoint.signed(head, datetime.now(UTC), self._signer)
        # The file first: a crash after it leaves the file with more than the store, which is
        # no fault; the other way round the file would look cut.
        await asyncio.to_thread(append_line, self._path, line_of(checkpoint))
        await connection.execute(insert(CHECKPOINTS).values(asdict(checkpoint)))
        self._witnessed = head


def line_of(checkpoint: Checkpoint) -> str:
    """Return a checkpoint as one line of JSON."""
    return canonical({**asdict(checkpoint), "at": instant(checkpoint.at)})


def append_line(path: Path, line: str) -> None:
    """Append a line for good; the file is made as needed, for its owner alone.

    Raises MonomiError `checkpoints_not_written`.
    """
    flags = os.O_RDWR | os.O_APPEND | os.O_CREAT
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with os.fdopen(os.open(path, flags, 0o600), "rb+", buffering=0) as file:
            size = file.seek(0, os.SEEK_END)
            whole = size == 0 or os.pread(file.fileno(), 1, size - 1) == b"\n"
            file.write((("" if whole else "\n") + line + "\n").encode())
            os.fsync(file.fileno())
    except OSError as error:
        raise MonomiError(
            "checkpoints_not_written",
            f"the checkpoints file {path} cannot be written: {error.strerror or error}",
        ) from None


def read_checkpoints(path: Path) -> Sequence[Checkpoint]:
    """Return the checkpoints of a file.

    Raises MonomiError `checkpoints_unreadable` with the line that is none.
    """
    try:
        lines = path.read_text("utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or "it is not text"
        raise MonomiError("checkpoints_unreadable", f"{path} cannot be read: {reason}") from None
    checkpoints = []
    for number, line in enumerate(lines, 1):
        try:
            checkpoints.append(_parsed(line))
        except (ValueError, TypeError, KeyError):
            raise MonomiError(
                "checkpoints_unreadable",
                f"{path}, line {number} is no checkpoint: the file was damaged or changed",
            ) from None
    return checkpoints


def _parsed(line: str) -> Checkpoint:
    fields = json.loads(line)
    return Checkpoint(
        int(fields["number"]),
        str(fields["hash"]),
        parse_time(fields["at"]),
        str(fields["key_id"]),
        str(fields["signature"]),
    )
