"""The program `monomi`: its verbs, and the one edge where errors become exit codes."""

from __future__ import annotations

import sys

import typer
from pydantic import ValidationError

from monomi.verbs.accounts import accounts
from monomi.verbs.audit import audit
from monomi.verbs.backfill import backfill
from monomi.verbs.broker import broker
from monomi.verbs.channels import channels
from monomi.verbs.console import console
from monomi.verbs.demo import demo
from monomi.verbs.evaluate import evaluate
from monomi.verbs.explain import explain
from monomi.verbs.export import export
from monomi.verbs.policy import policy
from monomi.verbs.produce import produce
from monomi.verbs.purge import purge
from monomi.verbs.replay import replay
from monomi.verbs.schema import schema
from monomi.verbs.simulate import simulate
from monomi.verbs.worker import worker
from schemas.errors import MonomiError

app = typer.Typer(
    name="monomi",
    help="Monomi (物見): sees misuse of residents' personal data while it happens.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
VERBS = (
    demo,
    broker,
    worker,
    console,
    produce,
    backfill,
    replay,
    explain,
    evaluate,
    simulate,
    purge,
    export,
    schema,
)
for verb in VERBS:
    app.command()(verb)
app.add_typer(policy)
app.add_typer(channels)
app.add_typer(audit)
app.add_typer(accounts)


def main() -> None:
    """Run one verb; exit 0 on success, 1 on an explained failure, 2 on bad arguments."""
    try:
        app()
    except MonomiError as error:
        sys.exit(f"monomi: {error}")
    except ValidationError as error:  # settings from the environment
        first = error.errors()[0]
        name = "MONOMI_" + "_".join(str(part) for part in first["loc"]).upper()
        sys.exit(f"monomi: {name}: {first['msg']} [bad_setting]")


if __name__ == "__main__":
    main()
