"""`monomi worker`: one stream worker; start more to scale out."""

from __future__ import annotations

import asyncio
import logging
from pathlib import Path
from typing import Annotated

import typer

_SELDOM_S = 30.0


class Seldom(logging.Filter):
    """Let a message of a library pass once in half a minute: it says the same 200 times."""

    def __init__(self) -> None:
        super().__init__()
        self._said_s: dict[tuple[str, str], float] = {}

    def filter(self, record: logging.LogRecord) -> bool:
        """Return whether a record is news."""
        if record.levelno < logging.WARNING or not record.name.startswith(("aiokafka", "faust")):
            return True
        what = (record.name, str(record.msg))
        if record.created - self._said_s.get(what, 0.0) < _SELDOM_S:
            return False
        self._said_s[what] = record.created
        return True


def worker(
    bootstrap: Annotated[
        str | None,
        typer.Option(help="Kafka's host:port [MONOMI_BOOTSTRAP]", show_default="127.0.0.1:9092"),
    ] = None,
    data_dir: Annotated[
        Path | None,
        typer.Option(
            help="Folder for local state, one a worker [MONOMI_DATA_DIR]", show_default="data"
        ),
    ] = None,
    policy: Annotated[
        Path | None,
        typer.Option(help="Policy file, TOML [MONOMI_POLICY]", show_default="built in"),
    ] = None,
    partitions: Annotated[
        int | None,
        typer.Option(
            min=1,
            max=1000,
            help="Of topics that are made new [MONOMI_PARTITIONS]",
            show_default="8",
        ),
    ] = None,
    metrics_port: Annotated[
        int | None,
        typer.Option(
            min=0,
            max=65_535,
            help="Port of /metrics, 0 for none [MONOMI_METRICS_PORT]",
            show_default="8601",
        ),
    ] = None,
    verbose: Annotated[bool, typer.Option("--verbose", "-v", help="Log what Faust does")] = False,
) -> None:
    """Watch the look-ups in Kafka and raise alerts, until stopped (Ctrl-C)."""
    from streams.worker import Worker
    from streams.worker_settings import WorkerSettings

    logging.basicConfig(
        level=logging.INFO if verbose else logging.WARNING,
        format="%(asctime)s %(levelname)s %(name)s: %(message)s",
    )
    for handler in logging.getLogger().handlers:
        handler.addFilter(Seldom())
    given = {
        "bootstrap": bootstrap,
        "data_dir": data_dir,
        "policy": policy,
        "partitions": partitions,
        "metrics_port": metrics_port,
    }
    settings = WorkerSettings(**{k: v for k, v in given.items() if v is not None})  # type: ignore[arg-type]
    said = False

    def ready() -> None:
        nonlocal said
        if not said:
            typer.echo(f"worker ready: {settings.bootstrap}, group {settings.app_id}")
            said = True

    asyncio.run(Worker(settings).run(ready))
