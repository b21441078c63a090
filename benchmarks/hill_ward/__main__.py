"""Run `python -m benchmarks.hill_ward --out DIR --seed N`."""

from __future__ import annotations

import argparse
import json
from pathlib import Path

from benchmarks.hill_ward.ward import generate


def main(arguments: list[str] | None = None) -> None:
    """Write a ward and print how many records each of its files has."""
    parser = argparse.ArgumentParser(prog="benchmarks.hill_ward", description=__doc__)
    parser.add_argument("--out", type=Path, required=True, help="folder to write into")
    parser.add_argument("--seed", type=int, required=True)
    parser.add_argument("--days", type=int, default=210)
    parser.add_argument("--operators", type=int, default=70)
    parser.add_argument("--residents", type=int, default=12_000)
    given = parser.parse_args(arguments)
    counts = generate(given.out, given.seed, given.days, given.operators, given.residents)
    print(json.dumps(counts))


if __name__ == "__main__":
    main()
