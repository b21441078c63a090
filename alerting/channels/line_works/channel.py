"""The channel `line_works`: a bot of LINE WORKS (API 2.0) that writes to a room or a person."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any
from urllib.parse import quote

from pydantic import SecretStr

from alerting.channels.http import JSON, Answer, Poster, as_json
from alerting.channels.line_works.settings import LineWorksSettings
from alerting.channels.line_works.sign_in import SignIn
from alerting.channels.message import Message
from alerting.channels.wording import Wording
from alerting.errors import DeliveryError

_MAX_CHARACTERS = 2000


class LineWorksChannel:
    """Let the bot say each message; LINE WORKS knows no idempotency key.

    `now` is the wall clock in seconds since 1970. Raises MonomiError `secret_missing`,
    `secret_unusable` or `ca_unusable`.
    """

    def __init__(self, settings: LineWorksSettings, now: Callable[[], float] = time.time) -> None:
        self._settings = settings
        self._poster = Poster(settings)
        self._sign_in = SignIn(settings, self._poster, now)

    async def send(self, message: Message) -> None:
        """Return once LINE WORKS has taken the message; raises DeliveryError."""
        address, body = self._address(message), as_json(body_of(message))
        token = await self._sign_in.token()
        answer = await self._say(address, body, token)
        if answer.status == 401:  # withdrawn before its time
            answer = await self._say(address, body, await self._sign_in.token(refused=token))
        answer.raise_unless_taken()

    async def _say(self, address: SecretStr, body: bytes, token: SecretStr) -> Answer:
        headers = JSON | {"Authorization": f"Bearer {token.get_secret_value()}"}
        return await self._poster.post(address, body, headers)

    def _address(self, message: Message) -> SecretStr:
        settings = self._settings
        user_id = message.receiver or settings.user_id
        if user_id is not None:
            place = f"users/{quote(user_id, safe='@')}"
        elif settings.channel_id is not None:
            place = f"channels/{quote(settings.channel_id, safe='')}"
        else:
            raise DeliveryError(
                "the message has no receiver, and the channel no channel_id or user_id",
                permanent=True,
            )
        bot = f"{settings.api_url.rstrip('/')}/bots/{quote(settings.bot_id, safe='')}"
        return SecretStr(f"{bot}/{place}/messages")


def body_of(message: Message) -> dict[str, Any]:
    """Return what is posted: plain text, which is all that every client shows in full."""
    text = Wording(message).text_within(_MAX_CHARACTERS)
    return {"content": {"type": "text", "text": text}}
