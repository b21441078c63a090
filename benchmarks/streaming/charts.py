"""Charts as SVG: how a look-up's cost grows, or does not."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import matplotlib as mpl

from benchmarks.streaming.contenders import Pace

_SIZE_INCHES = 10.0, 3.2
_BLUE = "#2f5d8c"


def draw_curves(curves: Mapping[str, Mapping[int, Pace]], path: Path) -> None:
    """Draw look-ups a second beside each other, over pairs, operators and workers."""
    mpl.use("svg")
    # Same figures, same bytes: neither a date nor made-up ids.
    mpl.rcParams.update({"svg.hashsalt": "monomi", "font.size": 9})
    from matplotlib import pyplot

    figure, places = pyplot.subplots(1, len(curves), figsize=_SIZE_INCHES, sharey=True)
    for axes, (name, curve) in zip(places, curves.items(), strict=True):
        numbers = sorted(curve)
        axes.plot(numbers, [curve[n].per_s for n in numbers], "o-", color=_BLUE)
        if numbers[-1] > 100:
            axes.set_xscale("log")
        else:
            axes.set_xticks(numbers)
        axes.set_xlabel(name)
        axes.grid(alpha=0.3)
        axes.spines[["top", "right"]].set_visible(False)
    places[0].set_ylabel("look-ups a second")
    places[0].set_ylim(bottom=0)
    figure.tight_layout()
    path.resolve().parent.mkdir(parents=True, exist_ok=True)
    figure.savefig(path, format="svg", metadata={"Date": None})
    pyplot.close(figure)
