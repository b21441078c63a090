"""Who was where: sign-ins at terminals and door readers."""

from __future__ import annotations

from typing import Literal

from schemas.record import EventTime, Id, Record


class SignIn(Record):
    """Hold one sign-in, sign-out or failed try at a terminal (topic `presence.signins`)."""

    event_id: Id
    occurred_at: EventTime
    operator_id: Id
    terminal_id: Id
    session_id: Id | None = None
    method: Literal["fingerprint", "card", "password"]
    outcome: Literal["success", "failure", "sign_out"]

    @property
    def at_s(self) -> float:
        """Return the Unix time of `occurred_at`."""
        return self.occurred_at.timestamp()


class Door(Record):
    """Hold one passage at a door reader (topic `presence.doors`)."""

    event_id: Id
    occurred_at: EventTime
    operator_id: Id
    zone_id: Id
    direction: Literal["in", "out"]

    @property
    def at_s(self) -> float:
        """Return the Unix time of `occurred_at`."""
        return self.occurred_at.timestamp()
