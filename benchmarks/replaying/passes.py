"""One pass over a ward's files, timed: Monomi's whole replay, or a plain forest alone."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager, nullcontext
from multiprocessing import get_context
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple, TypeVar
from zoneinfo import ZoneInfo

from river.anomaly import HalfSpaceTrees

from benchmarks.detection.facts import facts_of
from benchmarks.detection.half_space import SimpleFeatures
from benchmarks.detection.runs import ward_files
from benchmarks.replaying.memory import peak_mib
from benchmarks.replaying.meter import Meter, cost_of_metering
from benchmarks.replaying.parts import READING, metered_by
from models.calendar import Calendar
from models.context import Context
from models.lasting import loading_for_good
from models.policy import Policy
from models.recordings import EventFiles
from models.replay import Replay
from schemas.errors import MonomiError
from schemas.events import LookUpEvent

_ZONE = ZoneInfo("Asia/Tokyo")
_Result = TypeVar("_Result")


class Pass(NamedTuple):
    """Hold one pass: what it took from the first byte read to the last line written.

    `context_s` is the CPU time of loading the context before that; `parts` the own ns of each
    part, where they were metered.
    """

    look_ups: int
    wall_s: float
    cpu_s: float
    context_s: float
    peak_mib: float
    parts: dict[str, float]


class _Clock:
    """Time a block by wall and by this process's CPU."""

    wall_s = 0.0
    cpu_s = 0.0

    @contextmanager
    def running(self) -> Iterator[None]:
        """Time the block."""
        began_s, began_cpu_s = time.perf_counter(), time.process_time()
        yield
        self.wall_s = time.perf_counter() - began_s
        self.cpu_s = time.process_time() - began_cpu_s


def in_new_process(function: Callable[..., _Result], *given: Any) -> _Result:
    """Return what a function returns in a process of its own: no cache of another pass is warm."""
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        done = pool.submit(_told, function, *given).result()
    if isinstance(done, _Failed):
        raise MonomiError(done.code, done.sentence)
    return done


class _Failed(NamedTuple):
    code: str
    sentence: str


def _told(function: Callable[..., _Result], *given: Any) -> _Result | _Failed:
    try:
        return function(*given)
    except MonomiError as error:  # which does not travel itself
        return _Failed(error.code, error.sentence)


def monomi_pass(folder: Path) -> Pass:
    """Replay a ward as `monomi replay --scores` does."""
    return _replayed(folder, None)


def metered_pass(folder: Path) -> Pass:
    """Replay a ward with a meter on every part."""
    return _replayed(folder, Meter())


def _replayed(folder: Path, meter: Meter | None) -> Pass:
    loading, clock = _Clock(), _Clock()
    with loading.running(), loading_for_good():  # as the verb does
        context, events = ward_files(folder)
    cost = None if meter is None else cost_of_metering()
    metering = metered_by(meter) if meter else nullcontext()
    running = meter.running() if meter else nullcontext()
    with metering, clock.running(), running:
        look_ups = _run(context, events, meter)
    parts: dict[str, float] = {}
    if meter is not None and cost is not None:
        parts = meter.own_ns(cost, min(1.0, clock.cpu_s / clock.wall_s))
    return Pass(look_ups, clock.wall_s, clock.cpu_s, loading.cpu_s, peak_mib(), parts)


def _run(context: Context, events: EventFiles, meter: Meter | None) -> int:
    """Run the replay and write what it says; return how many look-ups it judged."""
    with (
        TemporaryDirectory() as folder,
        (Path(folder) / "alerts.jsonl").open("wb") as alerts,
        (Path(folder) / "scores.jsonl").open("wb") as scores,
    ):
        replay = Replay(
            context,
            Policy(),
            Calendar(_ZONE),
            lambda alert: _write(alerts.write, alert.to_json(exclude={"detected_at"})),
            lambda line: _write(scores.write, line.to_json()),
        )
        records = iter(events)
        if meter is not None:  # ended by the StopIteration of the reader
            records = iter(meter.metered(READING, records.__next__), None)
        return replay.run(records).look_ups


def _write(write: Callable[[bytes], int], line: bytes) -> None:
    write(line + b"\n")


def forest_pass(folder: Path) -> Pass:
    """Read the same files and let River's plain half-space trees score and learn each look-up.

    The features are made before the clock starts: the forest stands alone.
    """
    loading, clock = _Clock(), _Clock()
    with loading.running():
        context, events = ward_files(folder)
    features = SimpleFeatures()
    rows = [features.of(fact) for fact in facts_of(events, context, Calendar(_ZONE))]
    forest, place = HalfSpaceTrees(seed=1), 0
    with clock.running():
        for _, event in events:
            if isinstance(event, LookUpEvent):
                forest.score_one(rows[place])
                forest.learn_one(rows[place])
                place += 1
    return Pass(place, clock.wall_s, clock.cpu_s, loading.cpu_s, peak_mib(), {})
