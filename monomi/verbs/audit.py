"""The verbs `monomi audit verify` and `monomi audit keys`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

audit = typer.Typer(
    name="audit", help="Verify the log of what the watchers did.", no_args_is_help=True
)


@audit.command()
def verify(
    store: Annotated[
        str | None, typer.Option(help="File or URL of the store; left out: in the data folder")
    ] = None,
    checkpoints: Annotated[
        Path | None, typer.Option(help="Checkpoints file; left out: as set, where it is there")
    ] = None,
    public_key: Annotated[
        list[Path] | None,
        typer.Option(help="Public key (PEM), several after a change; left out: as set"),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object")] = False,
) -> None:
    """Say whether the audit log holds; else the first entry that does not, and why."""
    import asyncio
    import json

    from alerting.audit.settings import AuditSettings
    from alerting.audit.signing import PublicKeys
    from alerting.audit.verifying import verify_store

    settings = AuditSettings()
    file = checkpoints or _if_there(settings.checkpoints_path, settings.audit_checkpoints)
    key = _if_there(settings.public_key_path, settings.audit_public_key)
    key_files = public_key or ([] if key is None else [key])
    keys = PublicKeys.load(key_files) if key_files else None
    verdict = asyncio.run(verify_store(store or settings.store_location, file, keys))
    if as_json:
        typer.echo(json.dumps(verdict.as_json(), ensure_ascii=False))
    elif verdict.span is not None:
        typer.echo("; ".join((f"the audit log holds: {verdict.span}", *verdict.unproven)))
    if verdict.broken is not None:
        if not as_json:
            typer.echo(
                f"monomi: the audit log does not hold at entry {verdict.broken.number}: "
                f"{verdict.broken.reason} [audit_broken]",
                err=True,
            )
        raise typer.Exit(1)


def _if_there(path: Path, given: Path | None) -> Path | None:
    """Return a path that is set, or that is there; what is set and not there is an error later."""
    return path if given is not None or path.exists() else None


@audit.command()
def keys(
    out: Annotated[
        Path | None, typer.Option(help="Folder for the keys; left out: in the data folder")
    ] = None,
) -> None:
    """Make the key pair that signs checkpoints: the private key for the console alone."""
    from alerting.audit.settings import AuditSettings
    from alerting.audit.signing import make_keys

    private, public = make_keys(out or AuditSettings().audit_dir)
    typer.echo(f"{private} signs: leave it to the console alone")
    typer.echo(f"{public} checks: give it to the auditor, and keep a copy elsewhere")
