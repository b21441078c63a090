"""What the chats with an incoming webhook share: an address, and a body made of the message."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from alerting.channels.http import JSON, Poster, as_json
from alerting.channels.message import Message
from alerting.channels.settings import HookSettings

BodyOf = Callable[[Message], dict[str, Any]]


class HookChannel:
    """Post each message to the channel that the hook belongs to, as `body_of` writes it.

    Raises MonomiError `secret_missing`, `secret_unusable` or `ca_unusable`.
    """

    def __init__(self, settings: HookSettings, body_of: BodyOf) -> None:
        self._address = settings.address()
        self._poster = Poster(settings)
        self._body_of = body_of

    async def send(self, message: Message) -> None:
        """Return once the chat has taken the message; raises DeliveryError."""
        answer = await self._poster.post(self._address, as_json(self._body_of(message)), JSON)
        answer.raise_unless_taken()
