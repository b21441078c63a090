"""The verbs `monomi channels check`, `monomi channels list` and `monomi channels test`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

channels = typer.Typer(
    name="channels",
    help="Check, list or try the ways alerts leave the house.",
    no_args_is_help=True,
)
_OF_TOML = "Channels file (TOML)"
File = Annotated[Path, typer.Argument(envvar="MONOMI_CHANNELS", help=_OF_TOML)]
FileOption = Annotated[Path, typer.Option("--channels", envvar="MONOMI_CHANNELS", help=_OF_TOML)]
DEFAULT_FILE = Path("channels.toml")


@channels.command()
def check(file: File = DEFAULT_FILE) -> None:
    """Say whether a channels file is good; else every fault, with its line and what is allowed."""
    from alerting.channels.file import BadChannelsError, load_channels

    try:
        load_channels(file)
    except BadChannelsError as error:
        for fault in error.faults:
            typer.echo(f"{fault} [{error.code}]", err=True)
        raise typer.Exit(1) from None
    typer.echo("the channels are good")


@channels.command("list")
def list_channels(
    file: FileOption = DEFAULT_FILE,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object")] = False,
) -> None:
    """Print every channel: its name, its language, and whether its secrets are there."""
    import json

    from alerting.channels.file import load_channels
    from schemas.errors import MonomiError

    file_of_channels = load_channels(file)
    rows = []
    for name, settings in file_of_channels.by_name().items():
        try:
            file_of_channels.open(name)
            state = "ready"
        except MonomiError as error:
            state = str(error)
        rows.append({"name": name, "language": settings.language, "state": state})
    if as_json:
        typer.echo(json.dumps({"channels": rows}, ensure_ascii=False))
        return
    width = max((len(row["name"]) for row in rows), default=0)
    for row in rows:
        typer.echo(f"{row['name']:<{width}}  {row['language']}  {row['state']}")
    if not rows:
        typer.echo(f"{file} has no channels")


@channels.command("test")
def try_channel(
    name: Annotated[str, typer.Argument(help="Channel, as `monomi channels list` names it")],
    file: FileOption = DEFAULT_FILE,
    receiver: Annotated[
        str | None, typer.Option("--to", help="Address or user instead of the channel's own")
    ] = None,
) -> None:
    """Send a test message through one channel, and say what happened."""
    import asyncio
    import uuid

    from alerting.channels.file import load_channels
    from alerting.channels.message import sample_message
    from alerting.errors import DeliveryError
    from schemas.settings import Settings

    file_of_channels = load_channels(file)
    channel = file_of_channels.open(name)
    audience = file_of_channels.audience(name, Settings().zone)
    message = sample_message(f"test:{uuid.uuid4()}", audience, receiver=receiver)
    try:
        asyncio.run(channel.send(message))
    except DeliveryError as error:
        after = "" if error.retry_after_s is None else f" in {error.retry_after_s:.0f} s"
        outlook = "trying again will not help" if error.permanent else f"try again{after}"
        typer.echo(f"monomi: {name}: {error.sentence}; {outlook} [{error.code}]", err=True)
        raise typer.Exit(1) from None
    typer.echo(f"{name} took the test message")


@channels.command()
def parked(
    try_again: Annotated[bool, typer.Option("--try-again", help="Send all of them again")] = False,
    store: Annotated[
        str | None,
        typer.Option(help="File or URL of the alert store; left out: in the data folder"),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object")] = False,
) -> None:
    """Print what no receiver would take, and why; with --try-again a running console sends it."""
    import asyncio
    import json

    from alerting.clock import now_utc
    from alerting.outbox import Outbox
    from alerting.settings import ConsoleSettings
    from alerting.store import Database

    async def work() -> list[dict[str, object]]:
        database = await Database.open(store or ConsoleSettings().store_location)
        try:
            outbox = Outbox(database)
            rows = await outbox.failed(10_000)
            for row in rows if try_again else ():
                await outbox.try_again(row["id"], now_utc())
        finally:
            await database.close()
        return [
            {
                "letter": row["id"],
                "destination": row["destination"],
                "parked_at": row["failed_at"].isoformat(timespec="seconds"),
                "reason": row["last_error"],
            }
            for row in rows
        ]

    rows = asyncio.run(work())
    if as_json:
        typer.echo(json.dumps({"parked": rows, "tried_again": try_again}, ensure_ascii=False))
        return
    for row in rows:
        typer.echo("  ".join(str(value) for value in row.values()))
    if not rows:
        typer.echo("nothing is parked")
    elif try_again:
        typer.echo(f"{len(rows):,} letters are due again")
