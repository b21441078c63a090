"""The benchmark `weigh`: learn the weights of `models/builtin_weights.json` again."""

from __future__ import annotations

from concurrent.futures import ProcessPoolExecutor
from functools import partial
from multiprocessing import get_context
from pathlib import Path
from typing import Annotated

import typer

_FIRST_SEED = 101
"""Other wards than those that `detection` measures on."""


def weigh(
    seeds: Annotated[int, typer.Option(min=1, max=50, help="Wards of each making")] = 2,
    out: Annotated[Path, typer.Option(dir_okay=False, help="Write the weights here")] = Path(
        "out/weights.json"
    ),
    without: Annotated[
        str, typer.Option(help="Leave one making out: own, harbour, plain or hill")
    ] = "",
    jobs: Annotated[int, typer.Option(min=1, max=64, help="Processes at a time")] = 2,
    cache: Annotated[Path, typer.Option(help="Where simulated wards are kept")] = Path(
        "out/benchmarks"
    ),
) -> None:
    """Learn what each detector's evidence weighs, on wards of four makings.

    Takes some ten minutes on two cores. The held-out making is never learned from; to see how
    weights do on a making that they have not seen, leave one out (--without) and measure with
    `detection --weights`.
    """
    import msgspec

    from benchmarks.detection.wards import TAUGHT, AskedWard, Size
    from benchmarks.weighing.lessons import lesson_of
    from models.detectors import DETECTORS
    from models.training import learn_weights

    if without and without not in TAUGHT:
        raise typer.BadParameter(f"one of {', '.join(TAUGHT)}", param_hint="--without")
    makings = [making for making in TAUGHT if making != without]
    seeded = range(_FIRST_SEED, _FIRST_SEED + seeds)
    wards = [AskedWard(making, seed, Size()) for making in makings for seed in seeded]
    lessons = []
    with ProcessPoolExecutor(jobs, mp_context=get_context("spawn")) as pool:
        for ward, lesson in zip(wards, pool.map(partial(lesson_of, cache), wards), strict=True):
            typer.echo(f"{ward.making} {ward.seed}: {len(lesson.case):,} judgements", err=True)
            lessons.append(lesson)
    learned_on = f"{', '.join(makings)}; seeds {seeded[0]} to {seeded[-1]}"
    names = [detector.name for detector in DETECTORS]
    weights = learn_weights(lessons, names, "builtin-2", learned_on)
    out.parent.mkdir(parents=True, exist_ok=True)
    out.write_bytes(msgspec.json.format(msgspec.json.encode(weights), indent=1) + b"\n")
    typer.echo(f"{out}: learned on {learned_on}")
