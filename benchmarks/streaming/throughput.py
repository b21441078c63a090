"""The benchmark `throughput`: look-ups a second, beside peers on the same broker and topic."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from schemas.errors import MonomiError

if TYPE_CHECKING:
    from benchmarks.streaming.contenders import Pace
    from benchmarks.streaming.ground import Ground
    from benchmarks.streaming.load import Load

_STRIDE = 0.1
"""This share of the look-ups is not timed: imports, first fetches, the first cut."""
_SLOW_STRIDE = 2000
"""Look-ups after which the slow ones are in theirs."""
_BARE_S = 5.0
_STARTS_WITHIN_S = 120.0
_FLAME_S = 15


def throughput(
    look_ups: Annotated[int, typer.Option(min=20_000, max=5_000_000)] = 300_000,
    at_most_s: Annotated[
        float, typer.Option(min=5.0, help="A contender that is slower is timed for so long")
    ] = 60.0,
    cache: Annotated[Path, typer.Option(help="Where simulated wards are kept")] = Path(
        "out/benchmarks"
    ),
    flame: Annotated[
        Path | None,
        typer.Option(dir_okay=False, help="Draw where Monomi's worker spends its time (SVG)"),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="End with one JSON object")] = False,
    markdown: Annotated[bool, typer.Option("--markdown", help="The table as Markdown")] = False,
) -> None:
    """Say how many look-ups a second a worker applies, beside its peers doing the same.

    All read the same topic of four partitions on the same broker, one after another: Monomi's
    worker, by-the-book Faust and quixstreams with the same detectors and state, and two loops
    that only read. Context is read before the clock starts; sign-ins and doors are left out.
    """
    from benchmarks.sheet import print_sheets
    from benchmarks.streaming.ground import fresh_ground
    from benchmarks.streaming.load import loads_of
    from benchmarks.streaming.sheets import throughput_sheet

    (load,) = loads_of(cache, look_ups)
    with fresh_ground() as ground:
        typer.echo(f"{look_ups:,} look-ups into Kafka ...", err=True)
        ground.fill(load)
        paces = _paces(ground, load, at_most_s)
        if flame is not None:
            _draw(flame, ground, load)
    print_sheets([throughput_sheet(paces)], markdown)
    if as_json:
        typer.echo(json.dumps(_figures(paces)))


def _paces(ground: Ground, load: Load, at_most_s: float) -> dict[str, Pace]:
    from benchmarks.streaming.contenders import PEERS, pace_of, running, started

    all_of_it = len(load.times_s)
    first = round(_STRIDE * all_of_it)
    paces = {}
    for name in ("monomi", *PEERS):
        with running(started(name, ground, load.context)) as contender:
            begin, most_s = first, at_most_s
            if name in ("faust_by_the_book", "quixstreams"):
                begin = _SLOW_STRIDE
            elif name != "monomi":  # all is read in a second, and nobody tells of the end
                begin, most_s = 1, _BARE_S
            paces[name] = pace_of(contender, first=begin, last=all_of_it, at_most_s=most_s)
        typer.echo(f"{name}: {paces[name].per_s:,.0f} look-ups/s", err=True)
    return paces


def _draw(flame: Path, ground: Ground, load: Load) -> None:
    """Draw a flame graph of a worker amid the same backlog, after it was timed without."""
    from benchmarks.streaming.contenders import running, started, wait_until

    spy = Path(sys.executable).with_name("py-spy")
    flame.parent.mkdir(parents=True, exist_ok=True)
    with running(started("monomi", ground, load.context)) as worker:
        wait_until(worker, round(_STRIDE * len(load.times_s)), _STARTS_WITHIN_S)
        recorded = subprocess.run(
            [
                *(str(spy), "record", "--pid", str(worker.process.pid)),
                *("--rate", "200", "--duration", str(_FLAME_S), "--output", str(flame)),
            ],
            capture_output=True,
            text=True,
            check=False,
        )
    if recorded.returncode:
        raise MonomiError("flame_not_drawn", f"py-spy says: {recorded.stderr.strip()}")
    typer.echo(f"flame graph: {flame}", err=True)


def _figures(paces: dict[str, Pace]) -> dict[str, int]:
    ceiling = max(pace.per_s for name, pace in paces.items() if name.startswith("bare_"))
    named = {n: round(p.per_s) for n, p in paces.items() if not n.startswith("bare_")}
    return {**named, "ceiling": round(ceiling)}
