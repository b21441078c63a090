"""`monomi broker`: the single-node Kafka of the demo and the tests, alone."""

from __future__ import annotations

import json
import signal
from pathlib import Path
from types import FrameType
from typing import Annotated

import typer


def broker(
    port: Annotated[
        int | None, typer.Option(min=1, max=65535, help="Port on 127.0.0.1; a free one if left out")
    ] = None,
    data_dir: Annotated[
        Path | None,
        typer.Option(help="Folder that keeps the data; a temporary one if left out"),
    ] = None,
    as_json: Annotated[
        bool, typer.Option("--json", help="Print the address and Kafka's process id as JSON")
    ] = False,
) -> None:
    """Run a real Kafka on this machine, from jars it fetches once, until Ctrl-C or SIGTERM.

    Prints one line when it is ready.
    """
    from streams.broker import start_broker

    signal.signal(signal.SIGTERM, _interrupt)
    try:
        with start_broker(data_dir, port) as kafka:
            if as_json:
                typer.echo(json.dumps({"bootstrap": kafka.bootstrap, "pid": kafka.pid}))
            else:
                typer.echo(f"Kafka is ready at {kafka.bootstrap}; Ctrl-C stops it.")
            kafka.wait()
    except KeyboardInterrupt:
        return


def _interrupt(_number: int, _frame: FrameType | None) -> None:
    """End on SIGTERM as on Ctrl-C."""
    raise KeyboardInterrupt
