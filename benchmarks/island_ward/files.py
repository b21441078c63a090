"""Write a ward's files: events in the order in which they arrived, context, labels."""

from __future__ import annotations

import gzip
import json
import random
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from benchmarks.island_ward import directory
from benchmarks.island_ward.days import DAY, HOUR, MINUTE, SECOND, stamp
from benchmarks.island_ward.records import Act, Passage, Sign
from benchmarks.island_ward.ward import Ward

_Line = dict[str, Any]
_Event = Act | Sign | Passage


def write(ward: Ward, out: Path) -> dict[str, int]:
    """Write all files of a ward; return how many lines each kind has."""
    context = out / "context"
    context.mkdir(parents=True, exist_ok=True)
    events: tuple[tuple[str, str, list[Any]], ...] = (
        ("access.queries", "q", ward.log.acts),
        ("presence.signins", "s", ward.log.signs),
        ("presence.doors", "d", ward.log.passages),
    )
    counts, ids = {}, dict[int, str]()
    for topic, letter, happened in events:
        lines = list(_arrived(ward, letter, happened, ids))
        packed = gzip.compress(_text(lines), compresslevel=6, mtime=0)
        (out / f"{topic}.jsonl.gz").write_bytes(packed)
        counts[topic] = len(lines)
    for topic, rows in directory.topics(ward):
        (context / f"{topic}.jsonl").write_bytes(_text(rows))
        counts[topic] = len(rows)
    labels = list(_labels(ward, ids))
    (out / "labels.jsonl").write_bytes(_text(labels))
    counts["labels"] = len(labels)
    return counts


def _text(rows: Iterable[_Line]) -> bytes:
    lines = (json.dumps(row, ensure_ascii=False, separators=(",", ":")) for row in rows)
    return "".join(line + "\n" for line in lines).encode()


def _arrived(
    ward: Ward, letter: str, happened: list[_Event], ids: dict[int, str]
) -> Iterator[_Line]:
    """Yield events as they arrived: some late, some twice, the branch's after a cut of its link."""
    rng = random.Random(f"{ward.seed}:wire:{letter}")
    cut = {d for d, sails in enumerate(ward.calendar.sails) if not sails and rng.random() < 0.3}
    arrivals: list[tuple[int, int, _Event]] = []
    for event in sorted(happened, key=lambda event: (event.at, event.operator_id)):
        arrives, day = event.at + rng.randint(0, 3 * SECOND), event.at // DAY
        place = event.zone_id if isinstance(event, Passage) else event.terminal_id
        if day in cut and place.startswith(("KOJ", "kojima")):
            arrives = max(arrives, day * DAY + 17 * HOUR + rng.randint(0, 60) * MINUTE)
        elif rng.random() < 0.003:
            arrives += int(rng.lognormvariate(0, 1.0) * 40 * MINUTE)
        arrivals.append((arrives, len(arrivals), event))
        if rng.random() < 0.0025:
            again = arrives + int(rng.expovariate(1 / 90) * SECOND)
            arrivals.append((again, len(arrivals), event))
    arrivals.sort(key=lambda arrival: arrival[:2])
    for _, order, event in arrivals:
        ids.setdefault(id(event), f"{letter}{order * 7_368_787 % 99_999_989:08d}")
        yield _line(event, ids[id(event)])


def _line(event: _Event, event_id: str) -> _Line:
    line: _Line = {
        "event_id": event_id,
        "occurred_at": stamp(event.at),
        "operator_id": event.operator_id,
    }
    if isinstance(event, Passage):
        return {**line, "zone_id": event.zone_id, "direction": event.direction}
    line["terminal_id"] = event.terminal_id
    if event.session_id:
        line["session_id"] = event.session_id
    if isinstance(event, Sign):
        return {**line, "method": event.method, "outcome": event.outcome}
    line |= {"function": event.function, "action": event.action, "resident_id": event.resident_id}
    if event.search:
        kind, wildcard, hits, sequential = event.search
        line["search"] = {"kind": kind, "wildcard": wildcard, "hits": hits}
        if sequential:
            line["search"]["sequential"] = True
    for name in ("case_id", "purpose", "copies"):
        if getattr(event, name) is not None:
            line[name] = getattr(event, name)
    if event.overridden:
        line["warning_overridden"] = True
    return line


def _labels(ward: Ward, ids: dict[int, str]) -> Iterator[_Line]:
    """Yield the misuse that was done; what nobody came to do is none."""
    done: dict[int, list[Act]] = {}
    for act in ward.log.acts:
        if act.label is not None:
            done.setdefault(act.label, []).append(act)
    for number, draft in enumerate(ward.errands.drafts):
        acts = sorted(done.get(number, ()), key=lambda act: act.at)
        if acts:
            yield {
                "label_id": f"island-{number + 1:03d}",
                "kind": draft.kind,
                "operator_id": draft.operator_id,
                "resident_id": draft.resident_id,
                "event_ids": [ids[id(act)] for act in acts],
                "starts_at": stamp(acts[0].at),
                "ends_at": stamp(acts[-1].at),
            }
