"""What `monomi produce` and `monomi backfill` share: which files, ready topics, a bar, an end."""

from __future__ import annotations

from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import typer

if TYPE_CHECKING:
    import threading
    from collections.abc import Iterator

    from streams.outgoing import Source
    from streams.producer import Produced, ProducerSettings, Progress


def chosen_sources(files: list[Path], topic: str | None) -> list[Source]:
    """Return the files to send; raises as `find_sources` does, BadParameter for a topic."""
    from schemas.errors import MonomiError
    from streams.outgoing import find_sources

    try:
        return find_sources(files, topic)
    except MonomiError as error:
        if error.code != "topic_unknown":
            raise
        raise typer.BadParameter(error.sentence) from None


def ready_topics() -> ProducerSettings:
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
def stopped_by_signals() -> Iterator[threading.Event]:
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
def shown_progress(
    wanted: bool | None, total: int | None, what: str = ""
) -> Iterator[Progress | None]:
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
        bars.TextColumn(what),
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


def raise_if_too_long(done: Produced) -> None:
    """Raise MonomiError `line_too_long` where lines were not sent for their length."""
    from schemas.errors import MonomiError

    if done.too_long:
        raise MonomiError(
            "line_too_long",
            f"{len(done.too_long)} lines are longer than Kafka takes and were not sent, the "
            f"first is {done.too_long[0]}",
        )
