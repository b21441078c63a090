"""From raw bytes to events: what is malformed is told apart here, with its reason."""

from __future__ import annotations

import base64
from datetime import UTC, datetime
from typing import Any, NamedTuple

from schemas.access import AccessQuery
from schemas.dead_letters import MAX_KEPT_BYTES, DeadLetter, Fault
from schemas.errors import MalformedError
from schemas.presence import Door, SignIn
from schemas.record import Record, small_enough
from schemas.topics import Topic

AHEAD_S = 300.0
"""A record farther ahead of its Kafka timestamp is malformed."""

Event = AccessQuery | SignIn | Door


class Received(NamedTuple):
    """Hold one Kafka record as it came; `topic` without the deployment's prefix."""

    topic: str
    partition: int
    offset: int
    key: bytes | None
    value: bytes | None
    appended_s: float


def decode(received: Received, topic: Topic, *, refuse_future: bool = True) -> Any:
    """Return the record of a topic; raises MalformedError with the contract's reason.

    None stands for a deleted key of a context topic.
    """
    record = _record(received, topic)
    if record is None:
        return None
    if received.key != topic.key_of(record).encode():
        raise MalformedError("key_mismatch", f"the key is not the record's {topic.key}")
    if refuse_future and topic.kind == "event":
        ahead_s = record.occurred_at.timestamp() - received.appended_s
        if ahead_s > AHEAD_S:
            raise MalformedError("from_the_future", f"{ahead_s:.0f} s ahead of its Kafka time")
    return record


def _record(received: Received, topic: Topic) -> Any:
    value = received.value
    if value is None:
        if topic.kind == "context":
            return None
        raise MalformedError("no_value", "a record without a value")
    return topic.record.parse(small_enough(value))


def context_key(received: Received, topic: Topic, record: Record | None) -> str:
    """Return the key under which a context record is kept; raises MalformedError."""
    if record is not None:
        return topic.key_of(record)
    try:
        return (received.key or b"").decode()
    except UnicodeDecodeError:
        raise MalformedError("key_mismatch", "a key that is not UTF-8") from None


def dead_letter(received: Received, name: str, error: MalformedError) -> bytes:
    """Return the dead letter of a record; `name` is the Kafka topic, prefix and all."""
    value = received.value or b""
    letter = DeadLetter(
        topic=name,
        partition=received.partition,
        offset=received.offset,
        received_at=datetime.now(UTC),
        error=Fault(code=error.code, message=error.sentence),
        truncated=len(value) > MAX_KEPT_BYTES,
        value_base64=base64.b64encode(value[:MAX_KEPT_BYTES]).decode(),
    )
    return letter.to_json()
