"""The channel `webhook`: JSON, signed as Standard Webhooks do, so that libraries can check it.

https://www.standardwebhooks.com: `webhook-id` is the idempotency key, `webhook-signature` is
`v1,` and the base64 of HMAC-SHA256 over `<webhook-id>.<webhook-timestamp>.<body>`.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import time
from collections.abc import Callable
from typing import Any

from pydantic import SecretBytes, SecretStr

from alerting.channels.http import JSON, Poster, as_json
from alerting.channels.message import Message, Notice
from alerting.channels.webhook.settings import WebhookSettings
from alerting.channels.wording import Wording
from schemas.errors import MonomiError
from schemas.record import format_time

_PREFIX = "whsec_"
_LEAST_SECRET_BYTES = 24


class WebhookChannel:
    """Post each message as JSON with its signature.

    `now` is the wall clock in seconds since 1970. Raises MonomiError `secret_missing`,
    `secret_unusable` or `ca_unusable`.
    """

    def __init__(self, settings: WebhookSettings, now: Callable[[], float] = time.time) -> None:
        self._address = SecretStr(settings.url)
        self._key = signing_key(settings.secret("secret"))
        self._poster = Poster(settings)
        self._now = now

    async def send(self, message: Message) -> None:
        """Return once the receiver has taken the message; raises DeliveryError."""
        body = as_json(body_of(message))
        timestamp = str(int(self._now()))
        headers = JSON | {
            "Idempotency-Key": message.opaque_key,
            "webhook-id": message.opaque_key,
            "webhook-timestamp": timestamp,
            "webhook-signature": signature(self._key, message.opaque_key, timestamp, body),
        }
        (await self._poster.post(self._address, body, headers)).raise_unless_taken()


def signing_key(secret: SecretStr) -> SecretBytes:
    """Return the key that a secret stands for; raises MonomiError `secret_unusable`."""
    value = secret.get_secret_value()
    try:
        key = (
            base64.b64decode(value.removeprefix(_PREFIX), validate=True)
            if value.startswith(_PREFIX)
            else value.encode()
        )
    except binascii.Error:
        key = b""
    if len(key) < _LEAST_SECRET_BYTES:
        raise MonomiError(
            "secret_unusable",
            f"a webhook's secret needs {_LEAST_SECRET_BYTES} characters or more, or whsec_ and "
            "the base64 of as many bytes",
        )
    return SecretBytes(key)


def signature(key: SecretBytes, message_id: str, timestamp: str, body: bytes) -> str:
    """Return the signature of a message, as its header holds it (here: the specification's own).

    >>> key = signing_key(SecretStr("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"))
    >>> message_id = "msg_p5jXN8AQM9LWM0D4loKWxJek"
    >>> signature(key, message_id, "1614265330", b'{"test": 2432232314}')
    'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE='
    """
    signed = b".".join((message_id.encode(), timestamp.encode(), body))
    digest = hmac.digest(key.get_secret_value(), signed, hashlib.sha256)
    return "v1," + base64.b64encode(digest).decode()


def body_of(message: Message) -> dict[str, Any]:
    """Return what is posted: the message, for programs and in words."""
    wording = Wording(message)
    return {
        "type": message.kind,
        "language": message.language,
        "title": wording.title,
        "text": wording.lead,
        "next_step": wording.next_step,
        "link": message.link,
        "alerts": [_alert(notice) for notice in message.notices],
    }


def _alert(notice: Notice) -> dict[str, Any]:
    operator = {} if notice.operator_id is None else {"operator_id": notice.operator_id}
    return {
        "alert_id": notice.alert_id,
        "severity": notice.severity,
        "section": notice.section,
        "opened_at": format_time(notice.opened_at),
        "look_ups": notice.look_ups,
        "reasons": list(notice.reasons),
        "more_reasons": notice.more_reasons,
        "link": notice.link,
    } | operator
