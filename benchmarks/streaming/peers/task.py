"""What a peer is asked to do, and how it tells how far it is."""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path
from typing import NamedTuple

import msgspec


class Task(NamedTuple):
    """Say where a peer finds its look-ups and context, and where its alerts and state go.

    `name` is its group's, new for each run: everybody begins at the first record.
    """

    name: str
    bootstrap: str
    look_ups: str
    alerts: str
    context: Path
    policy: Path | None
    state: Path

    def as_argument(self) -> str:
        """Return the task as a peer takes it."""
        return msgspec.json.encode(self, enc_hook=str).decode()


def task() -> Task:
    """Return the task in the first argument of this process."""
    return msgspec.json.decode(sys.argv[1], type=Task, dec_hook=lambda kind, value: kind(value))


class Told(msgspec.Struct):
    """Say how many look-ups are done, and when (s of the system's monotonic clock)."""

    look_ups: int
    at_s: float


_TELL_EVERY_S = 0.2


class Teller:
    """Count what is done, and tell of it now and then, for a look at the clock costs as well."""

    def __init__(self, look_every: int = 20) -> None:
        self._done = 0
        self._look_every = look_every
        self._look_at = 0
        self._tell_at_s = 0.0

    def count(self, look_ups: int = 1) -> None:
        """Count look-ups that are done."""
        self._done += look_ups
        if self._done < self._look_at:
            return
        self._look_at = self._done + self._look_every
        now_s = time.monotonic()
        if now_s >= self._tell_at_s:
            self._tell_at_s = now_s + _TELL_EVERY_S
            # Past sys.stdout, which Faust turns into lines of its log.
            os.write(1, msgspec.json.encode(Told(self._done, now_s)) + b"\n")
