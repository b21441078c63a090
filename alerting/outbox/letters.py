"""What the outbox holds."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class Letter:
    """Hold one thing to send.

    A destination takes a key once: the same letter written again is the same letter, and
    whoever receives it twice knows it by its key. Letters of one lane (to one destination)
    are sent in the order in which they were written; without a lane, in any. `due_at` None:
    at once.
    """

    destination: str
    key: str
    payload: str
    lane: str | None = None
    due_at: datetime | None = None


@dataclass(frozen=True)
class Leased:
    """Hold a letter that one dispatcher may send until its lease ends; `attempts` counts it."""

    id: int
    letter: Letter
    attempts: int
    lease_until: datetime
