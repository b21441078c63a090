"""Run `python -m benchmarks.harbour_ward --out DIR --seed N` to write a ward."""

from __future__ import annotations

import json
import sys

from benchmarks.harbour_ward.state import Request
from benchmarks.harbour_ward.ward import Ward
from benchmarks.ward_options import options_of


def main(arguments: list[str] | None = None) -> None:
    """Write one ward; how much it holds goes to standard output."""
    parser = options_of("harbour_ward", __doc__, days=210, operators=70, residents=12_000)
    ward = Ward(Request(**vars(parser.parse_args(arguments))))
    ward.make()
    counts = {"access.queries": len(ward.q), "presence.signins": len(ward.si)}
    counts |= {"presence.doors": len(ward.do), "work.cases": len(ward.cases)}
    sys.stdout.write(json.dumps(counts | {"labels": len(ward.labels)}) + "\n")


if __name__ == "__main__":
    main()
