"""What every channel is: something that takes a message, or says why it did not."""

from __future__ import annotations

import ssl
from typing import Protocol

from alerting.channels.message import Message


class Channel(Protocol):
    """Deliver messages to one place."""

    async def send(self, message: Message) -> None:
        """Return once the receiver has taken the message; raises DeliveryError."""


def distrust(error: BaseException) -> str | None:
    """Return why a receiver's certificate was not trusted, None where that was not the fault."""
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, ssl.SSLCertVerificationError):
            return f"the receiver's certificate is not trusted: {cause.verify_message}"
        cause = cause.__cause__ or cause.__context__
    return None
