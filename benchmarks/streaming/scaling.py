"""The benchmark `scaling`: a look-up's cost as pairs, operators and workers grow."""

from __future__ import annotations

import json
import time
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from benchmarks.streaming.contenders import Pace
    from benchmarks.streaming.ground import Ground
    from benchmarks.streaming.load import Load

_OPERATORS_OF_PAIRS = 10_000
_LOOK_UPS = 80_000
_STRIDE = 0.25
_AT_MOST_S = 300.0

Curve = dict[int, "Pace"]


def scaling(
    pairs: Annotated[list[int], typer.Option(min=1000, max=100_000_000)] = [  # noqa: B006
        100_000,
        1_000_000,
        10_000_000,
    ],
    operators: Annotated[list[int], typer.Option(min=10, max=1_000_000)] = [  # noqa: B006
        100,
        1_000,
        10_000,
        100_000,
    ],
    workers: Annotated[list[int], typer.Option(min=1, max=16)] = [1, 2, 3],  # noqa: B006
    look_ups: Annotated[int, typer.Option(min=20_000, max=5_000_000)] = _LOOK_UPS,
    cache: Annotated[Path, typer.Option(help="Where simulated wards are kept")] = Path(
        "out/benchmarks"
    ),
    chart: Annotated[
        Path | None, typer.Option(dir_okay=False, help="Draw the curves here (SVG)")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="End with one JSON object")] = False,
    markdown: Annotated[bool, typer.Option("--markdown", help="The tables as Markdown")] = False,
) -> None:
    """Say what a look-up costs as the pairs remembered, the operators and the workers grow.

    Pairs lie in the changelog before the worker starts. Look-ups of many operators go round
    them all, the worst there is for whatever is kept by operator. Workers share the cores of
    this machine with each other and with the broker.
    """
    from benchmarks.sheet import print_sheets
    from benchmarks.streaming.charts import draw_curves
    from benchmarks.streaming.ground import fresh_ground
    from benchmarks.streaming.load import loads_of
    from benchmarks.streaming.sheets import scaling_sheet

    (load,) = loads_of(cache, look_ups)
    curves: dict[str, Curve] = {"pairs": {}, "operators": {}, "workers": {}}
    for number in pairs:
        with fresh_ground() as ground:
            curves["pairs"][number] = _with_pairs(ground, load, number)
        _say("pairs", number, curves["pairs"][number])
    for number in operators:
        with fresh_ground() as ground:
            curves["operators"][number] = _with_operators(ground, number, look_ups)
        _say("operators", number, curves["operators"][number])
    for number in workers:
        with fresh_ground() as ground:
            curves["workers"][number] = _with_workers(ground, load, number)
        _say("workers", number, curves["workers"][number])
    print_sheets([scaling_sheet(name, curve) for name, curve in curves.items()], markdown)
    if chart is not None:
        draw_curves(curves, chart)
    if as_json:
        told = {
            name: {str(number): round(pace.per_s) for number, pace in curve.items()}
            for name, curve in curves.items()
        }
        typer.echo(json.dumps(told))


def _say(name: str, number: int, pace: Pace) -> None:
    typer.echo(f"{number:,} {name}: {pace.per_s:,.0f} look-ups/s", err=True)


def _with_pairs(ground: Ground, load: Load, pairs: int) -> Pace:
    from benchmarks.streaming.ground import PARTITIONS
    from benchmarks.streaming.state_filling import fill_changelog

    ground.make_topics()
    topic = ground.make_changelog()
    operators = min(_OPERATORS_OF_PAIRS, pairs // 10)
    fill_changelog(ground.bootstrap, topic, PARTITIONS, load, operators=operators, pairs=pairs)
    ground.fill(load)
    return _paced(ground, load, 1)


def _with_operators(ground: Ground, operators: int, look_ups: int) -> Pace:
    from benchmarks.streaming.crowd_load import crowd_load

    load = crowd_load(ground.folder / "crowd", operators, max(look_ups, 2 * operators))
    ground.fill(load)
    return _paced(ground, load, 1)


def _with_workers(ground: Ground, load: Load, workers: int) -> Pace:
    ground.fill(load)
    return _paced(ground, load, workers)


def _paced(ground: Ground, load: Load, number: int) -> Pace:
    """Return how fast some workers together work off a load, once they are in their stride."""
    from benchmarks.streaming.contenders import Pace, Worker, running

    total = len(load.times_s)
    with ExitStack() as stack:
        workers = [
            stack.enter_context(running(Worker(ground.bootstrap, "", ground.folder / n, log)))
            for n in (f"worker-{place}" for place in range(number))
            for log in (ground.folder / f"{n}.log",)
        ]
        began_s, began, deadline_s = 0.0, 0, time.monotonic() + _AT_MOST_S
        while True:
            done = sum(told.look_ups for worker in workers if (told := worker.told()))
            now_s = time.monotonic()
            if not began and done >= _STRIDE * total:
                began_s, began = now_s, done
            if done >= total or now_s > deadline_s:
                return Pace(done - began, now_s - began_s)
            for worker in workers:
                worker.fail_if_ended()
            time.sleep(0.1)
