"""The benchmark `replay`: its options, its passes, its tables."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from schemas.errors import MonomiError

if TYPE_CHECKING:
    from benchmarks.detection.wards import Size
    from benchmarks.replaying.sheets import Paces

_DAYS, _FEWEST_DAYS, _FEWEST_OPERATORS = 200, 60, 16
_LOOK_UPS_AN_OPERATOR_DAY = 18.36
_RESIDENTS_AN_OPERATOR = 171


def replay(
    look_ups: Annotated[
        int, typer.Option(min=1000, max=5_000_000, help="About so many in the simulated ward")
    ] = 200_000,
    rounds: Annotated[int, typer.Option(min=1, max=99, help="Passes of each; medians count")] = 3,
    memory: Annotated[
        bool, typer.Option("--memory", help="Measure the memory of many pairs instead")
    ] = False,
    pairs: Annotated[int, typer.Option(min=1000, max=100_000_000)] = 5_000_000,
    operators: Annotated[int, typer.Option(min=2, max=100_000)] = 2000,
    residents: Annotated[int, typer.Option(min=100, max=10_000_000)] = 500_000,
    whole_context: Annotated[
        bool,
        typer.Option("--whole-context", help="Cases and shifts as the simulator's wards have"),
    ] = False,
    cache: Annotated[Path, typer.Option(help="Where simulated wards are kept")] = Path(
        "out/benchmarks"
    ),
    json_file: Annotated[
        Path | None, typer.Option("--json", dir_okay=False, help="Write all figures here")
    ] = None,
    markdown: Annotated[
        bool, typer.Option("--markdown", help="Print the tables as Markdown")
    ] = False,
) -> None:
    """Say how fast replay is beside plain half-space trees, where its time goes, what it holds.

    Each pass is a process of its own, in turn: Monomi, half-space trees, Monomi metered. The
    time of one is user and system CPU; the meter's cost is measured, subtracted and the parts
    scaled to the replay without a meter. --pairs, --operators, --residents are --memory's.
    """
    from benchmarks.replaying.crowd import Crowd
    from benchmarks.replaying.memory import held_by
    from benchmarks.replaying.passes import in_new_process
    from benchmarks.replaying.sheets import memory_sheet, pace_sheet, parts_sheet
    from benchmarks.sheet import print_sheets

    if json_file is not None:  # now, not after an hour's work
        json_file.resolve().parent.mkdir(parents=True, exist_ok=True)
    if memory:
        crowd = Crowd(operators, pairs, residents, whole_context)
        held = in_new_process(held_by, crowd)
        figures, sheets = held.as_json(), [memory_sheet(held)]
    else:
        paces = _paces(_size(look_ups), rounds, cache)
        figures, sheets = paces.as_json(), [pace_sheet(paces), parts_sheet(paces)]
    if json_file is not None:
        _write(json_file, figures)
    print_sheets(sheets, markdown)


def _size(look_ups: int) -> Size:
    """Return the size of a ward with about so many look-ups."""
    from benchmarks.detection.wards import Size

    a_day = look_ups / _LOOK_UPS_AN_OPERATOR_DAY
    operators = min(2000, max(_FEWEST_OPERATORS, round(a_day / _DAYS)))
    days = min(3660, max(_FEWEST_DAYS, round(a_day / operators)))
    return Size(days, operators, _RESIDENTS_AN_OPERATOR * operators)


def _paces(size: Size, rounds: int, cache: Path) -> Paces:
    from benchmarks.detection.wards import AskedWard, make_ward, ward_folder
    from benchmarks.replaying.passes import (
        forest_pass,
        in_new_process,
        metered_pass,
        monomi_pass,
    )
    from benchmarks.replaying.sheets import Paces

    ward = AskedWard("own", 1, size)
    folder = ward_folder(cache, ward)
    make_ward(folder, ward)
    monomi, forest, metered = [], [], []
    for number in range(1, rounds + 1):
        monomi.append(in_new_process(monomi_pass, folder))
        forest.append(in_new_process(forest_pass, folder))
        metered.append(in_new_process(metered_pass, folder))
        took = f"Monomi {monomi[-1].cpu_s:.1f} s, half-space trees {forest[-1].cpu_s:.1f} s"
        typer.echo(f"round {number} of {rounds}: {took}", err=True)
    return Paces(monomi, forest, metered)


def _write(path: Path, figures: dict[str, Any]) -> None:
    try:
        path.write_text(json.dumps(figures) + "\n")
    except OSError as error:
        reason = error.strerror or str(error)
        raise MonomiError("file_not_writable", f"{path}: cannot be written: {reason}") from None
