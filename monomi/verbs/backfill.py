"""`monomi backfill`: years of existing logs into state."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Callable
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
    from streams.producer import Produced, ProducerSettings

_LOOK_EVERY_S = 1.0
_NOBODY_AFTER_S = 30.0


def backfill(
    files: Annotated[
        list[Path],
        typer.Argument(
            help="Logs named for their topic (access.queries.jsonl.gz …), or folders of them, "
            "a context folder among them."
        ),
    ],
    wait: Annotated[
        bool, typer.Option(help="Wait until the workers have applied all that is sent.")
    ] = True,
    json: Annotated[bool, typer.Option("--json", help="End with one JSON object.")] = False,
    progress: Annotated[
        bool | None,
        typer.Option(help="Show how far it is.", show_default="where a person watches"),
    ] = None,
) -> None:
    """Send years of existing logs to the workers at full speed, before the first live look-up.

    Workers learn from them as from live ones; alerts on look-ups older than 7 days are stored
    as historic and never delivered. Broken off (Ctrl-C, a crash, Kafka away), the same command
    goes on where it was: its bookmark lies in MONOMI_DATA_DIR.
    """
    from streams.backfill import Bookmark, refuse_what_is_past
    from streams.outgoing import BACKFILLED, count_lines
    from streams.producer import produce

    sources = chosen_sources(files, None)
    total = count_lines(sources)
    settings = ready_topics()
    place = settings.bootstrap, settings.topic_prefix
    bookmark = Bookmark(settings.data_dir / "backfill", sources, *place)
    before = sum(bookmark.reached.values())
    if before:
        typer.echo(f"going on after {before:,} lines that Kafka has already", err=True)
    asyncio.run(refuse_what_is_past(*place, sources, bookmark.reached, settings.zone))
    left = None if total is None else total - before
    with stopped_by_signals() as stop:
        with shown_progress(progress, left, "sent") as on_progress:
            done = produce(
                sources,
                *place,
                on_progress=on_progress,
                stop=stop,
                delivery_timeout_s=settings.delivery_timeout_s,
                reached=dict(bookmark.reached),
                on_kept=bookmark.keep,
                headers=[(BACKFILLED, b"1")],
            )
        applied = wait and not stop.is_set() and _followed(settings, stop, progress)
    _tell(done, before, applied, as_json=json)
    _raise_if_broken_off(done, wait=wait, applied=applied)


def _followed(settings: ProducerSettings, stop: threading.Event, progress: bool | None) -> bool:
    """Wait until the workers have applied all; False where told to stop before."""
    from streams.backfill import Follower

    follower = Follower(settings.bootstrap, settings.topic_prefix, f"{settings.topic_prefix}monomi")
    try:
        first = follower.left()
        with shown_progress(progress, first, "applied") as on_progress:
            return _watched(follower.left, first, stop, on_progress)
    finally:
        follower.close()


def _watched(
    left_now: Callable[[], int],
    first: int,
    stop: threading.Event,
    on_progress: Callable[[int, float | None], None] | None,
) -> bool:
    moved_s, least, told = time.monotonic(), first, False
    while (left := left_now()) > 0:
        if on_progress is not None:
            on_progress(first - left, None)
        if left < least:
            moved_s, least = time.monotonic(), left
        elif not told and time.monotonic() - moved_s > _NOBODY_AFTER_S:
            told = True
            typer.echo("no worker takes them: start `monomi worker`", err=True)
        if stop.wait(_LOOK_EVERY_S):
            return False
    if on_progress is not None:
        on_progress(first, None)
    return True


def _tell(done: Produced, before: int, applied: bool, *, as_json: bool) -> None:
    import json

    sent = done.records.total()
    if as_json:
        figures = {
            "records": dict(done.records),
            "sent_before": before,
            "keyless": done.keyless,
            "too_long": len(done.too_long),
            "seconds": round(done.seconds, 3),
            "applied": applied,
        }
        typer.echo(json.dumps(figures))
        return
    typer.echo(f"{sent:,} records sent in {done.seconds:.1f} s, {before:,} lines before that")
    if applied:
        typer.echo("all of them are applied")


def _raise_if_broken_off(done: Produced, *, wait: bool, applied: bool) -> None:
    from schemas.errors import MonomiError

    if done.stopped:
        raise MonomiError("stopped", "broken off; the same command goes on from here")
    raise_if_too_long(done)
    if wait and not applied:
        raise MonomiError("stopped", "all is in Kafka, and the workers go on without this command")
