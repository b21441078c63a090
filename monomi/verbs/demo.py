"""`monomi demo`: the whole system on this machine, on real parts, with a simulated ward."""

from __future__ import annotations

import json
import signal
import sys
from typing import Annotated, Any

import typer


def demo(
    duration: Annotated[
        float, typer.Option(min=10, max=86_400, help="Seconds of stream, after the start")
    ] = 90.0,
    port: Annotated[
        int, typer.Option(min=0, max=65_535, help="The console's port; 0 takes a free one")
    ] = 0,
    no_console: Annotated[bool, typer.Option("--no-console", help="Leave the console out")] = False,
    seed: Annotated[int, typer.Option(min=0, help="Which ward is simulated")] = 1,
    as_json: Annotated[bool, typer.Option("--json", help="End with one JSON object")] = False,
) -> None:
    """Watch a simulated clerk being caught: Kafka, worker, console and a ward, all real."""
    from monomi.demo.run import run_demo

    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        summary = run_demo(
            duration, port, not no_console, seed, lambda line: print(line, flush=True)
        )
    except KeyboardInterrupt:
        sys.exit("monomi: stopped; nothing is left running")
    _print_summary(summary)
    if as_json:
        print(json.dumps(summary))


def _print_summary(summary: dict[str, Any]) -> None:
    latency = summary["alert_latency_s"]
    print(f"\n{summary['events']:,} records, {summary['alerts']:,} alerts")
    if latency["p50"] is not None:
        print(
            f"from the look-up in Kafka to the screen: median {latency['p50']} s, "
            f"99 % within {latency['p99']} s, at most {latency['max']} s"
        )
    for label_id, case in summary["cases_found"].items():
        print(
            f"  found   {case['kind']:<18} at look-up {case['at_look_up']} of {case['of']}"
            f"  {label_id}"
        )
    for label_id in summary["cases_missed"]:
        print(f"  missed  {label_id}")
