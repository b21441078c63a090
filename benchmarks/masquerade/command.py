"""The benchmark `masquerade`: its options, its runs, its table."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from benchmarks.masquerade.replayed import Timing
from schemas.errors import MonomiError

if TYPE_CHECKING:
    from benchmarks.masquerade.figures import Figures
    from benchmarks.masquerade.log import Size

TIMINGS: Mapping[str, Timing] = {
    "minute": Timing(60.0),
    "ten_seconds": Timing(10.0),
    "20_days": Timing(115.2),
    "200_days": Timing(1152.0),
    "in_turn": Timing(60.0, in_turn=True),
}
"""How commands may lie in time: 15,000 a minute apart are ten days."""


def masquerade(
    seeds: Annotated[int, typer.Option(min=1, max=100, help="Logs: 1 to N")] = 3,
    timing: Annotated[
        list[str] | None, typer.Option(help=f"Any of {', '.join(TIMINGS)}; all where none is named")
    ] = None,
    operators: Annotated[int, typer.Option(min=2, max=500, help="Operators of a log")] = 50,
    blocks: Annotated[
        int, typer.Option(min=6, max=1000, help="Each one's blocks of 100, a third of them clean")
    ] = 150,
    json_file: Annotated[
        Path | None, typer.Option("--json", dir_okay=False, help="Write every run's figures here")
    ] = None,
) -> None:
    """Say what Monomi finds of people who sit under somebody else's account, and what a ratio.

    The logs imitate the public one of Schonlau et al.; the ratio is told the blocks and that
    the first third is clean, Monomi neither. Prints a line a run.
    """
    from benchmarks.masquerade.log import Size

    for name in timing or ():
        if name not in TIMINGS:
            raise MonomiError("timing_unknown", f"{name}: no timing; use {', '.join(TIMINGS)}")
    if json_file is not None:  # now, not after an hour's work
        json_file.resolve().parent.mkdir(parents=True, exist_ok=True)
    size = Size(operators, max(1, operators * 2 // 5), blocks // 3, blocks)
    runs: list[dict[str, Any]] = []
    for seed in range(1, seeds + 1):
        for name, figures in _measured(seed, size, timing or list(TIMINGS)):
            runs.append({"seed": seed, "method": name, **figures._asdict()})
            typer.echo(f"seed {seed}  {name:24} AUC {figures.auc:.3f}  found {figures.found:.0%}")
    if json_file is not None:
        _write(json_file, runs)


def _measured(seed: int, size: Size, timings: list[str]) -> Iterator[tuple[str, Figures]]:
    from benchmarks.masquerade.figures import figures_of
    from benchmarks.masquerade.log import make_log
    from benchmarks.masquerade.people import Nature
    from benchmarks.masquerade.references import reference_scores
    from benchmarks.masquerade.replayed import block_scores

    lines = make_log(seed, size, Nature())
    masked = [block for line in lines for block in line.masked[size.clean_blocks :]]
    for gated in (True, False):
        scores = reference_scores(lines, size, gated=gated)
        yield f"ratio, {'gated' if gated else 'ungated'}", figures_of(scores, masked)
    for name in timings:
        scores = block_scores(lines, size, TIMINGS[name])
        yield f"monomi, {name}", figures_of(scores, masked)


def _write(path: Path, runs: list[dict[str, Any]]) -> None:
    try:
        path.write_text(json.dumps({"runs": runs}) + "\n")
    except OSError as error:
        reason = error.strerror or str(error)
        raise MonomiError("file_not_writable", f"{path}: cannot be written: {reason}") from None
