"""Spread wards and runs over processes, and show how far they are."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from multiprocessing import get_context
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from benchmarks.detection.runs import Measured, Run, measure
from benchmarks.detection.wards import AskedWard, make_ward, ward_folder
from schemas.errors import MonomiError

_Done = Measured | AskedWard | tuple[str, str]
"""What a process sends back; two texts are a MonomiError, which does not travel itself."""


def run_all(runs: Sequence[Run], cache: Path, jobs: int) -> list[Measured]:
    """Make the wards, then run all; returns results in the order of the runs.

    Raises the first MonomiError of any process, and `process_died` where one was killed.
    """
    waiting: dict[AskedWard, list[Run]] = {}
    for run in runs:
        waiting.setdefault(run.ward, []).append(run)
    # Named once: a simulator that is edited meanwhile must not split a ward in two.
    folders = {ward: ward_folder(cache, ward) for ward in waiting}
    done: dict[Run, Measured] = {}
    # Spawned: a process that is forked while the bar's thread runs may inherit its lock.
    pool = ProcessPoolExecutor(jobs, mp_context=get_context("spawn"))
    try:
        with _bar() as bar:
            task = bar.add_task("", total=len(waiting) + len(runs))
            pending: set[Future[_Done]] = {
                pool.submit(_make, folder, ward) for ward, folder in folders.items()
            }
            while pending:
                finished, pending = wait(pending, return_when=FIRST_COMPLETED)
                for future in finished:
                    match future.result():
                        case Measured() as measured:
                            done[measured.run] = measured
                            bar.console.print(_line(measured), highlight=False)
                        case AskedWard() as ward:
                            folder = folders[ward]
                            pending |= {pool.submit(_run, folder, run) for run in waiting[ward]}
                        case (str(code), str(sentence)):
                            raise MonomiError(code, sentence)
                    bar.advance(task)
    except BrokenProcessPool:
        raise MonomiError(
            "process_died", "A process was killed, perhaps for want of memory: try --jobs 1."
        ) from None
    finally:
        pool.shutdown(wait=True, cancel_futures=True)
    return [done[run] for run in runs]


def _make(folder: Path, ward: AskedWard) -> _Done:
    try:
        make_ward(folder, ward)
    except MonomiError as error:
        return error.code, error.sentence
    return ward


def _run(folder: Path, run: Run) -> _Done:
    try:
        return measure(folder, run)
    except MonomiError as error:
        return error.code, error.sentence


def _bar() -> Progress:
    columns = (BarColumn(), MofNCompleteColumn(), TextColumn("wards and runs"), TimeElapsedColumn())
    return Progress(*columns, console=Console(stderr=True), transient=True)


def _line(measured: Measured) -> str:
    recalls = ", ".join(
        f"{at.recall:.0%} at {budget:g}"
        for budget, at in measured.budgets.items()
        if at.recall is not None
    )
    return f"{measured.run}: recall {recalls or 'of nothing'} ({measured.seconds:.0f} s)"
