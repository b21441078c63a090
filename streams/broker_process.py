"""A Java process under the guard, which ends with this process however this one ends."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

from schemas.errors import MonomiError
from streams.broker_folder import BrokerFolder

GUARD = Path(__file__).with_name("broker_guard.py")
STOP_TIMEOUT_S = 6.0  # the guard kills what has not ended after 4 s
SHOWN_LINES = 3
SHOWN_WIDTH = 200


class Guarded:
    """One command, run in a broker's folder under the guard of `broker_guard.py`.

    What it prints replaces the folder's log. `pid` is the command's own process id. Raises
    MonomiError `broker_died` where it cannot be started.
    """

    def __init__(self, command: list[str], folder: BrokerFolder) -> None:
        removed = str(folder.path) if folder.is_temporary else ""
        with folder.log_path.open("wb") as log:
            self._guard = subprocess.Popen(
                [sys.executable, "-I", "-S", str(GUARD), str(os.getpid()), removed, *command],
                cwd=folder.path,
                # A locale in which Java can name every folder, and gives its reasons in English.
                env={**os.environ, "LC_ALL": "C.UTF-8"},
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=log,
                bufsize=0,
                start_new_session=True,  # a Ctrl-C in the terminal reaches this process alone
                pass_fds=folder.held,
            )
        assert self._guard.stdin is not None
        assert self._guard.stdout is not None
        self._order, self._answer = self._guard.stdin, self._guard.stdout
        try:
            first_line = self._answer.readline()
            if not first_line:
                raise died(folder.log_path, "could not be started")
        except BaseException:
            self.stop()
            raise
        self.pid = int(first_line)

    def poll(self) -> int | None:
        """Return the command's exit code, or None while it runs."""
        return self._guard.poll()

    def wait(self) -> int:
        """Wait until the command ends by itself; return its exit code."""
        return self._guard.wait()

    def stop(self) -> None:
        """End the command, within about five seconds; once it has ended, do nothing."""
        if self._order.closed:
            return
        with suppress(BrokenPipeError):
            # A byte, not only the pipe's end, which a forked child of ours may hold open.
            self._order.write(b"\n")
        self._order.close()
        try:
            self._guard.wait(STOP_TIMEOUT_S)
        except subprocess.TimeoutExpired:
            self._guard.kill()
            self._guard.wait()
        if self._guard.returncode < 0:  # killed: its group may have outlived it
            with suppress(ProcessLookupError):
                os.killpg(self._guard.pid, signal.SIGKILL)
        self._answer.close()


def died(log_path: Path, what: str) -> MonomiError:
    """Return the error of a Kafka that ended, with the lines of its log that say why."""
    try:
        lines = [line.strip() for line in log_path.read_text("utf-8", "replace").splitlines()]
    except FileNotFoundError:  # the guard was told to end by somebody else, and cleaned up
        return MonomiError("broker_died", f"Kafka {what}: another process stopped it.")
    telling = [line for line in lines if "ERROR" in line or "Error" in line or "Exception" in line]
    shown = [line[:SHOWN_WIDTH] for line in (telling or lines) if line][-SHOWN_LINES:]
    return MonomiError(
        "broker_died", f"Kafka {what}; its log, {log_path}, ends: {' | '.join(shown) or 'empty'}"
    )
