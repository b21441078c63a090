"""What a stream left in Kafka, and what replay says of the same files: the two sides compared."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from datetime import timedelta
from itertools import islice
from pathlib import Path
from typing import Any, NamedTuple

from models.profile import decode_profile
from models.recordings import EventFiles, Fault, load_context
from models.replay import Replay
from schemas.alerts import Alert
from schemas.record import parse_time
from tests.lookouts import CALENDAR, EAGER
from tests.workers import records_of

Key = tuple[str, int]
Row = dict[str, Any]
Revisions = dict[Key, Row]

_CLOCK_SLACK = timedelta(minutes=15)
"""An idle partition's clocks end by wall time less 15 minutes (contract)."""


class Expected(NamedTuple):
    """Hold what replay says: every revision, look-ups by operator, and the last one's time."""

    revisions: Revisions
    look_ups: Counter[str]
    last: str


def unexpected(fault: Fault) -> None:
    """Fail on a malformed line."""
    raise AssertionError(str(fault))


def replayed(files: Iterable[Path], context: Path, first: int | None = None) -> Expected:
    """Replay event files under the workers' policy, or only so many of their first records."""
    revisions: Revisions = {}
    look_ups: Counter[str] = Counter()

    def take(alert: Alert) -> None:
        row = json.loads(alert.to_json(exclude={"detected_at"}))
        revisions[row["alert_id"], row["revision"]] = row

    events = list(islice(EventFiles(list(files), unexpected), first))
    run = Replay(
        load_context(context, unexpected),
        EAGER,
        CALENDAR,
        take,
        lambda line: look_ups.update([line.operator_id]),
    )
    run.run(events)
    last = next(event for topic, event in reversed(events) if topic == "access.queries")
    return Expected(revisions, look_ups, last.occurred_at.isoformat())


def raised_rows(bootstrap: str, prefix: str) -> Iterator[tuple[Key, Row]]:
    """Yield every alert record in Kafka, repeated ones too, without the time of detection."""
    for record in records_of(bootstrap, f"{prefix}alerts"):
        row = json.loads(record.value)
        assert row.pop("detected_at") is not None
        assert record.key.decode() == row["alert_id"]
        yield (row["alert_id"], row["revision"]), row


def settled(revisions: Mapping[Key, Row], last: str) -> Revisions:
    """Return the revisions that a clock at the end of the stream has no part in."""
    until = parse_time(last) - _CLOCK_SLACK
    return {k: row for k, row in revisions.items() if parse_time(row["updated_at"]) <= until}


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
