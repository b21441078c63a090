"""The demo's own processes: started together, told apart, and all ended."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from pathlib import Path

from schemas.errors import MonomiError

_STOP_S = 3.0


class Child:
    """Run one verb of ours as a process; its lines go to a log that an error can show."""

    def __init__(self, verb: str, *arguments: str, log: Path, environment: dict[str, str]) -> None:
        self.verb = verb
        self._log = log
        self._said: list[str] = []
        self._spoke = threading.Condition()
        # A session of its own: Ctrl-C in the terminal reaches the demo, and the demo stops it.
        self._process = subprocess.Popen(
            [sys.executable, "-m", "monomi.cli", verb, *arguments],
            env={**os.environ, **environment, "PYTHONUNBUFFERED": "1"},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=log.open("wb"),
            start_new_session=True,
        )
        self._listener = threading.Thread(target=self._listen, daemon=True)
        self._listener.start()

    def _listen(self) -> None:
        assert self._process.stdout is not None
        with self._process.stdout as lines:
            for line in lines:
                with self._spoke:
                    self._said.append(line.decode().strip())
                    self._spoke.notify_all()
        with self._spoke:
            self._spoke.notify_all()

    def wait_for_line(self, word: str, timeout_s: float) -> str:
        """Return the first line with a word in it; raises MonomiError where none comes."""
        with self._spoke:
            self._spoke.wait_for(
                lambda: self._line(word) is not None or not self._listener.is_alive(), timeout_s
            )
        line = self._line(word)
        if line is None:
            raise MonomiError(
                "demo_part_failed", f"monomi {self.verb} did not come up: {self._last_words()}"
            )
        return line

    def _line(self, word: str) -> str | None:
        return next((line for line in self._said if word in line), None)

    def _last_words(self) -> str:
        lines = self._log.read_text(errors="replace").strip().splitlines()
        return lines[-1].removeprefix("monomi: ") if lines else "it said nothing"

    def wait(self, timeout_s: float) -> None:
        """Wait until it has done its work; raises MonomiError where it fails."""
        try:
            code = self._process.wait(timeout_s)
        except subprocess.TimeoutExpired:
            code = -1
        if code != 0:
            raise MonomiError(
                "demo_part_failed", f"monomi {self.verb} failed: {self._last_words()}"
            )

    def fail_if_ended(self) -> None:
        """Raise MonomiError where it has ended before its time."""
        if self._process.poll() is not None:
            raise MonomiError("demo_part_failed", f"monomi {self.verb} ended: {self._last_words()}")

    def ask_to_stop(self) -> None:
        """Ask it to stop, without waiting."""
        if self._process.poll() is None:
            self._process.send_signal(signal.SIGTERM)

    def stop(self) -> None:
        """Stop it, and whatever it started, for good."""
        self.ask_to_stop()
        try:
            self._process.wait(_STOP_S)
        except subprocess.TimeoutExpired:
            os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()
