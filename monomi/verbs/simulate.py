"""`monomi simulate`: a ward office with its insiders, as files."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from simulation.plan import WardPlan
    from simulation.ward import Ward


def simulate(
    out: Annotated[Path, typer.Option(help="Folder to write into; made where it is missing")],
    seed: Annotated[
        int, typer.Option(min=0, max=2**63 - 1, help="Equal arguments give identical files")
    ],
    days: Annotated[int, typer.Option(min=7, max=3660, help="Days, closed ones included")] = 540,
    operators: Annotated[int, typer.Option(min=10, max=2000, help="Staff at a time")] = 60,
    residents: Annotated[int, typer.Option(min=500, max=500_000, help="Residents")] = 20_000,
    lookups_per_day: Annotated[
        float, typer.Option(min=1, max=400, help="Mean look-ups of a person on duty")
    ] = 25.0,
    start: Annotated[
        datetime, typer.Option(formats=["%Y-%m-%d"], show_default="2013-10-01", help="First day")
    ] = datetime(2013, 10, 1),  # noqa: DTZ001 - a day, without a zone
    as_json: Annotated[
        bool, typer.Option("--json", help="Print one JSON object of counts instead of a table")
    ] = False,
) -> None:
    """Make a Japanese ward office where some look where they should not.

    Writes look-ups, sign-ins, doors, context, and labels.jsonl: who they were.

    A plan too short for the founding case (533 days from the default start)
    compresses it to what fits; under 100 days it is left out, with a note.
    """
    import json

    from simulation.plan import FIRST_START, LAST_START, WardPlan

    if not FIRST_START <= start.date() <= LAST_START:
        bounds = f"choose a day between {FIRST_START} and {LAST_START}"
        raise typer.BadParameter(bounds, param_hint="--start")
    plan = WardPlan(seed, start.date(), days, operators, residents, lookups_per_day)
    ward = _make(plan, out)
    if as_json:
        typer.echo(json.dumps(_counts(ward, out)))
    else:
        _print_summary(ward, out)


def _make(plan: WardPlan, out: Path) -> Ward:
    """Simulate and write a ward; progress and notes go to standard error.

    Raises MonomiError `folder_not_writable`, before any simulating where it can.
    """
    from rich.console import Console
    from rich.progress import Progress

    from simulation.files import prepare_folder, write_ward
    from simulation.ward import simulate_ward

    prepare_folder(out)
    screen = Console(stderr=True)
    with Progress(console=screen, transient=True) as bars:
        living = bars.add_task("Days", total=None)
        ward = simulate_ward(plan, lambda done, of: bars.update(living, completed=done, total=of))
        writing = bars.add_task("Lines", total=None)
        write_ward(ward, out, lambda done, of: bars.update(writing, completed=done, total=of))
    for note in ward.notes:
        screen.print(f"monomi: {note}", highlight=False, soft_wrap=True)
    return ward


def _kinds(ward: Ward) -> dict[str, list[int]]:
    """Return, by kind of misuse, how many cases and how many look-ups there are."""
    kinds: dict[str, list[int]] = {}
    for label in ward.labels:
        counts = kinds.setdefault(label["kind"], [0, 0])
        counts[0] += 1
        counts[1] += len(label["event_ids"])
    return dict(sorted(kinds.items()))


def _counts(ward: Ward, out: Path) -> dict[str, Any]:
    """Return the object of `--json`: records by topic, and the labelled cases by kind."""
    return {
        "out": str(out),
        "seed": ward.plan.seed,
        "first_day": ward.plan.start.isoformat(),
        "last_day": ward.plan.last_day.isoformat(),
        "events": {topic: len(records) for topic, records in ward.events.items()},
        "context": {topic: len(records) for topic, records in ward.context.items()},
        "labels": len(ward.labels),
        "kinds": {
            kind: {"cases": cases, "look_ups": look_ups}
            for kind, (cases, look_ups) in _kinds(ward).items()
        },
        "notes": ward.notes,
    }


def _print_summary(ward: Ward, out: Path) -> None:
    from rich.console import Console
    from rich.table import Table

    console = Console()
    records = Table(title=f"{ward.plan.start} to {ward.plan.last_day}, in {out}")
    records.add_column("records")
    records.add_column("count", justify="right")
    for topic, rows in (*ward.events.items(), *ward.context.items()):
        records.add_row(topic, f"{len(rows):,}")
    insiders = Table(title="Who looked where they should not")
    insiders.add_column("kind")
    insiders.add_column("cases", justify="right")
    insiders.add_column("look-ups", justify="right")
    for kind, (cases, look_ups) in _kinds(ward).items():
        insiders.add_row(kind, f"{cases:,}", f"{look_ups:,}")
    console.print(records)
    console.print(insiders)
