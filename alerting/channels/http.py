"""One POST to a receiver: never longer than it may take, never anywhere else, nothing told."""

from __future__ import annotations

import asyncio
import json
import logging
import time
from dataclasses import dataclass
from datetime import UTC
from email.utils import parsedate_to_datetime
from typing import Any

import httpx
from pydantic import SecretStr

from alerting.channels.channel import distrust
from alerting.channels.settings import HttpSettings
from alerting.errors import DeliveryError

_MAX_ANSWER_BYTES = 64 * 1024
_MAX_RETRY_AFTER_S = 24 * 3600.0
_TEMPORARY = frozenset({408, 425, 429})
JSON = {"Content-Type": "application/json; charset=utf-8"}


class _HidesAddresses(logging.Filter):
    """Take paths out of httpx's log: a hook's address is its secret."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Keep every record, of addresses the scheme and host alone."""
        if isinstance(record.args, tuple):
            record.args = tuple(
                f"{value.scheme}://{value.host}/…" if isinstance(value, httpx.URL) else value
                for value in record.args
            )
        return True


logging.getLogger("httpx").addFilter(_HidesAddresses())


@dataclass(frozen=True)
class Answer:
    """Hold what a receiver answered; of a body over 64 KiB, the beginning."""

    status: int
    body: bytes
    retry_after_s: float | None

    def raise_unless_taken(self) -> None:
        """Return on a status 2xx; raises DeliveryError on any other."""
        if not 200 <= self.status < 300:
            raise _refusal(self)


class Poster:
    """Post to the receivers of one channel.

    Redirects are not followed, the environment's proxies and sign-ins not used. Nothing that a
    receiver answers is passed on in an error. Raises MonomiError `ca_unusable`.
    """

    def __init__(self, settings: HttpSettings) -> None:
        self._settings = settings
        self._trust = settings.trust()

    async def post(self, address: SecretStr, body: bytes, headers: dict[str, str]) -> Answer:
        """Return the answer; raises DeliveryError where none comes in time."""
        timeout_s = self._settings.timeout_s
        try:
            # httpx limits each read; a receiver that drips would never end.
            async with asyncio.timeout(timeout_s):
                return await self._exchange(address, body, headers)
        except (TimeoutError, httpx.TimeoutException):
            sentence = f"the receiver did not answer within {timeout_s:g} s"
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            sentence = _fault(error)
        raise DeliveryError(sentence, permanent=False) from None

    async def _exchange(self, address: SecretStr, body: bytes, headers: dict[str, str]) -> Answer:
        client = httpx.AsyncClient(
            verify=self._trust,
            trust_env=False,
            follow_redirects=False,
            timeout=self._settings.timeout_s,
            proxy=self._settings.proxy_url,
            headers={"User-Agent": "monomi", "Accept-Encoding": "identity"},
        )
        async with (
            client,
            client.stream(
                "POST", address.get_secret_value(), content=body, headers=headers
            ) as answer,
        ):
            read = bytearray()
            # Never unpacked: a few bytes could become all memory.
            async for chunk in answer.aiter_raw():
                read += chunk
                if len(read) >= _MAX_ANSWER_BYTES:
                    break
            retry_after_s = _seconds(answer.headers.get("Retry-After"))
            return Answer(answer.status_code, bytes(read[:_MAX_ANSWER_BYTES]), retry_after_s)


def as_json(value: Any) -> bytes:
    """Return JSON in UTF-8, short enough for services that count bytes."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()


def _seconds(retry_after: str | None) -> float | None:
    """Return the seconds that a Retry-After asks for, a day at most; None where it asks nothing."""
    if retry_after is None:
        return None
    try:
        wait_s = float(retry_after) if retry_after.strip().isdecimal() else _until(retry_after)
    except ValueError:
        return None
    return min(max(wait_s, 0.0), _MAX_RETRY_AFTER_S)


def _until(date: str) -> float:
    moment = parsedate_to_datetime(date)
    return (moment.replace(tzinfo=moment.tzinfo or UTC)).timestamp() - time.time()


def _refusal(answer: Answer) -> DeliveryError:
    status = answer.status
    if status in _TEMPORARY or status >= 500:
        return DeliveryError(
            f"the receiver cannot take it now (HTTP {status})",
            permanent=False,
            retry_after_s=answer.retry_after_s,
        )
    if 300 <= status < 400:
        why = "redirects elsewhere, which is not followed: give its final address"
    elif status in (401, 403):
        why = "does not accept the sign-in or the address: check the channel's secrets"
    elif status in (404, 410):
        why = "has nothing at this address any more: check it, or have a new one made"
    else:
        why = "does not accept the message as it is"
    return DeliveryError(f"the receiver {why} (HTTP {status})", permanent=True)


def _fault(error: Exception) -> str:
    """Return why there was no answer, without the address."""
    if why := distrust(error):
        return why
    if isinstance(error, httpx.ProxyError):
        return "the proxy does not let it through"
    if isinstance(error, httpx.ConnectError):
        return "the receiver cannot be reached"
    return "the connection to the receiver broke off"
