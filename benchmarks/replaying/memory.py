"""Peak memory of a replay of many pairs, in a process of its own."""

from __future__ import annotations

import gc
import resource
import sys
import time
from pathlib import Path
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from benchmarks.replaying.crowd import Crowd, context_of, events_of
from models.calendar import Calendar
from models.policy import Policy
from models.replay import Replay
from schemas.alerts import Alert

_ZONE = ZoneInfo("Asia/Tokyo")
_STATUS = Path("/proc/self/status")


class Held(NamedTuple):
    """Hold what one replay of a crowd took; memory in MiB, all of it the process's."""

    crowd: Crowd
    bare_mib: float
    with_context_mib: float
    peak_mib: float
    look_ups: int
    alerts: int
    seconds: float
    cpu_s: float

    def as_json(self) -> dict[str, Any]:
        """Return the figures as a JSON object."""
        figures = {k: round(v, 1) for k, v in self._asdict().items() if k != "crowd"}
        return {**self.crowd._asdict(), **figures, "look_ups_per_s": round(self.pace)}

    @property
    def pace(self) -> float:
        """Return look-ups a second of CPU time."""
        return self.look_ups / self.cpu_s


def peak_mib() -> float:
    """Return the most memory that this process has held, its parent's not counted.

    `ru_maxrss` alone would begin at what the parent held when it started this process.
    """
    if _STATUS.exists():
        lines = _STATUS.read_text().splitlines()
        return int(next(line for line in lines if line.startswith("VmHWM")).split()[1]) / 1024
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / 2**20 if sys.platform == "darwin" else peak / 1024


def held_by(crowd: Crowd) -> Held:
    """Replay a crowd and say what it held; to be called in a new process."""
    bare = peak_mib()
    context = context_of(crowd)
    gc.collect()
    with_context = peak_mib()
    alerts: list[int] = []

    def count(alert: Alert) -> None:
        alerts.append(alert.revision)

    replay = Replay(context, Policy(), Calendar(_ZONE), count)
    began_s, began_cpu_s = time.perf_counter(), time.process_time()
    counted = replay.run(events_of(crowd))
    seconds, cpu_s = time.perf_counter() - began_s, time.process_time() - began_cpu_s
    return Held(
        crowd,
        bare,
        with_context,
        peak_mib(),
        counted.look_ups,
        counted.alerts,
        seconds,
        cpu_s,
    )
