"""Times that a filter of the interface takes."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated

from pydantic import AfterValidator, AwareDatetime, BeforeValidator, WithJsonSchema

_EARLIEST = datetime(1970, 1, 1, tzinfo=UTC)
_LATEST = datetime(2148, 1, 1, tzinfo=UTC)


def _written_out(value: object) -> object:
    """Refuse numbers, which a library would take for seconds of an epoch."""
    if not isinstance(value, str) or "T" not in value.upper():
        raise ValueError("not a time of RFC 3339")
    return value


def _within_reach(moment: datetime) -> datetime:
    """Return a time that the store can compare; no alert lies beyond."""
    return min(max(moment, _EARLIEST), _LATEST)


FilterTime = Annotated[
    AwareDatetime,
    BeforeValidator(_written_out),
    AfterValidator(_within_reach),
    WithJsonSchema({"type": "string", "format": "date-time"}),
]
"""An RFC 3339 time with an offset."""
