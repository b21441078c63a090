"""The verb `monomi produce`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from monomi.sending import (
    chosen_sources,
    raise_if_too_long,
    ready_topics,
    shown_progress,
    stopped_by_signals,
)

if TYPE_CHECKING:
    from streams.producer import Pace, Produced


def produce(
    files: Annotated[
        list[Path],
        typer.Argument(
            help="Files named for their topic (access.queries.jsonl.gz …), or folders of them: "
            "a simulated ward, a context folder."
        ),
    ],
    speed: Annotated[
        float | None,
        typer.Option(help="How many times as fast as it happened.", show_default="1"),
    ] = None,
    as_fast_as_possible: Annotated[
        bool, typer.Option("--as-fast-as-possible", help="Keep no pace at all.")
    ] = False,
    topic: Annotated[
        str | None, typer.Option(help="The topic of files that are not named for theirs.")
    ] = None,
    json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
    progress: Annotated[
        bool | None,
        typer.Option(help="Show how far it is.", show_default="where a person watches"),
    ] = None,
) -> None:
    """Send files to Kafka: context at once, then all events at one pace by event time."""
    from streams.outgoing import count_lines
    from streams.producer import produce as send

    pace = _pace(speed, as_fast_as_possible)
    sources = chosen_sources(files, topic)
    total = count_lines(sources)
    settings = ready_topics()
    with stopped_by_signals() as stop, shown_progress(progress, total) as on_progress:
        done = send(
            sources,
            settings.bootstrap,
            settings.topic_prefix,
            pace=pace,
            on_progress=on_progress,
            stop=stop,
            delivery_timeout_s=settings.delivery_timeout_s,
        )
    typer.echo(_as_json(done) if json else _in_words(done))
    _raise_if_incomplete(done)


def _pace(speed: float | None, as_fast_as_possible: bool) -> Pace | None:
    from streams.producer import same_speed

    if as_fast_as_possible:
        if speed is not None:
            raise typer.BadParameter("give --speed or --as-fast-as-possible, not both")
        return None
    if speed is not None and not 0 < speed < float("inf"):
        raise typer.BadParameter("a speed above 0, please", param_hint="--speed")
    return same_speed(1.0 if speed is None else speed)


def _as_json(done: Produced) -> str:
    import json

    sent = done.records.total()
    return json.dumps(
        {
            "records": dict(done.records),
            "keyless": done.keyless,
            "too_long": len(done.too_long),
            "seconds": round(done.seconds, 3),
            "records_per_s": round(sent / done.seconds, 1) if done.seconds else 0.0,
        }
    )


def _in_words(done: Produced) -> str:
    sent = done.records.total()
    rate = sent / done.seconds if done.seconds else 0.0
    lines = [f"{topic:<22}{count:>12,}" for topic, count in done.records.items()]
    lines.append(f"{sent:,} records in {done.seconds:.1f} s ({rate:,.0f}/s)")
    if done.keyless:
        lines.append(
            f"{done.keyless:,} of them had no JSON or no key: sent as they stand, for the monitor "
            "to refuse"
        )
    return "\n".join(lines)


def _raise_if_incomplete(done: Produced) -> None:
    from schemas.errors import MonomiError

    if done.stopped:
        reached = ", ".join(f"{name} after line {line}" for name, line in done.reached.items())
        raise MonomiError(
            "stopped", f"stopped in {reached or 'nothing yet'}; Kafka has all that was sent"
        )
    raise_if_too_long(done)
