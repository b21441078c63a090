"""What of the machine a fault may bend: the broker's disk, and the time that workers are told."""

from __future__ import annotations

import errno
import os
import subprocess
from collections.abc import Mapping
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
    """The wall clock of all workers, where libfaketime is there; `environment` starts them so."""

    def __init__(self, path: Path) -> None:
        self._path = path
        found = sorted(Path("/usr/lib").glob("*/faketime/libfaketime.so.1"))
        self.environment: Mapping[str, str] = {}
        if found:
            self.jump(0)
            self.environment = {
                "LD_PRELOAD": str(found[0]),
                "FAKETIME_TIMESTAMP_FILE": str(path),
                "FAKETIME_CACHE_DURATION": "1",
                "FAKETIME_DONT_FAKE_MONOTONIC": "1",
            }

    @property
    def is_movable(self) -> bool:
        """Return whether workers look at it at all."""
        return bool(self.environment)

    def jump(self, ahead_s: int) -> None:
        """Let it stand so far ahead of the true time, or behind."""
        partial = self._path.with_suffix(".partial")
        partial.write_text(f"{ahead_s:+d}\n")
        partial.replace(self._path)
