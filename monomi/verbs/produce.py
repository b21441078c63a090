"""The verb `monomi produce`."""

from __future__ import annotations

from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    import threading
    from collections.abc import Iterator

    from streams.outgoing import Source
    from streams.producer import Pace, Produced, ProducerSettings, Progress


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
    sources = _sources(files, topic)
    total = count_lines(sources)
    settings = _ready_topics()
    with _stopped_by_signals() as stop, _shown(progress, total) as on_progress:
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


def _sources(files: list[Path], topic: str | None) -> list[Source]:
    from schemas.errors import MonomiError
    from streams.outgoing import find_sources

    try:
        return find_sources(files, topic)
    except MonomiError as error:
        if error.code != "topic_unknown":
            raise
        raise typer.BadParameter(error.sentence) from None


def _ready_topics() -> ProducerSettings:
    """Return the settings once the topics stand."""
    import asyncio
    import logging

    from streams.producer import ProducerSettings
    from streams.topics import create_topics

    for library in ("kafka", "aiokafka"):
        # What they log on their own, our one sentence says.
        logging.getLogger(library).addHandler(logging.NullHandler())
    settings = ProducerSettings()
    asyncio.run(create_topics(settings.bootstrap, settings.topic_prefix, settings.partitions))
    return settings


@contextmanager
def _stopped_by_signals() -> Iterator[threading.Event]:
    """Yield what Ctrl-C and SIGTERM set, so that nothing under way is lost; again, they kill."""
    import signal
    import threading

    stop = threading.Event()
    kinds = (signal.SIGINT, signal.SIGTERM)
    before = {kind: signal.getsignal(kind) for kind in kinds}

    def give_back() -> None:
        for kind, handler in before.items():
            signal.signal(kind, handler)

    def ask(*_: object) -> None:
        stop.set()
        give_back()

    for kind in kinds:
        signal.signal(kind, ask)
    try:
        yield stop
    finally:
        give_back()


@contextmanager
def _shown(wanted: bool | None, total: int | None) -> Iterator[Progress | None]:
    """Yield what draws the progress bar on standard error, or None where nobody watches."""
    from datetime import UTC, datetime

    from rich import progress as bars
    from rich.console import Console

    from schemas.settings import Settings

    console = Console(stderr=True)
    if wanted is False or (wanted is None and not console.is_terminal):
        yield None
        return
    zone = Settings().zone
    columns = (
        bars.BarColumn(),
        bars.MofNCompleteColumn(),
        bars.TextColumn("{task.fields[event_time]}"),
        bars.TimeElapsedColumn(),
    )
    with bars.Progress(*columns, console=console, refresh_per_second=4) as bar:
        task = bar.add_task("", total=total, event_time="")

        def draw(sent: int, event_time_s: float | None) -> None:
            shown = ""
            if event_time_s is not None:
                moment = datetime.fromtimestamp(event_time_s, UTC).astimezone(zone)
                shown = f"{moment:%Y-%m-%d %H:%M}"
            bar.update(task, completed=sent, event_time=shown)

        yield draw


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
    if done.too_long:
        raise MonomiError(
            "line_too_long",
            f"{len(done.too_long)} lines are longer than Kafka takes and were not sent, the "
            f"first is {done.too_long[0]}",
        )
