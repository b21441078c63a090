"""Write a ward's files: events in the order of arrival, its context, and the labels."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterable, Sequence
from pathlib import Path
from random import Random
from typing import Protocol

from benchmarks.plain_ward.records import Act, Json
from benchmarks.plain_ward.sections import SECTIONS
from benchmarks.plain_ward.ward import Ward
from benchmarks.plain_ward.year import HOUR_S


class Event(Protocol):
    """Stand for an act, a sign-in or a passage."""

    at: float
    event_id: str

    def line(self) -> Json:
        """Return the record."""
        ...


def write(ward: Ward, folder: Path) -> dict[str, int]:
    """Write all files of a ward into a folder and return how many lines each has."""
    context = folder / "context"
    context.mkdir(parents=True, exist_ok=True)
    rng = ward.stream("arrival")
    acts: list[Act] = [act for day in ward.acts.values() for act in day]
    acts += [act for misuse in ward.misuses for act in misuse.acts]
    end_s = ward.end_s()
    shifts = sorted(ward.shifts, key=lambda one: (one.starts_at, one.operator_id))
    counts = {
        "access.queries": _events(folder / "access.queries.jsonl.gz", rng, "q", acts),
        "presence.signins": _events(folder / "presence.signins.jsonl.gz", rng, "s", ward.signs),
        "presence.doors": _events(folder / "presence.doors.jsonl.gz", rng, "d", ward.passages),
    }
    contents = {
        "directory.operators": (one.line() for one in ward.staff),
        "directory.sections": (one.line(ward.year) for one in SECTIONS),
        "directory.terminals": ward.terminal_lines(),
        "directory.residents": (one.line() for one in ward.city.residents),
        "work.cases": (case.line(end_s) for case in ward.register.cases if case.opened_at < end_s),
        "work.shifts": (one.line(f"w{place:06}") for place, one in enumerate(shifts)),
    }
    for name, lines in contents.items():
        counts[name] = _lines(context / f"{name}.jsonl", lines)
    misuses = sorted(ward.misuses, key=lambda one: min(act.at for act in one.acts))
    labels = (one.line(f"plain-{place:03}") for place, one in enumerate(misuses, 1))
    counts["labels"] = _lines(folder / "labels.jsonl", labels)
    return counts


def _events(path: Path, rng: Random, letter: str, events: Sequence[Event]) -> int:
    """Number events by time and write them as they arrive: some late, a few twice."""
    arrivals: list[tuple[float, int, Json]] = []
    for place, event in enumerate(sorted(events, key=lambda one: one.at)):
        event.event_id = f"{letter}{place:07}"
        line = event.line()
        delay_s = rng.expovariate(2.0)
        if rng.random() < 0.004:
            delay_s += rng.choice((rng.uniform(20, 600), rng.uniform(0.2, 7) * HOUR_S))
        arrivals.append((event.at + delay_s, place, line))
        if rng.random() < 0.002:
            arrivals.append((event.at + delay_s + rng.uniform(1, 5400), place, line))
    arrivals.sort(key=lambda arrival: arrival[:2])
    # Without a time in its head the packed file depends on the seed alone.
    with path.open("wb") as raw, gzip.GzipFile("", "wb", 6, raw, mtime=0) as packed:
        for _, _, line in arrivals:
            packed.write(_json(line))
    return len(arrivals)


def _lines(path: Path, lines: Iterable[Json]) -> int:
    written = [_json(line) for line in lines]
    path.write_bytes(b"".join(written))
    return len(written)


def _json(line: Json) -> bytes:
    return json.dumps(line, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"
