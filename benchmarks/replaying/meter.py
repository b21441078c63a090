"""A meter of many small functions' own time, which knows what it costs itself."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from time import perf_counter_ns
from typing import Any, NamedTuple

THE_REST = "the loop itself"
_CALLS = 20_000
_TRIES = 15


class Cost(NamedTuple):
    """Hold what one metered call adds, in ns: to its own time, and to its caller's."""

    inside: float
    outside: float


class Cell:
    """Add up one part's own time, its calls, and the metered calls that it makes.

    `whole`: what it calls is its own time too.
    """

    def __init__(self, *, whole: bool = False) -> None:
        self.ns = self.calls = self.within = 0
        self.whole = whole


class Meter:
    """Split running time over parts: at each moment, the innermost metered call's part runs."""

    def __init__(self) -> None:
        self.cells: dict[str, Cell] = {THE_REST: Cell()}
        self._running = self.cells[THE_REST]
        self._since_ns = 0

    def metered(
        self, part: str, function: Callable[..., Any], *, whole: bool = False
    ) -> Callable[..., Any]:
        """Return a function that counts its time to a part; all of a `whole` part's callees too."""
        cell = self.cells.setdefault(f"{part}\0" if whole else part, Cell(whole=whole))

        def run(*args: Any, **kwargs: Any) -> Any:
            caller = self._running
            mine = self._running = caller if caller.whole else cell
            caller.within += 1
            mine.calls += 1
            now_ns = perf_counter_ns()
            caller.ns += now_ns - self._since_ns
            self._since_ns = now_ns
            try:
                return function(*args, **kwargs)
            finally:
                now_ns = perf_counter_ns()
                mine.ns += now_ns - self._since_ns
                self._since_ns = now_ns
                self._running = caller

        return run

    @contextmanager
    def running(self) -> Iterator[None]:
        """Meter from here to the end of the block."""
        self._since_ns = perf_counter_ns()
        yield
        self._running.ns += perf_counter_ns() - self._since_ns

    def own_ns(self, cost: Cost, on_core: float) -> dict[str, float]:
        """Return each part's CPU time without what the metering added to it.

        `on_core` is the share of the time in which the process had a core: it is taken to have
        waited in all parts alike.
        """
        parts: dict[str, float] = {}
        for key, cell in self.cells.items():
            metering_ns = cell.calls * cost.inside + cell.within * cost.outside
            part = key.rstrip("\0")
            parts[part] = parts.get(part, 0.0) + max(0.0, cell.ns * on_core - metering_ns)
        return parts


class _Empty:
    def method(self, _given: int) -> None:
        """Do nothing, as a metered method would."""


def cost_of_metering() -> Cost:
    """Return what a metered call adds, by one that does nothing: the least of several tries.

    A call that is not metered counts to the called: what an empty one takes beyond its loop.
    """
    tries = [_tried() for _ in range(_TRIES)]
    return Cost(min(cost.inside for cost in tries), min(cost.outside for cost in tries))


def _tried() -> Cost:
    meter = Meter()
    bare, loop = _loop_ns(_Empty()) / _CALLS, _bare_loop_ns() / _CALLS
    timed = type("_Timed", (_Empty,), {"method": meter.metered("empty", _Empty.method)})()
    with meter.running():
        _loop_ns(timed)
    inside, outside = meter.cells["empty"].ns / _CALLS, meter.cells[THE_REST].ns / _CALLS
    return Cost(inside - max(0.0, bare - loop), outside - loop)


def _loop_ns(empty: _Empty) -> int:
    began_ns = perf_counter_ns()
    for number in range(_CALLS):
        empty.method(number)
    return perf_counter_ns() - began_ns


def _bare_loop_ns() -> int:
    began_ns = perf_counter_ns()
    for _ in range(_CALLS):
        pass
    return perf_counter_ns() - began_ns
