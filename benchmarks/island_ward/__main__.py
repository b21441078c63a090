"""Run `python -m benchmarks.island_ward --out DIR --seed N` to write a ward."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

from benchmarks.island_ward.files import write
from benchmarks.island_ward.ward import Ward


def main(arguments: list[str] | None = None) -> None:
    """Write one ward; how much it holds goes to standard output."""
    parser = argparse.ArgumentParser(prog="benchmarks.island_ward", description=__doc__)
    parser.add_argument("--out", type=Path, required=True, help="folder for the files")
    parser.add_argument("--seed", type=int, required=True)
    parser.add_argument("--days", type=int, default=200)
    parser.add_argument("--operators", type=int, default=70)
    parser.add_argument("--residents", type=int, default=12_000)
    chosen = parser.parse_args(arguments)
    ward = Ward(chosen.seed, chosen.days, chosen.operators, chosen.residents)
    ward.run()
    sys.stdout.write(json.dumps(write(ward, chosen.out)) + "\n")


if __name__ == "__main__":
    main()
