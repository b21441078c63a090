"""A record that could not be applied, kept whole with its reason."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from schemas.record import Record, Text, Time

MAX_KEPT_BYTES = 1024 * 1024
"""Of a longer value this much is kept, and `truncated` says so."""


class Fault(Record):
    """Say why a record was refused."""

    code: Text
    message: Text


class DeadLetter(Record):
    """Hold one malformed record of any topic (topic `access.dead-letters`)."""

    topic: Text
    partition: Annotated[int, Field(ge=0)]
    offset: Annotated[int, Field(ge=0)]
    received_at: Time
    error: Fault
    truncated: bool
    value_base64: Text
