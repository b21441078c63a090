"""From raw bytes to events: what is malformed is told apart here, with its reason."""

from __future__ import annotations

import base64
from datetime import UTC, datetime
from typing import Any, NamedTuple

from schemas.dead_letters import MAX_KEPT_BYTES, DeadLetter, Fault
from schemas.errors import MalformedError
from schemas.events import EVENT_DECODERS, Event
from schemas.record import Record, small_enough
from schemas.topics import TOPICS, Topic

AHEAD_S = 300.0
"""A record farther ahead of its Kafka timestamp is malformed."""


class Received(NamedTuple):
    """Hold one Kafka record as it came; `topic` without the deployment's prefix.

    `backfilled`: sent by `monomi backfill`, and so not live.
    """

    topic: str
    partition: int
    offset: int
    key: bytes | None
    value: bytes | None
    appended_s: float
    backfilled: bool = False


def decode_event(received: Received, *, refuse_future: bool = True) -> tuple[Event, int]:
    """Return an event and how many fields it has that the schema does not know.

    Raises MalformedError with the contract's reason.
    """
    decoder = EVENT_DECODERS[received.topic]
    event: Event | None = None if received.value is None else decoder.plain(received.value)
    unknown = 0
    if event is None:
        record = decode(received, TOPICS[received.topic])
        event, unknown = decoder.from_record(record), record.unknown_fields()
    elif received.key != event.operator_id.encode():
        raise _key_mismatch(TOPICS[received.topic])
    ahead_s = event.at_s - received.appended_s
    if refuse_future and ahead_s > AHEAD_S:
        raise MalformedError("from_the_future", f"{ahead_s:.0f} s ahead of its Kafka time")
    return event, unknown


def decode(received: Received, topic: Topic) -> Any:
    """Return the record of a topic; raises MalformedError with the contract's reason.

    None stands for a deleted key of a context topic.
    """
    record = _record(received, topic)
    if record is not None and received.key != topic.key_of(record).encode():
        raise _key_mismatch(topic)
    return record


def _key_mismatch(topic: Topic) -> MalformedError:
    return MalformedError("key_mismatch", f"the key is not the record's {topic.key}")


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
