"""Run `python -m benchmarks.harbour_ward --out DIR --seed N` to write a ward."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

from benchmarks.harbour_ward.state import Request
from benchmarks.harbour_ward.ward import Ward


def main(arguments: list[str] | None = None) -> None:
    """Write one ward; how much it holds goes to standard output."""
    parser = argparse.ArgumentParser(prog="benchmarks.harbour_ward", description=__doc__)
    parser.add_argument("--out", type=Path, required=True, help="folder for the files")
    parser.add_argument("--seed", type=int, required=True)
    parser.add_argument("--days", type=int, default=210)
    parser.add_argument("--operators", type=int, default=70)
    parser.add_argument("--residents", type=int, default=12_000)
    ward = Ward(Request(**vars(parser.parse_args(arguments))))
    ward.make()
    counts = {"access.queries": len(ward.q), "presence.signins": len(ward.si)}
    counts |= {"presence.doors": len(ward.do), "work.cases": len(ward.cases)}
    sys.stdout.write(json.dumps(counts | {"labels": len(ward.labels)}) + "\n")


if __name__ == "__main__":
    main()
