"""Run `python -m benchmarks NAME`: what stands in the README is measured by these."""

from __future__ import annotations

import sys

import typer

from benchmarks.detection.command import detection
from benchmarks.listing import listing
from benchmarks.masquerade.command import masquerade
from benchmarks.pictures.command import pictures
from benchmarks.replaying.command import replay
from benchmarks.streaming.latency import latency
from benchmarks.streaming.recovery import recovery
from benchmarks.streaming.scaling import scaling
from benchmarks.streaming.screen import screen
from benchmarks.streaming.throughput import throughput
from benchmarks.weighing.command import weigh
from schemas.errors import MonomiError

app = typer.Typer(
    name="python -m benchmarks",
    help="Measurements of Monomi that take minutes to hours.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
BENCHMARKS = (
    *(detection, masquerade, weigh, replay),
    *(throughput, latency, recovery, scaling, screen, listing),
    pictures,
)
for benchmark in BENCHMARKS:
    app.command()(benchmark)


@app.callback()
def _several() -> None:
    """Keep the name of a benchmark in the command, also while there is but one."""


def main() -> None:
    """Run one benchmark; exit 0 on success, 1 on an explained failure, 2 on bad arguments."""
    try:
        app()
    except MonomiError as error:
        sys.exit(f"benchmarks: {error}")


if __name__ == "__main__":
    main()
