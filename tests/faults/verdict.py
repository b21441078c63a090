"""What a soak comes to: the stream's alerts and state beside what replay makes of the same file."""

from __future__ import annotations

import json
from collections import Counter
from datetime import timedelta
from pathlib import Path
from typing import Any, NamedTuple

from models.profile import decode_profile
from models.recordings import EventFiles, Fault, load_context
from models.replay import Replay
from schemas.alerts import Alert
from schemas.record import parse_time
from tests.lookouts import CALENDAR, EAGER
from tests.workers import records_of

Revision = tuple[str, int]
Revisions = dict[Revision, dict[str, Any]]

_CLOCK_SLACK = timedelta(minutes=15)
"""An idle partition's clocks end by wall time less 15 minutes (contract)."""


class Expected(NamedTuple):
    """Hold what replay says: every revision, look-ups by operator, and the last one's time."""

    revisions: Revisions
    look_ups: Counter[str]
    last: str


class Verdict(NamedTuple):
    """Name what a stream lost or doubled against replay; both empty where it did neither."""

    lost: list[str]
    doubled: list[str]


def expected_of(path: Path, context: Path, look_ups: int) -> Expected:
    """Replay the first look-ups of a file, those that were sent."""
    revisions: Revisions = {}
    counted: Counter[str] = Counter()
    last = ""

    def take(alert: Alert) -> None:
        row = json.loads(alert.to_json(exclude={"detected_at"}))
        revisions[row["alert_id"], row["revision"]] = row

    events = [event for event, _ in zip(EventFiles([path], _refuse), range(look_ups), strict=False)]
    last = events[-1][1].occurred_at.isoformat()
    replay = Replay(
        load_context(context, _refuse),
        EAGER,
        CALENDAR,
        take,
        lambda line: counted.update([line.operator_id]),
    )
    replay.run(events)
    return Expected(revisions, counted, last)


def _refuse(fault: Fault) -> None:
    raise AssertionError(str(fault))


def verdict_of(bootstrap: str, prefix: str, expected: Expected) -> Verdict:
    """Compare Kafka's alerts and the state's counts with replay's."""
    lost: list[str] = []
    doubled: list[str] = []
    until = parse_time(expected.last) - _CLOCK_SLACK
    want = {k: row for k, row in expected.revisions.items() if _settled(row, until)}
    got: Revisions = {}
    for record in records_of(bootstrap, f"{prefix}alerts"):
        row = json.loads(record.value)
        row.pop("detected_at")
        key = (row["alert_id"], row["revision"])
        if got.setdefault(key, row) != row:
            doubled.append(f"revision {key}: two contents in Kafka")
    got = {key: row for key, row in got.items() if _settled(row, until)}
    lost += [f"revision {key}: not in Kafka" for key in want.keys() - got.keys()]
    doubled += [f"revision {key}: unknown to replay" for key in got.keys() - want.keys()]
    for key in want.keys() & got.keys():
        if want[key] != got[key]:
            fields = [name for name in want[key] if want[key][name] != got[key].get(name)]
            doubled.append(f"revision {key}: other content than replay's, in {', '.join(fields)}")
    counted = applied_look_ups(bootstrap, prefix)
    for operator_id in sorted(expected.look_ups.keys() | counted.keys()):
        more = counted[operator_id] - expected.look_ups[operator_id]
        if more:
            told = f"{operator_id}: {abs(more)} look-ups too {'many' if more > 0 else 'few'}"
            (doubled if more > 0 else lost).append(told)
    return Verdict(sorted(lost), sorted(doubled))


def _settled(row: dict[str, Any], until: Any) -> bool:
    """Return whether a clock at the end of the stream has no part in a revision."""
    return bool(parse_time(row["updated_at"]) <= until)


def applied_look_ups(bootstrap: str, prefix: str) -> Counter[str]:
    """Return how many look-ups each operator's state has counted, by the changelog."""
    newest = {r.key: r.value for r in records_of(bootstrap, f"{prefix}monomi.state")}
    return Counter(
        {
            key[1:].decode(): decode_profile(value).look_ups
            for key, value in newest.items()
            if key[:1] == b"o" and value is not None
        }
    )
