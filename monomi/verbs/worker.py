"""`monomi worker`: one stream worker; start more to scale out."""

from __future__ import annotations

import asyncio
import logging
from pathlib import Path
from typing import Annotated

import typer


def worker(
    bootstrap: Annotated[
        str | None, typer.Option(help="Kafka's host:port [env: MONOMI_BOOTSTRAP]")
    ] = None,
    data_dir: Annotated[
        Path | None, typer.Option(help="Folder for local state, one a worker [MONOMI_DATA_DIR]")
    ] = None,
    policy: Annotated[Path | None, typer.Option(help="Policy file, TOML [MONOMI_POLICY]")] = None,
    partitions: Annotated[
        int | None, typer.Option(help="Of topics that are made new [MONOMI_PARTITIONS]")
    ] = None,
    metrics_port: Annotated[
        int | None, typer.Option(help="Port of /metrics, 0 for none [MONOMI_METRICS_PORT]")
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
