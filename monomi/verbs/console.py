"""`monomi console`: the page on which alerts appear."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer


def console(
    host: Annotated[str | None, typer.Option(help="Address to listen on [127.0.0.1]")] = None,
    port: Annotated[
        int | None, typer.Option(min=0, max=65535, help="Port; 0 takes a free one [8600]")
    ] = None,
    store: Annotated[
        str | None,
        typer.Option(help="File or URL of the alert store; left out: in the data folder"),
    ] = None,
    channels: Annotated[
        Path | None,
        typer.Option(
            envvar="MONOMI_CHANNELS",
            help="Channels file (TOML): alerts are delivered by it; left out: shown alone",
        ),
    ] = None,
) -> None:
    """Show alerts in the browser as they come, in Japanese and English, until Ctrl-C.

    Prints its address when it is ready.
    """
    import logging

    from alerting.channels.file import load_channels
    from alerting.console.server import run
    from alerting.settings import ConsoleSettings
    from models.policy_file import load_policy

    logging.basicConfig(level=logging.WARNING, format="monomi console: %(message)s")
    logging.getLogger("alerting").setLevel(logging.INFO)
    # It says in many lines, many times a second, what the feed says in one.
    logging.getLogger("aiokafka").setLevel(logging.CRITICAL)
    given = {"console_host": host, "console_port": port, "store_url": store}
    settings = ConsoleSettings.model_validate(
        ConsoleSettings().model_dump() | {k: v for k, v in given.items() if v is not None}
    )
    run(
        settings,
        lambda address: typer.echo(f"The console is ready at {address}"),
        load_policy(settings.policy),
        None if channels is None else load_channels(channels),
    )
