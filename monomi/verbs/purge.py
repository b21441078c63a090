"""The verb `monomi purge`: delete what is older than the policy allows."""

from __future__ import annotations

from typing import Annotated

import typer


def purge(
    yes: Annotated[bool, typer.Option("--yes", help="Delete it")] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what is due")] = False,
    store: Annotated[
        str | None,
        typer.Option(help="File or URL of the alert store; left out: in the data folder"),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object")] = False,
) -> None:
    """Delete alerts, evidence, letters and audit entries that are older than MONOMI_RETENTION.

    The console does so once a day by itself.
    """
    import asyncio
    import json

    from alerting.audit.settings import AuditSettings
    from alerting.retention import Purged, Retention
    from alerting.store import Database

    if yes == dry_run:
        raise typer.BadParameter("give one of --dry-run and --yes")
    settings = AuditSettings()

    async def work() -> Purged:
        database = await Database.open(store or settings.store_location)
        try:
            retention = Retention(
                database, settings.retention, settings.signer(), who="monomi purge"
            )
            return await (retention.purge() if yes else retention.due())
        finally:
            await database.close()

    purged = asyncio.run(work())
    if as_json:
        typer.echo(json.dumps({"dry_run": dry_run, **purged.as_json()}))
        return
    verb = "purged" if yes else "due"
    typer.echo(
        f"{verb}: {purged.alerts:,} alerts, {purged.evidence:,} evidence without an alert, "
        f"{purged.letters:,} letters, {purged.audit_entries:,} audit entries"
    )
    if purged.audit_kept is not None:
        typer.echo(purged.audit_kept)
