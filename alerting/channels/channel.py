"""What every channel is: something that takes a message, or says why it did not."""

from __future__ import annotations

import ssl
from typing import Protocol

from alerting.channels.message import Message
from schemas.errors import MonomiError


class DeliveryError(MonomiError):
    """Say in one sentence why a receiver did not take a message.

    `permanent`: trying again as things are set will never succeed. `retry_after_s`: how long
    the receiver asked to be left alone, or None. The sentence holds no secret and nothing that
    the receiver wrote.
    """

    def __init__(
        self, sentence: str, *, permanent: bool, retry_after_s: float | None = None
    ) -> None:
        super().__init__("not_delivered", sentence)
        self.permanent = permanent
        self.retry_after_s = retry_after_s


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
