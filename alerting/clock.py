"""The clock that alerting's parts are given; a test gives one that it moves by hand."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

Clock = Callable[[], datetime]


def now_utc() -> datetime:
    """Return the wall clock's time."""
    return datetime.now(UTC)
