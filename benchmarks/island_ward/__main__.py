"""Run `python -m benchmarks.island_ward --out DIR --seed N` to write a ward."""

from __future__ import annotations

import json
import sys

from benchmarks.island_ward.files import write
from benchmarks.island_ward.ward import Ward
from benchmarks.ward_options import options_of


def main(arguments: list[str] | None = None) -> None:
    """Write one ward; how much it holds goes to standard output."""
    parser = options_of("island_ward", __doc__, days=200, operators=70, residents=12_000)
    chosen = parser.parse_args(arguments)
    ward = Ward(chosen.seed, chosen.days, chosen.operators, chosen.residents)
    ward.run()
    sys.stdout.write(json.dumps(write(ward, chosen.out)) + "\n")


if __name__ == "__main__":
    main()
