"""A deployment that faults are done to: a broker of its own, workers, and who restarts them."""

from __future__ import annotations

import os
import signal
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from streams.broker import Broker, start_broker
from streams.broker_config import STORAGE
from tests.faults.machine import Disk, WorkersClock
from tests.processes import eventually, is_gone
from tests.workers import EAGER_TOML, WorkerProcess

PARTITIONS = 4
PATIENT_TOML = EAGER_TOML + "cut_wait_s = 600\n"
"""A cut waits for all partitions as long as any fault lasts: replay never goes on without one."""
_LOOK_EVERY_S = 0.2
_WORKED_OFF = 2000
"""Records not yet applied: what a worker that is at it has before it, two seconds of a soak."""


class Seat:
    """One worker's place: its folder, and its process, which is started again when it ends."""

    def __init__(self, deployment: Deployment, name: str) -> None:
        self._deployment = deployment
        self.folder = deployment.folder / name
        self.folder.mkdir(exist_ok=True)
        self.worker = self._start()
        self.restarts = 0
        self.retired = False

    def _start(self) -> WorkerProcess:
        deployment = self._deployment
        return WorkerProcess(
            deployment.bootstrap,
            deployment.prefix,
            self.folder,
            PARTITIONS,
            policy_toml=PATIENT_TOML,
            **deployment.clock.environment,
        )

    def keep_running(self) -> None:
        """Start the worker again where it has ended, as an init system does."""
        if not self.retired and self.worker.process.poll() is not None:
            self.worker.kill()  # closes its log
            self.worker = self._start()
            self.restarts += 1

    def signal(self, number: signal.Signals) -> None:
        """Send the worker a signal."""
        self.worker.process.send_signal(number)

    def store(self, partition: int) -> Path:
        """Return the folder of a partition's local store."""
        return self.folder / "data" / "state" / str(partition)

    def retire(self) -> None:
        """Kill the worker for good."""
        self.retired = True
        self.worker.kill()


class Deployment:
    """A broker and one worker, and a second one while a fault needs it.

    `kills_at_once`: so many times in a row a worker is killed by one fault.
    """

    def __init__(self, folder: Path, prefix: str, kills_at_once: int = 1) -> None:
        self.folder, self.prefix, self.kills_at_once = folder, prefix, kills_at_once
        self.disk = Disk(folder / "kafka")
        self.clock = WorkersClock(folder / "clock")
        self.broker: Broker = start_broker(self.disk.path)
        self.bootstrap = self.broker.bootstrap
        self._lock = threading.RLock()
        self.seats = [Seat(self, "one")]
        self._ended = threading.Event()
        self._keeper = threading.Thread(target=self._keep, name="keeper", daemon=True)
        self._keeper.start()

    def _keep(self) -> None:
        while not self._ended.wait(_LOOK_EVERY_S):
            with self._lock:
                for seat in self.seats:
                    seat.keep_running()

    @property
    def first(self) -> Seat:
        """Return the seat that is always taken."""
        return self.seats[0]

    @contextmanager
    def second(self) -> Iterator[Seat]:
        """Let a second worker share the partitions for a while, on a folder of its own."""
        seat = Seat(self, "two")
        with self._lock:
            self.seats.append(seat)
        try:
            yield seat
        finally:
            with self._lock:
                self.seats.remove(seat)
                seat.retire()

    @contextmanager
    def unattended(self) -> Iterator[None]:
        """Let nobody start a worker again meanwhile."""
        with self._lock:
            yield

    @contextmanager
    def without_broker(self, number: signal.Signals) -> Iterator[Path]:
        """End the broker, give the folder of its logs, and start it again on what is there."""
        if number == signal.SIGKILL:
            os.kill(self.broker.pid, number)
            eventually(lambda: is_gone(self.broker.pid))
        self.broker.stop()
        yield self.disk.path / STORAGE
        self.broker = start_broker(self.disk.path, self.broker.port)

    def broker_ends(self, within_s: float) -> bool:
        """Return whether the broker ends by itself."""
        return eventually(lambda: is_gone(self.broker.pid), within_s)

    def metric(self, name: str) -> float:
        """Return a metric summed over the workers."""
        return sum(seat.worker.metric(name) for seat in list(self.seats))

    def works(self) -> bool:
        """Return whether all partitions are open, records are applied, and few wait."""
        if not self.is_ready():
            return False
        before = self.metric("monomi_records_total")
        time.sleep(_LOOK_EVERY_S)
        goes_on = self.metric("monomi_records_total") > before
        return goes_on and self.metric("monomi_partition_lag") < _WORKED_OFF

    def is_ready(self) -> bool:
        """Return whether all partitions are open."""
        return self.metric("monomi_partitions_open") == PARTITIONS

    def close(self) -> None:
        """End all processes."""
        self._ended.set()
        self._keeper.join()
        for seat in self.seats:
            seat.retire()
        self.broker.stop()
        self.disk.close()
