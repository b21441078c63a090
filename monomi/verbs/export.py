"""The verb `monomi export`: alerts as a SIEM takes them."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

import typer


def export(
    ocsf: Annotated[
        bool, typer.Option("--ocsf", help="As OCSF Detection Findings, the only form so far")
    ] = False,
    since: Annotated[
        datetime | None,
        typer.Option(formats=["%Y-%m-%d"], help="Only alerts opened on this day or later"),
    ] = None,
    pseudonyms: Annotated[
        bool, typer.Option("--pseudonyms", help="Name people and residents by pseudonyms")
    ] = False,
    store: Annotated[
        str | None,
        typer.Option(help="File or URL of the alert store; left out: in the data folder"),
    ] = None,
) -> None:
    """Print every alert of the store and where it stands, one line of JSON each.

    The audit log holds that it was done, and by which account of this machine.
    """
    import asyncio
    import os

    from alerting.export import ocsf_lines
    from alerting.ocsf import plainly
    from alerting.pseudonyms import Pseudonyms
    from alerting.settings import ConsoleSettings
    from alerting.store import AlertStore

    if not ocsf:
        raise typer.BadParameter("give --ocsf")
    settings = ConsoleSettings()
    key = settings.data_dir / "console" / "pseudonyms.key"
    named = Pseudonyms.load(key) if pseudonyms else plainly
    begins = None if since is None else since.replace(tzinfo=settings.zone)

    async def work() -> None:
        opened = await AlertStore.open(store or settings.store_location)
        try:
            async for line in ocsf_lines(opened, f"uid {os.getuid()}", begins, named):
                typer.echo(line)
        finally:
            await opened.close()

    asyncio.run(work())
