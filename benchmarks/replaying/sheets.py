"""The tables of the README: look-ups a second, the microseconds of one, memory."""

from __future__ import annotations

from collections.abc import Sequence
from statistics import median
from typing import Any

from benchmarks.replaying.memory import Held
from benchmarks.replaying.parts import PARTS
from benchmarks.replaying.passes import Pass
from benchmarks.sheet import Sheet


class Paces:
    """Hold the passes of one ward, made in turn."""

    def __init__(
        self, monomi: Sequence[Pass], forest: Sequence[Pass], metered: Sequence[Pass]
    ) -> None:
        self._passes = {"monomi": monomi, "half_space_trees": forest, "metered": metered}
        self.look_ups = monomi[0].look_ups
        self.cpu_s = {k: median(p.cpu_s for p in passes) for k, passes in self._passes.items()}
        self.wall_s = {k: median(p.wall_s for p in passes) for k, passes in self._passes.items()}
        self.context_s = median(p.context_s for p in monomi)
        self.peak_mib = max(p.peak_mib for p in monomi)

    @property
    def ratio(self) -> float:
        """Return how much longer Monomi takes than the forest alone."""
        return self.cpu_s["monomi"] / self.cpu_s["half_space_trees"]

    @property
    def microseconds(self) -> dict[str, float]:
        """Return the part's medians, scaled so that they add up to a replay without a meter."""
        medians = {
            part: median(p.parts.get(part, 0.0) for p in self._passes["metered"]) for part in PARTS
        }
        scale = 1e6 * self.cpu_s["monomi"] / self.look_ups / sum(medians.values())
        return {part: ns * scale for part, ns in medians.items()}

    @property
    def scale(self) -> float:
        """Return by what the parts were scaled: 1 where the meter's own cost is fully known."""
        sums = [sum(p.parts.values()) for p in self._passes["metered"]]
        return 1e9 * self.cpu_s["monomi"] / median(sums)

    def as_json(self) -> dict[str, Any]:
        """Return all figures as a JSON object."""
        passes = {
            k: [{"wall_s": round(p.wall_s, 3), "cpu_s": round(p.cpu_s, 3)} for p in passes]
            for k, passes in self._passes.items()
        }
        return {
            "look_ups": self.look_ups,
            "look_ups_per_s": round(self.look_ups / self.cpu_s["monomi"]),
            "ratio": round(self.ratio, 3),
            "context_s": round(self.context_s, 3),
            "peak_mib": round(self.peak_mib, 1),
            "microseconds": {k: round(v, 3) for k, v in self.microseconds.items()},
            "scale": round(self.scale, 4),
            "passes": passes,
        }


def pace_sheet(paces: Paces) -> Sheet:
    """Return look-ups a second of both."""
    names = {"monomi": "Monomi, all detectors", "half_space_trees": "half-space trees alone"}
    rows = tuple(
        (
            name,
            f"{paces.look_ups / paces.cpu_s[key]:,.0f}",
            f"{paces.look_ups / paces.wall_s[key]:,.0f}",
            f"{1e6 * paces.cpu_s[key] / paces.look_ups:.1f}",
            f"{paces.cpu_s[key] / paces.cpu_s['half_space_trees']:.2f}",
        )
        for key, name in names.items()
    )
    head = ("", "look-ups/s of CPU", "look-ups/s by the wall", "µs", "time, half-space = 1")
    title = f"{paces.look_ups:,} look-ups on one core"
    return Sheet(f"{title} (context before that: {paces.context_s:.1f} s)", head, rows)


def parts_sheet(paces: Paces) -> Sheet:
    """Return where the microseconds of a look-up go."""
    parts = paces.microseconds
    total = sum(parts.values())
    rows = [(part, f"{took:.2f}", f"{took / total:.1%}") for part, took in parts.items()]
    rows.append(("all", f"{total:.2f}", "100%"))
    title = f"Microseconds of a look-up (metered, scaled by {paces.scale:.3f})"
    return Sheet(title, ("part", "µs", "share"), tuple(rows))


def memory_sheet(held: Held) -> Sheet:
    """Return what a replay of a crowd held."""
    crowd = held.crowd
    rows = (
        ("program", f"{held.bare_mib:,.0f}"),
        ("and context", f"{held.with_context_mib:,.0f}"),
        ("peak of the replay", f"{held.peak_mib:,.0f}"),
    )
    title = f"Memory at {crowd.operators:,} operators and {crowd.pairs:,} pairs"
    return Sheet(f"{title}, {held.pace:,.0f} look-ups/s of CPU", ("held", "MiB"), rows)
