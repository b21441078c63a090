"""Look-ups of an office of any size, made cheaply: for how a worker takes many operators."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterable
from itertools import islice
from pathlib import Path

from benchmarks.replaying.crowd import Crowd, context_of, events_of
from benchmarks.streaming.load import Load
from schemas.events import LookUpEvent
from schemas.record import Record

_RESIDENTS = 50_000
_DIRECTORY = ("operators", "sections", "terminals")


def crowd_load(folder: Path, operators: int, look_ups: int) -> Load:
    """Write look-ups that go round all operators, and the directory that they need."""
    each = max(1, -(-look_ups // operators))
    crowd = Crowd(operators, operators * each, _RESIDENTS)
    context = context_of(crowd)
    for name in _DIRECTORY:
        table: dict[str, Record] = getattr(context, name)
        rows = (record.to_json() for record in table.values())
        _write(folder / "context" / f"directory.{name}.jsonl.gz", rows)
    path, times_s = folder / "access.queries.jsonl.gz", []
    lines = []
    for _, event in islice(events_of(crowd), look_ups):
        assert isinstance(event, LookUpEvent)
        times_s.append(event.at_s)
        lines.append(_line(event))
    _write(path, lines)
    return Load(path, folder / "context", times_s)


def _line(event: LookUpEvent) -> bytes:
    fields = {name: getattr(event, name) for name in _FIELDS}
    return json.dumps({"occurred_at": event.at_text, **fields}).encode()


_FIELDS = ("event_id", "operator_id", "terminal_id", "function", "action", "resident_id")


def _write(path: Path, lines: Iterable[bytes]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with gzip.open(path, "wb", 1) as file:
        file.writelines(line + b"\n" for line in lines)
