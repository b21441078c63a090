"""Run `python -m benchmarks.plain_ward --out DIR --seed N` to write a ward."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

from benchmarks.plain_ward.files import write
from benchmarks.plain_ward.honest import honest_ward
from benchmarks.plain_ward.insiders import let_insiders_in

SHORTEST_DAYS = 45
FEWEST_OPERATORS = 10
FEWEST_RESIDENTS = 1_000


def main(arguments: list[str] | None = None) -> None:
    """Write one ward; its line counts go to standard output."""
    parser = argparse.ArgumentParser(prog="benchmarks.plain_ward", description=__doc__)
    parser.add_argument("--out", type=Path, required=True, help="folder for the files")
    parser.add_argument("--seed", type=int, required=True)
    parser.add_argument("--days", type=int, default=240, help="days from 1 June on")
    parser.add_argument("--operators", type=int, default=75)
    parser.add_argument("--residents", type=int, default=30_000)
    given = parser.parse_args(arguments)
    least = (SHORTEST_DAYS, FEWEST_OPERATORS, FEWEST_RESIDENTS)
    if any(
        one < few
        for one, few in zip((given.days, given.operators, given.residents), least, strict=True)
    ):
        parser.error("at least {} days, {} operators and {} residents".format(*least))
    ward = honest_ward(given.seed, given.days, given.operators, given.residents)
    let_insiders_in(ward)
    sys.stdout.write(json.dumps(write(ward, given.out)) + "\n")


if __name__ == "__main__":
    main()
