"""The benchmark `detection`: its options, its runs, its tables."""

from __future__ import annotations

import json
from collections.abc import Sequence
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from schemas.errors import MonomiError

if TYPE_CHECKING:
    from benchmarks.detection.runs import Measured, Run
    from benchmarks.detection.wards import Size

# The held-out ward needs that much for its first insiders.
_FEWEST_DAYS, _FEWEST_OPERATORS, _FEWEST_RESIDENTS = 60, 16, 1000


class Wards(StrEnum):
    """Name which makings of wards to run."""

    own = "own"
    harbour = "harbour"
    plain = "plain"
    hill = "hill"
    valley = "valley"
    island = "island"
    shown = "shown"


def detection(
    seeds: Annotated[int, typer.Option(min=1, max=1000, help="Wards of each making: 1 to N")] = 5,
    ward: Annotated[
        Wards,
        typer.Option(help="own: Monomi's simulator; valley, island: held out; shown: these three"),
    ] = Wards.shown,
    leave_one_out: Annotated[
        bool, typer.Option("--leave-one-out", help="Also Monomi with each detector switched off")
    ] = False,
    weights: Annotated[
        Path | None,
        typer.Option(exists=True, dir_okay=False, help="Monomi by other weights (see weigh)"),
    ] = None,
    jobs: Annotated[int, typer.Option(min=1, max=64, help="Processes at a time")] = 2,
    days: Annotated[int, typer.Option(min=_FEWEST_DAYS, max=3660)] = 200,
    operators: Annotated[int, typer.Option(min=_FEWEST_OPERATORS, max=2000)] = 70,
    residents: Annotated[int, typer.Option(min=_FEWEST_RESIDENTS, max=500_000)] = 12_000,
    cache: Annotated[Path, typer.Option(help="Where simulated wards are kept")] = Path(
        "out/benchmarks"
    ),
    json_file: Annotated[
        Path | None, typer.Option("--json", dir_okay=False, help="Write every run's figures here")
    ] = None,
    markdown: Annotated[
        bool, typer.Option("--markdown", help="Print the tables as Markdown")
    ] = False,
) -> None:
    """Say what Monomi, fixed thresholds and plain half-space trees find, on the same wards.

    Prints what is found at one alert a supervisor and week and at 1, 2 and 5 a day, then a
    row for each kind of insider, then what each detector is worth (--leave-one-out).
    """
    from benchmarks.detection.pool import run_all
    from benchmarks.detection.sheets import sheets_of
    from benchmarks.detection.wards import Size
    from benchmarks.sheet import print_sheets

    if json_file is not None:  # now, not after an hour's work
        json_file.resolve().parent.mkdir(parents=True, exist_ok=True)
    size = Size(days, operators, residents)
    results = run_all(_runs(seeds, ward, size, leave_one_out, weights), cache, jobs)
    if json_file is not None:
        _write(json_file, results)
    print_sheets(sheets_of(results), markdown)


def _runs(
    seeds: int, ward: Wards, size: Size, leave_one_out: bool, weights: Path | None
) -> list[Run]:
    from benchmarks.detection.runs import METHODS, MONOMI, Run
    from benchmarks.detection.wards import HELD_OUT, MAKINGS, AskedWard

    runs = []
    asked_for = ("own", *HELD_OUT) if ward is Wards.shown else (ward.value,)
    for making in MAKINGS:
        if making in asked_for:
            for seed in range(1, seeds + 1):
                asked = AskedWard(making, seed, size)
                runs += [Run(asked, method, weights=weights) for method in METHODS]
                if leave_one_out:
                    runs += [Run(asked, MONOMI, name, weights) for name in _detectors()]
    return runs


def _detectors() -> list[str]:
    from models.detectors import DETECTORS

    return [detector.name for detector in DETECTORS]


def _write(path: Path, results: Sequence[Measured]) -> None:
    try:
        path.write_text(json.dumps({"runs": [r.as_json() for r in results]}) + "\n")
    except OSError as error:
        reason = error.strerror or str(error)
        raise MonomiError("file_not_writable", f"{path}: cannot be written: {reason}") from None
