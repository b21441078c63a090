"""The benchmark `weigh`: learn the weights of `models/builtin_weights.json` again."""

from __future__ import annotations

from concurrent.futures import ProcessPoolExecutor
from functools import partial
from multiprocessing import get_context
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from collections.abc import Sequence

    from benchmarks.detection.wards import AskedWard
    from models.training import Lesson

_FIRST_SEED = 101
"""Other wards than those that `detection` measures on."""


def weigh(
    seeds: Annotated[int, typer.Option(min=1, max=50, help="Wards of each making")] = 4,
    out: Annotated[Path, typer.Option(dir_okay=False, help="Write the weights here")] = Path(
        "out/weights.json"
    ),
    without: Annotated[
        str, typer.Option(help="Leave one making out: own, harbour, plain or hill")
    ] = "",
    jobs: Annotated[int, typer.Option(min=1, max=64, help="Processes at a time")] = 2,
    days: Annotated[int, typer.Option(min=60, max=3660)] = 200,
    operators: Annotated[int, typer.Option(min=16, max=2000)] = 70,
    residents: Annotated[int, typer.Option(min=1000, max=500_000)] = 12_000,
    cache: Annotated[Path, typer.Option(help="Where simulated wards are kept")] = Path(
        "out/benchmarks"
    ),
) -> None:
    """Learn what each detector's evidence weighs, on wards of four makings.

    Takes some ten minutes and 6 GB on two cores. The held-out making is never learned from; to
    see how weights do on a making that they have not seen, leave one out (--without) and measure
    with `detection --ward … --weights …`.
    """
    import msgspec

    from benchmarks.detection.wards import TAUGHT, AskedWard, Size
    from models.detectors import DETECTORS
    from models.training import learn_weights

    if without and without not in TAUGHT:
        raise typer.BadParameter(f"one of {', '.join(TAUGHT)}", param_hint="--without")
    makings = [making for making in TAUGHT if making != without]
    seeded = range(_FIRST_SEED, _FIRST_SEED + seeds)
    size = Size(days, operators, residents)
    wards = [AskedWard(making, seed, size) for making in makings for seed in seeded]
    lessons = _lessons(wards, cache, jobs)
    learned_on = f"{', '.join(makings)}; seeds {seeded[0]} to {seeded[-1]}"
    names = [detector.name for detector in DETECTORS]
    weights = learn_weights(lessons, names, "builtin-4", learned_on)
    out.parent.mkdir(parents=True, exist_ok=True)
    out.write_bytes(msgspec.json.format(msgspec.json.encode(weights), indent=1) + b"\n")
    typer.echo(f"{out}: learned on {learned_on}")


def _lessons(wards: Sequence[AskedWard], cache: Path, jobs: int) -> list[Lesson]:
    """Return the lesson of each ward, in their order, and say how much each holds."""
    from benchmarks.weighing.lessons import lesson_of

    lessons = []
    with ProcessPoolExecutor(jobs, mp_context=get_context("spawn")) as pool:
        for ward, lesson in zip(wards, pool.map(partial(lesson_of, cache), wards), strict=True):
            typer.echo(f"{ward.making} {ward.seed}: {len(lesson.case):,} judgements", err=True)
            lessons.append(lesson)
    return lessons
