"""The load of a soak: a ward's look-ups in one file, sent at an even pace while faults happen."""

from __future__ import annotations

import gzip
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import NamedTuple

from benchmarks.streaming.load import even_pace
from schemas.access import AccessQuery
from schemas.lines import read_records
from simulation import WardPlan, simulate_ward, write_ward
from streams.outgoing import find_sources
from streams.producer import produce

_QUERIES = "access.queries.jsonl.gz"
_OPERATORS = 60
_LOOK_UPS_A_DAY = 30.0
_WORKED = 0.5
"""Of all days and staff, at least so many work: weekends, holidays and leave are the rest."""
_PATIENCE_S = 300.0
"""A producer waits so long for a broker that is away."""


class Load(NamedTuple):
    """Hold the folder of a ward cut to the look-ups of a soak, and their times in order."""

    folder: Path
    times_s: list[float]

    @property
    def look_ups(self) -> Path:
        """Return the file of the look-ups."""
        return self.folder / _QUERIES

    @property
    def context(self) -> Path:
        """Return the folder of the context."""
        return self.folder / "context"


def make_load(folder: Path, look_ups: int, seed: int) -> Load:
    """Write a ward with so many look-ups and its context, and without presence records.

    Sign-ins come in topics of their own, and live a look-up does not wait for one that is not
    yet in Kafka: what replay then makes of both is another question than whether any is lost.
    """
    days = max(14, round(look_ups / (_OPERATORS * _LOOK_UPS_A_DAY * _WORKED)))
    plan = WardPlan(
        seed, days=days, operators=_OPERATORS, residents=5000, lookups_per_day=_LOOK_UPS_A_DAY,
        untidy=False,
    )  # fmt: skip
    write_ward(simulate_ward(plan), folder)
    for presence in folder.glob("presence.*"):
        presence.unlink()
    path = folder / _QUERIES
    with gzip.open(path) as lines:
        kept = [line for line, _ in zip(lines, range(look_ups), strict=False)]
    with gzip.open(path, "wb", compresslevel=1) as file:
        file.writelines(kept)
    return Load(folder, [event.at_s for event in read_records(path, AccessQuery)])


class Producing:
    """Send a load in the background."""

    def __init__(self, load: Load, bootstrap: str, prefix: str, rate: float) -> None:
        self.sent = 0
        self._pool = ThreadPoolExecutor(1, thread_name_prefix="load")
        self._produced = self._pool.submit(
            produce,
            find_sources([load.folder]),
            bootstrap,
            prefix,
            pace=even_pace(load.times_s, rate),
            on_progress=self._note,
            delivery_timeout_s=_PATIENCE_S,
        )

    def _note(self, records: int, _: float | None) -> None:
        self.sent = records

    @property
    def ended(self) -> bool:
        """Return whether all is sent, or something stood in its way."""
        return self._produced.done()

    def wait(self) -> int:
        """Return how many look-ups were sent, once all are; raises what stood in the way."""
        with self._pool:
            return self._produced.result().records["access.queries"]
