"""The verbs `monomi policy check` and `monomi policy show`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

policy = typer.Typer(
    name="policy", help="Check or show what the detection goes by.", no_args_is_help=True
)
File = Annotated[
    Path | None,
    typer.Argument(
        envvar="MONOMI_POLICY", help="Policy file (TOML)", show_default="the built-in policy"
    ),
]


@policy.command()
def check(file: File = None) -> None:
    """Say whether a policy file is good; else every fault, with its line and what is allowed."""
    from models.policy_file import BadPolicyError, load_policy

    try:
        load_policy(file)
    except BadPolicyError as error:
        for fault in error.faults:
            typer.echo(f"{fault} [{error.code}]", err=True)
        raise typer.Exit(1) from None
    typer.echo("the policy is good")


@policy.command()
def show(
    file: File = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object")] = False,
) -> None:
    """Print the policy in force as TOML: all fields, and what differs from the default."""
    import json

    from models.policy_file import load_policy
    from monomi.policy_text import differing, policy_text

    shown = load_policy(file)
    if not as_json:
        typer.echo(policy_text(shown), nl=False)
        return
    result = {
        "file": None if file is None else str(file),
        "policy": shown.as_json(),
        "differs": differing(shown),
    }
    typer.echo(json.dumps(result, ensure_ascii=False))
