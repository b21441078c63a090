"""The topic table: every topic's key, record and how Kafka keeps it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from schemas.access import AccessQuery
from schemas.alerts import Alert, AlertStatus, Disposition, Evidence
from schemas.dead_letters import DeadLetter
from schemas.directory import Operator, Resident, Section, Terminal
from schemas.presence import Door, SignIn
from schemas.record import Record
from schemas.work import Case, Shift

_DAY_MS = 24 * 3600 * 1000


@dataclass(frozen=True)
class Topic:
    """Describe one topic: whose records, keyed by which field, kept how.

    `spread` topics have the deployment's number of partitions, the others one. `keep_days`
    None keeps for good (a compacted topic keeps the last record of each key).
    """

    name: str
    kind: Literal["event", "context", "result"]
    key: str | None
    record: type[Record]
    spread: bool = False
    compacted: bool = False
    keep_days: int | None = None
    max_value_bytes: int = 1024 * 1024

    def key_of(self, record: Record) -> str:
        """Return the key under which a record of this topic travels."""
        return str(getattr(record, self.key or ""))

    def config(self) -> Mapping[str, str]:
        """Return the topic's settings as Kafka names them."""
        keep_ms = -1 if self.keep_days is None else self.keep_days * _DAY_MS
        return {
            "cleanup.policy": "compact" if self.compacted else "delete",
            "retention.ms": str(keep_ms),
            # Kafka's own clock: latency is counted from the append, and an old log that is
            # produced today is not deleted for its age.
            "message.timestamp.type": "LogAppendTime",
            "max.message.bytes": str(self.max_value_bytes + 64 * 1024),
        }


_TABLE = (
    Topic("access.queries", "event", "operator_id", AccessQuery, spread=True, keep_days=30),
    Topic("presence.signins", "event", "operator_id", SignIn, spread=True, keep_days=30),
    Topic("presence.doors", "event", "operator_id", Door, spread=True, keep_days=30),
    Topic("directory.operators", "context", "operator_id", Operator, compacted=True),
    Topic("directory.sections", "context", "section_id", Section, compacted=True),
    Topic("directory.terminals", "context", "terminal_id", Terminal, compacted=True),
    Topic("directory.residents", "context", "resident_id", Resident, compacted=True),
    Topic("work.cases", "context", "case_id", Case, compacted=True),
    Topic("work.shifts", "context", "shift_id", Shift, compacted=True),
    Topic("alerts", "result", "alert_id", Alert, spread=True, compacted=True),
    Topic("alerts.evidence", "result", "alert_id", Evidence, spread=True, compacted=True),
    Topic("alerts.status", "result", "alert_id", AlertStatus, spread=True, compacted=True),
    Topic("alerts.dispositions", "result", "alert_id", Disposition, spread=True),
    # A dead letter holds up to 1 MiB, a third longer in base64.
    Topic("access.dead-letters", "result", None, DeadLetter, keep_days=90, max_value_bytes=3 << 19),
)

TOPICS: Mapping[str, Topic] = {topic.name: topic for topic in _TABLE}
"""All topics of the contract by name, without the deployment's prefix."""

EVENT_TOPICS = tuple(topic for topic in _TABLE if topic.kind == "event")
CONTEXT_TOPICS = tuple(topic for topic in _TABLE if topic.kind == "context")
