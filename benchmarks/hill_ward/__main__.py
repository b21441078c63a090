"""Run `python -m benchmarks.hill_ward --out DIR --seed N`."""

from __future__ import annotations

import json

from benchmarks.hill_ward.ward import generate
from benchmarks.ward_options import options_of


def main(arguments: list[str] | None = None) -> None:
    """Write a ward and print how many records each of its files has."""
    parser = options_of("hill_ward", __doc__, days=210, operators=70, residents=12_000)
    given = parser.parse_args(arguments)
    counts = generate(given.out, given.seed, given.days, given.operators, given.residents)
    print(json.dumps(counts))


if __name__ == "__main__":
    main()
