"""A guarded process never outlives the one that started it, however that one ends."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from schemas.errors import MonomiError
from streams.broker_folder import BrokerFolder, open_folder
from streams.broker_process import Guarded
from tests.processes import eventually, is_gone


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[BrokerFolder]:
    """Give a temporary broker's folder."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    folder = open_folder(None)
    yield folder
    folder.close(keep_log=False)


PARENT = """
import os, sys, time
from pathlib import Path
from streams.broker_folder import BrokerFolder
from streams.broker_process import Guarded
guarded = Guarded(["sleep", "600"], BrokerFolder(Path(sys.argv[1]), is_temporary=True))
child = os.fork() if sys.argv[2] == "fork" else 1
if child:
    print(guarded.pid, child, flush=True)
time.sleep(600)
"""


@pytest.mark.parametrize("forking", ["", "fork"])
def test_a_killed_parent_takes_the_command_with_it(folder: BrokerFolder, forking: str) -> None:
    """After kill -9 the command ends, though a forked child still holds the guard's pipe."""
    command = [sys.executable, "-c", PARENT, str(folder.path), forking]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as parent:
        assert parent.stdout is not None
        try:
            pid, forked = map(int, parent.stdout.readline().split())
            assert not is_gone(pid)
        finally:
            parent.kill()
    try:
        assert eventually(lambda: is_gone(pid))
        assert eventually(lambda: not folder.path.exists())
    finally:
        if forking:
            os.kill(forked, signal.SIGKILL)


def test_a_command_that_ignores_sigterm_is_killed(folder: BrokerFolder) -> None:
    """Stopping does not depend on the command's consent, and twice is once."""
    ignoring = "trap '' TERM; echo ready; while :; do sleep 0.1; done"
    guarded = Guarded(["sh", "-c", ignoring], folder)
    assert eventually(lambda: "ready" in folder.log_path.read_text())
    guarded.stop()
    guarded.stop()
    assert is_gone(guarded.pid)
    assert not folder.path.exists()


def test_a_killed_guard_takes_the_command_with_it(folder: BrokerFolder) -> None:
    """With the guard gone, stopping still ends the command."""
    guarded = Guarded(["sh", "-c", "echo $PPID; exec sleep 600"], folder)
    assert eventually(lambda: folder.log_path.read_text().endswith("\n"))
    os.kill(int(folder.log_path.read_text()), signal.SIGKILL)
    guarded.stop()
    assert eventually(lambda: is_gone(guarded.pid))


def test_a_command_that_cannot_start_is_an_error(folder: BrokerFolder) -> None:
    """The guard's own failure reaches the reader too."""
    with pytest.raises(MonomiError, match="FileNotFoundError") as caught:
        Guarded(["/nowhere/java"], folder)
    assert caught.value.code == "broker_died"
