"""The options with which each foreign ward's command is asked for a ward."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path


def options_of(
    making: str, description: str | None, *, days: int, operators: int, residents: int
) -> ArgumentParser:
    """Return the parser of `python -m benchmarks.MAKING`, with the sizes of a ward not asked for.

    It knows of `out` (a folder), `seed`, `days`, `operators` (staff at a time) and `residents`.
    """
    parser = ArgumentParser(prog=f"benchmarks.{making}", description=description)
    parser.add_argument("--out", type=Path, required=True, help="folder for the files")
    parser.add_argument("--seed", type=int, required=True)
    for name, size in (("days", days), ("operators", operators), ("residents", residents)):
        parser.add_argument(f"--{name}", type=int, default=size, help=f"{size:,} if not said")
    return parser
