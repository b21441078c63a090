"""The verb `monomi evaluate`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from rich.table import Table

    from models.evaluation import AtBudget, Evaluation


def evaluate(
    alerts: Annotated[
        Path, typer.Option(help="Every revision of every alert, as `monomi replay` writes them.")
    ],
    labels: Annotated[Path, typer.Option(help="The labelled cases, as `monomi simulate` does.")],
    budget: Annotated[
        list[str] | None,
        typer.Option(
            help="Alerts that a supervisor looks at a working day; 0.2 is one a week. Give it "
            "more than once for more budgets.",
            show_default="0.2, 1, 2, 5",
        ),
    ] = None,
    json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Say which labelled cases the alerts find, how soon, and at what cost in false ones."""
    from models.evaluation import DEFAULT_BUDGETS, parse_budget
    from models.evaluation import evaluate as measure
    from schemas.alerts import Alert
    from schemas.errors import MonomiError
    from schemas.files import Label
    from schemas.lines import read_records
    from schemas.settings import Settings

    try:
        budgets = sorted({parse_budget(text) for text in budget or ()}) or list(DEFAULT_BUDGETS)
    except MonomiError as error:
        raise typer.BadParameter(error.sentence, param_hint="--budget") from None
    result = measure(
        read_records(alerts, Alert), read_records(labels, Label), Settings().zone, budgets
    )
    if json:
        typer.echo(_as_json(result))
    else:
        _print_tables(result)


def _as_json(result: Evaluation) -> str:
    """Return the contract's object of `evaluate --json`."""
    import json
    from dataclasses import asdict

    budgets = {f"{budget:g}": asdict(found) for budget, found in result.budgets.items()}
    return json.dumps({"emitted": result.emitted, "budgets": budgets})


def _print_tables(result: Evaluation) -> None:
    from rich.console import Console

    console = Console()
    console.print(_budget_table(result))
    if any(found.kinds for found in result.budgets.values()):
        console.print(_kind_table(result))
    console.print(
        f"With no budget, a supervisor would see {result.emitted:.2f} alerts a working day."
    )


def _budget_table(result: Evaluation) -> Table:
    from rich.table import Table

    table = Table(title="What supervisors find, by alerts they look at")
    table.add_column("budget")
    for name in ("cases found", "recall", "alerts", "precision", "median days to find"):
        table.add_column(name, justify="right")
    for budget, at in result.budgets.items():
        found = sum(found for found, _ in at.kinds.values())
        cases = sum(of for _, of in at.kinds.values())
        days = at.median_days_to_find
        table.add_row(
            _budget_name(budget),
            f"{found} of {cases}",
            _percent(at.recall),
            str(at.alerts),
            _percent(at.precision),
            "–" if days is None else f"{days:.1f}",
        )
    return table


def _kind_table(result: Evaluation) -> Table:
    from rich.table import Table

    columns: dict[float, AtBudget] = dict(result.budgets)
    table = Table(title="Cases found, by kind")
    table.add_column("kind")
    for budget in columns:
        table.add_column(_budget_name(budget), justify="right")
    for kind in next(iter(columns.values())).kinds:
        table.add_row(kind, *("{} of {}".format(*at.kinds[kind]) for at in columns.values()))
    return table


def _budget_name(budget: float) -> str:
    return "1 a week" if budget < 1 else f"{budget:g} a day"


def _percent(share: float | None) -> str:
    return "–" if share is None else f"{share:.0%}"
