"""The benchmark `latency`: from the append of a look-up in Kafka to its alert at a reader."""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from benchmarks.streaming.ground import Ground
    from benchmarks.streaming.load import Load
    from benchmarks.streaming.readers import Latencies

_WARM = 110_000
"""Look-ups worked off before: two days of warm-up, and a snapshot of them."""

EAGER = """\
# For the benchmark alone: many alerts, so that there is something to time.
warm_up_days = 2
first_risk = 0.97
lowest_risk = 0.97
budget_per_day = 100
"""
_SETTLE_S = 3.0
_WORKED_OFF_WITHIN_S = 600.0
_UNTOLD = 2_000
"""A peer tells of its last look-ups only when more come."""
_KEEPS_PACE = {"faust_by_the_book": 200}
"""By-the-book Faust does not keep pace with more."""


def latency(
    rates: Annotated[
        list[int], typer.Option("--rate", min=1, max=20_000, help="Look-ups a second; repeatable")
    ] = [200, 2000],  # noqa: B006
    seconds: Annotated[int, typer.Option(min=5, max=3600, help="Of each rate")] = 60,
    peers: Annotated[bool, typer.Option(help="Also by-the-book Faust and quixstreams")] = True,
    cache: Annotated[Path, typer.Option(help="Where simulated wards are kept")] = Path(
        "out/benchmarks"
    ),
    as_json: Annotated[bool, typer.Option("--json", help="End with one JSON object")] = False,
    markdown: Annotated[bool, typer.Option("--markdown", help="The table as Markdown")] = False,
) -> None:
    """Say how long an alert takes, from the append of the look-up that raised it in Kafka.

    A ward of 2,000 is first worked off for two days; then its look-ups come at an even rate,
    each as if it were live. The policy lets through many more alerts than a ward's would. Time
    runs until a reader of the topic has the alert in its hands; days pass in seconds, so the
    nightly cuts, which all partitions wait for, fall into it far oftener than once a day.
    """
    from benchmarks.sheet import print_sheets
    from benchmarks.streaming.ground import fresh_ground
    from benchmarks.streaming.load import loads_of
    from benchmarks.streaming.sheets import latency_sheet

    parts = [_WARM, *(rate * seconds for rate in rates)]
    loads = loads_of(cache, *parts)
    names = ("monomi", "faust_by_the_book", "quixstreams") if peers else ("monomi",)
    measured = {}
    for name in names:
        most = _KEEPS_PACE.get(name, max(rates))
        within = {r: load for r, load in zip(rates, loads[1:], strict=True) if r <= most}
        with fresh_ground() as ground:  # of its own: alerts of another would be told as well
            measured[name] = _measured(name, ground, loads[0], within)
    print_sheets([latency_sheet(measured)], markdown)
    if as_json:
        told = {str(rate): its.as_json() for rate, its in measured["monomi"].items()}
        typer.echo(json.dumps(told))


def _measured(
    name: str, ground: Ground, warm: Load, loads: dict[int, Load]
) -> dict[int, Latencies]:
    from benchmarks.streaming.contenders import running, started, wait_until
    from benchmarks.streaming.readers import AlertReader

    policy = ground.folder / "policy.toml"
    policy.write_text(EAGER)
    ground.fill(warm)
    done = len(warm.times_s)
    figures = {}
    with running(started(name, ground, warm.context, policy=policy)) as contender:
        wait_until(contender, done - _UNTOLD, _WORKED_OFF_WITHIN_S)
        for rate, load in loads.items():
            with AlertReader(ground.bootstrap, "alerts") as reader:
                ground.send(load, context=False, pace=load.at_rate(rate))
                done += len(load.times_s)
                wait_until(contender, done - _UNTOLD, _WORKED_OFF_WITHIN_S)
                time.sleep(_SETTLE_S)
            figures[rate] = reader.latencies()
            typer.echo(f"{name} at {rate}/s: {figures[rate]}", err=True)
    return figures
