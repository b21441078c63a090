"""What of the machine a fault may bend: the broker's disk, and the time that workers are told."""

from __future__ import annotations

import errno
import os
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

_PAGE_BYTES = 4096
_DISK_BYTES = 6 << 30
"""Taken from memory only as far as the broker fills it, until a fault fills the rest."""


class Disk:
    """A disk of the broker's own, in memory, where this user may mount one; else a folder."""

    def __init__(self, path: Path) -> None:
        self.path = path
        path.mkdir()
        command = ["mount", "-t", "tmpfs", "-o", f"size={_DISK_BYTES}", "tmpfs", str(path)]
        self.is_own = os.geteuid() == 0 and _succeeds(command)

    def fill(self) -> None:
        """Leave no room on it, and none for the next byte."""
        size, step = 0, _DISK_BYTES
        with self._ballast.open("wb") as file:
            while step >= _PAGE_BYTES:  # the broker takes room meanwhile: what is left is unknown
                try:
                    os.posix_fallocate(file.fileno(), size, step)
                except OSError as error:
                    if error.errno != errno.ENOSPC:
                        raise
                    step //= 2
                else:
                    size += step

    def make_room(self) -> None:
        """Take back what filled it."""
        self._ballast.unlink()

    @property
    def _ballast(self) -> Path:
        return self.path / "ballast"

    def close(self) -> None:
        """Give the memory back."""
        if self.is_own:
            subprocess.run(["umount", "--lazy", str(self.path)], check=True)


def _succeeds(command: list[str]) -> bool:
    try:
        return subprocess.run(command, capture_output=True, check=False).returncode == 0
    except OSError:
        return False


class WorkersClock:
    """A wall clock that workers may be given instead of the machine's, where libfaketime is there.

    It costs each look at the time, so that workers get it for one fault alone: `environment`
    starts them with it while it is worn.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        found = sorted(Path("/usr/lib").glob("*/faketime/libfaketime.so.1"))
        self._library = found[0] if found else None
        self._worn = False

    @property
    def is_movable(self) -> bool:
        """Return whether there is one."""
        return self._library is not None

    @property
    def environment(self) -> Mapping[str, str]:
        """Return the variables with which a worker is started now."""
        if not self._worn:
            return {}
        return {
            "LD_PRELOAD": str(self._library),
            "FAKETIME_TIMESTAMP_FILE": str(self._path),
            "FAKETIME_CACHE_DURATION": "1",
            "FAKETIME_DONT_FAKE_MONOTONIC": "1",
        }

    @contextmanager
    def worn(self) -> Iterator[None]:
        """Give it to the workers that start within the block, showing the right time at first."""
        self.jump(0)
        self._worn = True
        try:
            yield
        finally:
            self._worn = False

    def jump(self, ahead_s: int) -> None:
        """Let it stand so far ahead of the true time, or behind."""
        partial = self._path.with_suffix(".partial")
        partial.write_text(f"{ahead_s:+d}\n")
        partial.replace(self._path)
