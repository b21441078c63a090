"""The benchmark `listing`: how long the console's list takes among many alerts."""

from __future__ import annotations

import asyncio
import json
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    import httpx

    from alerting.console.stream import Console
    from alerting.store import AlertStore
    from benchmarks.sheet import Sheet

_SUPERVISORS, _OPERATORS, _RESIDENTS, _SECTIONS = 100, 2000, 50_000, 40
_BATCH = 1000
_RESOLVED_OF = 10
"""All but one of so many alerts are resolved, as in a ward after some years."""
_ASKED = (
    ("what waits", "/"),
    ("all of them", "/?status=all"),
    ("a section's", "/?status=all&section=s-7"),
    ("a month of one severity", "/?status=all&severity=high&from=2015-03-01&to=2015-03-31"),
    ("a search", "/?status=all&q=counter+17"),
    ("the interface", "/api/v1/alerts?limit=100"),
)


def listing(
    alerts: Annotated[int, typer.Option(min=1000, max=1_000_000)] = 100_000,
    store: Annotated[
        str, typer.Option(help="File or URL of an empty store; left out: SQLite, gone at the end")
    ] = "",
    times: Annotated[int, typer.Option(min=10, max=1000, help="Requests of each kind")] = 60,
    as_json: Annotated[bool, typer.Option("--json", help="End with one JSON object")] = False,
    markdown: Annotated[bool, typer.Option("--markdown", help="The table as Markdown")] = False,
) -> None:
    """Say how long the list takes, whole pages with their counts, among 100,000 alerts.

    Asked as the privacy officer, who sees all, and as one of a hundred supervisors.
    """
    import tempfile

    from benchmarks.sheet import print_sheets

    with tempfile.TemporaryDirectory(prefix="monomi-bench-") as folder:
        took = asyncio.run(_measured(store or str(Path(folder) / "alerts.sqlite3"), alerts, times))
    print_sheets([_sheet(took, alerts)], markdown)
    if as_json:
        typer.echo(json.dumps({name: _of(ms) for name, ms in took.items()}))


async def _measured(location: str, alerts: int, times: int) -> dict[str, list[float]]:
    from alerting.access.person import Person
    from alerting.store import AlertStore
    from benchmarks.pictures.ground import Doorkeeper

    store = await AlertStore.open(location)
    try:
        await _fill(store, alerts)
        took = {}
        for role, person in (
            ("officer", Person("officer", "privacy_officer", "officer")),
            ("supervisor", Person("sv-7", "supervisor", "sv-7")),
        ):
            console = _console(store, Doorkeeper(person))
            async with _asking(console) as web:
                for name, path in _ASKED:
                    took[f"{role}: {name}"] = await _times(web, path, times)
        return took
    finally:
        await store.close()


def _console(store: AlertStore, doorkeeper: Any) -> Console:
    from alerting.bell import Bell
    from alerting.console.rendering import Pages
    from alerting.feed import FeedStatus
    from alerting.office import Office
    from alerting.settings import ConsoleSettings
    from benchmarks.pictures.ground import console_before

    settings, bell = ConsoleSettings(bootstrap="127.0.0.1:9"), Bell()
    office = Office.over(store, settings, bell)
    pages = Pages(settings.zone, office.desk.directory)
    return console_before(office, bell, FeedStatus("live", 8), pages, doorkeeper)


def _asking(console: Console) -> httpx.AsyncClient:
    import httpx

    from alerting.console.app import console_app

    transport = httpx.ASGITransport(console_app(console, loopback_only=True))
    return httpx.AsyncClient(transport=transport, base_url="http://localhost", timeout=60.0)


async def _times(web: httpx.AsyncClient, path: str, times: int) -> list[float]:
    """Return how long an answer took each time, in milliseconds; the first is not counted."""
    took = []
    for _ in range(times + 1):
        began_s = time.perf_counter()
        (await web.get(path)).raise_for_status()
        took.append(1000 * (time.perf_counter() - began_s))
    return took[1:]


async def _fill(store: AlertStore, alerts: int) -> None:
    """Let so many alerts arrive over years, each at its supervisor, most of them resolved."""
    from sqlalchemy import insert, update

    from alerting.store import Arrival
    from alerting.store.tables import ALERTS, RECIPIENTS

    for first in range(0, alerts, _BATCH):
        numbers = range(first, min(first + _BATCH, alerts))
        made = [_alert(number) for number in numbers]
        await store.add([Arrival(alert) for alert in made])
        told = [
            {
                "alert_id": alert.alert_id,
                "person_id": alert.supervisor_id,
                "office": "supervisor",
                "since": alert.opened_at,
                "opened_at": alert.opened_at,
            }
            for alert in made
        ]
        done = [alert.alert_id for n, alert in zip(numbers, made, strict=True) if n % _RESOLVED_OF]
        resolved = update(ALERTS).where(ALERTS.c.alert_id.in_(done)).values(status="resolved")

        async def work(connection: Any, told: Any = told, resolved: Any = resolved) -> None:
            await connection.execute(insert(RECIPIENTS), told)
            await connection.execute(resolved)

        await store.database.write(work)
        typer.echo(f"\r{numbers[-1] + 1:,} alerts", err=True, nl=False)
    typer.echo("", err=True)


def _alert(number: int) -> Any:
    from schemas.alerts import Alert, Reason
    from schemas.record import Words

    at = datetime(2014, 4, 1, tzinfo=UTC) + timedelta(minutes=11 * number)
    words = Words(
        en=f"Second day with a look-up of this resident at counter {number % 97}.",
        ja=f"窓口{number % 97}で、同じ住民への照会が2日目です。",
    )
    reason = Reason(
        detector="repeat_access", score=0.9, observed=2.0, expected=0.1, unit="days", summary=words
    )
    return Alert(
        alert_id=f"al-{number:08d}",
        revision=1,
        operator_id=f"op-{number * 7919 % _OPERATORS}",
        section_id=f"s-{number % _SECTIONS}",
        supervisor_id=f"sv-{number % _SUPERVISORS}",
        resident_id=f"r-{number * 104_729 % _RESIDENTS}",
        opened_at=at,
        updated_at=at,
        first_event_at=at,
        severity=("low", "medium", "high", "critical")[number % 4],
        risk=0.999,
        reasons=(reason, reason),
        event_ids=(f"q-{number}",),
        event_count=1,
        model_version="builtin-4",
    )


def _of(ms: list[float]) -> dict[str, float]:
    ordered = sorted(ms)
    at = {share: ordered[min(len(ordered) - 1, int(share * len(ordered)))] for share in (0.5, 0.95)}
    return {"p50_ms": round(at[0.5], 1), "p95_ms": round(at[0.95], 1)}


def _sheet(took: dict[str, list[float]], alerts: int) -> Sheet:
    from benchmarks.sheet import Sheet

    rows = []
    for name, ms in took.items():
        figures = _of(ms)
        rows.append((name, f"{figures['p50_ms']:.0f}", f"{figures['p95_ms']:.0f}"))
    title = f"One page of the list among {alerts:,} alerts, in milliseconds"
    return Sheet(title, ("asked", "median", "95 %"), tuple(rows))
