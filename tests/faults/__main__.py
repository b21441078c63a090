"""Run `python -m tests.faults` (`make soak`): faults under load, and what replay says of it."""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from pathlib import Path

from tests.faults.faults import FAULTS
from tests.faults.soak import say, soak, told


def main() -> int:
    """Run one soak; its last line is one JSON object. Exit 0 where nothing was lost or doubled."""
    names = {fault.__name__: fault for fault in FAULTS}
    parser = argparse.ArgumentParser(prog="python -m tests.faults", description=__doc__)
    parser.add_argument("--duration", type=float, default=600.0, help="seconds under load")
    parser.add_argument("--rate", type=float, default=1000.0, help="look-ups a second")
    parser.add_argument("--seed", type=int, default=1, help="ward and moments of the faults")
    parser.add_argument(
        "--fault", action="append", choices=sorted(names), help="only this one; may be repeated"
    )
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="monomi-soak-") as folder:
        outcome = soak(
            Path(folder),
            duration_s=asked.duration,
            rate=asked.rate,
            seed=asked.seed,
            faults=[names[name] for name in asked.fault or names],
            tell=say,
        )
    print(json.dumps(told(outcome)))
    return 1 if any(outcome.verdict) else 0


if __name__ == "__main__":
    sys.exit(main())
