"""Those who are measured, each a process of its own: started, watched, and ended."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
import urllib.request
import uuid
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import msgspec

from benchmarks.streaming.ground import Ground
from benchmarks.streaming.peers.task import Task, Told
from schemas.errors import MonomiError

PEERS = {
    "faust_by_the_book": "by-the-book Faust",
    "quixstreams": "quixstreams",
    "bare_aiokafka": "bare aiokafka loop",
    "bare_confluent": "bare confluent-kafka loop",
}
_MODULES = {"quixstreams": "quix"}
_STARTS_WITHIN_S = 120.0
_LOOK_EVERY_S = 0.1


class Contender:
    """One process that works off look-ups, and how far it is."""

    def __init__(self, command: list[str], log: Path, environment: Mapping[str, str]) -> None:
        self._log = log
        with log.open("ab") as file:
            self.process = subprocess.Popen(
                [sys.executable, "-m", *command],
                env={**os.environ, **environment},
                stdin=subprocess.DEVNULL,
                stdout=file,
                stderr=subprocess.STDOUT,
            )

    def history(self) -> list[Told]:
        """Return how far it was each time that it told, now the last time; none before."""
        raise NotImplementedError

    def told(self) -> Told | None:
        """Return how far it is; None where it has not said yet."""
        history = self.history()
        return history[-1] if history else None

    def fail_if_ended(self) -> None:
        """Raise MonomiError `contender_ended` where it has ended by itself."""
        if self.process.poll() is not None:
            last = self._log.read_text(errors="replace").strip().splitlines()[-1:]
            raise MonomiError("contender_ended", f"{self._log.stem} ended: {' '.join(last)}")

    def end(self) -> None:
        """Kill it."""
        self.process.kill()
        self.process.wait()


class Peer(Contender):
    """A peer, which tells on its standard output."""

    def __init__(self, name: str, given: Task, log: Path) -> None:
        module = f"benchmarks.streaming.peers.{_MODULES.get(name, name)}"
        super().__init__([module, given.as_argument()], log, {})

    def history(self) -> list[Told]:
        """Return all whole lines that it told."""
        lines = self._log.read_bytes().split(b"\n")[:-1]
        told = (line for line in lines if line.startswith(b'{"look_ups":'))
        return [msgspec.json.decode(line, type=Told) for line in told]


class Worker(Contender):
    """`monomi worker`, which tells by its metrics."""

    def __init__(
        self, bootstrap: str, prefix: str, data_dir: Path, log: Path, policy: Path | None = None
    ) -> None:
        self._port = _free_port()
        self._history: list[Told] = []
        environment = {
            "MONOMI_BOOTSTRAP": bootstrap,
            "MONOMI_TOPIC_PREFIX": prefix,
            "MONOMI_DATA_DIR": str(data_dir),
            "MONOMI_METRICS_PORT": str(self._port),
        }
        if policy is not None:
            environment["MONOMI_POLICY"] = str(policy)
        super().__init__(["monomi.cli", "worker"], log, environment)

    def metrics(self) -> dict[str, float]:
        """Return its metrics, each summed over its labels; none before it serves any."""
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self._port}/metrics", timeout=5) as it:
                lines = it.read().decode().splitlines()
        except OSError:
            return {}
        sums: dict[str, float] = {}
        for line in lines:
            if not line.startswith("#"):
                label, value = line.rsplit(" ", 1)
                name = label.split("{")[0]
                sums[name] = sums.get(name, 0.0) + float(value)
        return sums

    def history(self) -> list[Told]:
        """Ask how many records it has applied, doubled ones too; return all answers so far."""
        applied = self.metrics().get("monomi_records_total")
        if applied is not None:
            self._history.append(Told(int(applied), time.monotonic()))
        return self._history


def started(
    name: str, ground: Ground, context: Path, *, prefix: str = "", policy: Path | None = None
) -> Contender:
    """Start `monomi` or a peer on a deployment's topics, with nothing remembered."""
    log = ground.folder / f"{prefix}{name}.log"
    run = f"{name}-{uuid.uuid4().hex[:8]}"
    state = ground.folder / run
    if name == "monomi":
        return Worker(ground.bootstrap, prefix, state, log, policy)
    topics = f"{prefix}access.queries", f"{prefix}alerts"
    return Peer(name, Task(run, ground.bootstrap, *topics, context, policy, state), log)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def running(contender: Any) -> Iterator[Any]:
    """End a contender with the block."""
    try:
        yield contender
    finally:
        contender.end()


class Pace(msgspec.Struct, frozen=True):
    """Hold how many look-ups a contender did in a stretch of time, once it was in its stride."""

    look_ups: int
    seconds: float

    @property
    def per_s(self) -> float:
        """Return look-ups a second."""
        return self.look_ups / self.seconds


def pace_of(contender: Contender, *, first: int, last: int, at_most_s: float) -> Pace:
    """Measure a contender from its `first` look-up to its `last`, or for as long as it may take.

    Raises MonomiError `contender_ended`, `contender_stuck`.
    """
    wait_until(contender, first, _STARTS_WITHIN_S)
    deadline_s = time.monotonic() + at_most_s
    while True:
        told = [told for told in contender.history() if told.look_ups >= first]
        began, newest = told[0], told[-1]
        if newest.look_ups >= last or time.monotonic() > deadline_s:
            break
        time.sleep(_LOOK_EVERY_S)
        contender.fail_if_ended()
    if newest.look_ups == began.look_ups:
        raise MonomiError("contender_stuck", f"it did nothing for {at_most_s:.0f} s")
    return Pace(newest.look_ups - began.look_ups, newest.at_s - began.at_s)


def wait_until(contender: Contender, look_ups: int, at_most_s: float) -> Told:
    """Wait until a contender has done so many; raises MonomiError as `pace_of` does."""
    deadline_s = time.monotonic() + at_most_s
    while time.monotonic() < deadline_s:
        told = contender.told()
        if told is not None and told.look_ups >= look_ups:
            return told
        contender.fail_if_ended()
        time.sleep(_LOOK_EVERY_S)
    raise MonomiError("contender_stuck", f"it did no {look_ups:,} look-ups in {at_most_s:.0f} s")
