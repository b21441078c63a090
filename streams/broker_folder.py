"""The folder that a broker works in: a temporary one that goes with it, or a kept one."""

from __future__ import annotations

import fcntl
import os
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from schemas.errors import MonomiError
from streams.broker_config import SCRATCH, STORAGE, UNFINISHED_STORAGE

HOLD_TIMEOUT_S = 7.0  # the guard of a broker whose parent was killed needs up to 5 s to end it
LOOK_EVERY_S = 0.1


@dataclass
class BrokerFolder:
    """A folder, held against other brokers while this process or the broker's guard lives.

    `held` are the file descriptors that hold it, for the guard to inherit; a temporary folder
    is nobody else's and has none.
    """

    path: Path
    is_temporary: bool
    held: tuple[int, ...] = ()

    @property
    def log_path(self) -> Path:
        """Return the path of Kafka's log."""
        return self.path / "broker.log"

    @property
    def is_formatted(self) -> bool:
        """Tell whether the folder has a cluster's storage, whole."""
        return (self.path / STORAGE / "meta.properties").is_file()

    def close(self, *, keep_log: bool) -> None:
        """Let go of the folder; of a temporary one, keep nothing but perhaps the log."""
        for descriptor in self.held:
            os.close(descriptor)
        self.held = ()
        if self.is_temporary:
            names = (STORAGE, UNFINISHED_STORAGE, SCRATCH) if keep_log else ("",)
            for name in names:
                shutil.rmtree(self.path / name, ignore_errors=True)


def open_folder(data_dir: Path | None) -> BrokerFolder:
    """Make the folder where it is missing and hold it; None makes a temporary one.

    Raises MonomiError `folder_not_writable`, or `folder_in_use` where another broker has it.
    """
    if data_dir is None:
        with writing(Path(tempfile.gettempdir())):
            return BrokerFolder(Path(tempfile.mkdtemp(prefix="monomi-kafka-")), is_temporary=True)
    path = data_dir.expanduser().absolute()
    with writing(path):
        path.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(path / ".lock", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        _hold(descriptor, path)
    except BaseException:
        os.close(descriptor)
        raise
    return BrokerFolder(path, is_temporary=False, held=(descriptor,))


@contextmanager
def writing(path: Path) -> Iterator[None]:
    """Turn a failure of the file system under the path into `folder_not_writable`."""
    try:
        yield
    except OSError as error:
        raise MonomiError(
            "folder_not_writable",
            f"The data folder {path} cannot be written ({error.strerror}); choose another one.",
        ) from error


def _hold(descriptor: int, path: Path) -> None:
    deadline = time.monotonic() + HOLD_TIMEOUT_S
    while True:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return
        except BlockingIOError:
            if time.monotonic() > deadline:
                raise MonomiError(
                    "folder_in_use",
                    f"Another broker works in the data folder {path}; "
                    "stop it, or choose another folder.",
                ) from None
            time.sleep(LOOK_EVERY_S)
