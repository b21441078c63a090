"""Run `python -m benchmarks.plain_ward --out DIR --seed N` to write a ward."""

from __future__ import annotations

import json
import sys

from benchmarks.plain_ward.files import write
from benchmarks.plain_ward.honest import honest_ward
from benchmarks.plain_ward.insiders import let_insiders_in
from benchmarks.ward_options import options_of

SHORTEST_DAYS = 45
FEWEST_OPERATORS = 10
FEWEST_RESIDENTS = 1_000


def main(arguments: list[str] | None = None) -> None:
    """Write one ward; its line counts go to standard output."""
    parser = options_of("plain_ward", __doc__, days=240, operators=75, residents=30_000)
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
