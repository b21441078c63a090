"""How the bot's app signs in to LINE WORKS: a signed claim for an access token of some hours."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Callable
from urllib.parse import urlencode

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import RSAKey
from pydantic import SecretStr

from alerting.channels.http import Answer, Poster
from alerting.channels.line_works.settings import LineWorksSettings
from alerting.errors import DeliveryError
from schemas.errors import MonomiError

_FORM = {"Content-Type": "application/x-www-form-urlencoded"}
_CLAIM_S = 600
_EARLY_S = 60
_SHORTEST_S = 60


class SignIn:
    """Keep an access token, and bring a new one before it ends or once it is refused.

    `now` is the wall clock in seconds since 1970. Raises MonomiError `secret_missing` or
    `secret_unusable`.
    """

    def __init__(
        self, settings: LineWorksSettings, poster: Poster, now: Callable[[], float] = time.time
    ) -> None:
        self._settings = settings
        self._poster = poster
        self._now = now
        self._secret = settings.secret("client_secret")
        self._key = _private_key(settings.secret("private_key"))
        self._turn = asyncio.Lock()
        self._token: SecretStr | None = None
        self._until = 0.0

    async def token(self, refused: SecretStr | None = None) -> SecretStr:
        """Return a token other than the refused one; raises DeliveryError."""
        async with self._turn:
            if self._token is None or self._token == refused or self._now() >= self._until:
                self._token, lasts_s = await self._fetch()
                self._until = self._now() + max(lasts_s - _EARLY_S, _SHORTEST_S)
            return self._token

    async def _fetch(self) -> tuple[SecretStr, float]:
        settings, now = self._settings, int(self._now())
        claims = {
            "iss": settings.client_id,
            "sub": settings.service_account,
            "iat": now,
            "exp": now + _CLAIM_S,
        }
        form = {
            "assertion": jwt.encode({"alg": "RS256", "typ": "JWT"}, claims, self._key),
            "grant_type": "urn:ietf:params:oauth:grant-type:jwt-bearer",
            "client_id": settings.client_id,
            "client_secret": self._secret.get_secret_value(),
            "scope": "bot.message",
        }
        address = SecretStr(settings.auth_url)
        answer = await self._poster.post(address, urlencode(form).encode(), _FORM)
        if answer.status in (400, 401):
            raise DeliveryError(
                "LINE WORKS refuses the sign-in: check client_id, service_account and the secrets "
                f"(HTTP {answer.status})",
                permanent=True,
            )
        answer.raise_unless_taken()
        return _read(answer)


def _read(answer: Answer) -> tuple[SecretStr, float]:
    try:
        given = json.loads(answer.body)
        # LINE WORKS writes the seconds as a text.
        token, lasts_s = str(given["access_token"]), float(given["expires_in"])
    except (ValueError, KeyError, TypeError):
        raise DeliveryError(
            "LINE WORKS gave no access token where one belongs", permanent=False
        ) from None
    return SecretStr(token), lasts_s


def _private_key(pem: SecretStr) -> RSAKey:
    try:
        return RSAKey.import_key(pem.get_secret_value())
    except (JoseError, ValueError, TypeError):
        raise MonomiError(
            "secret_unusable",
            "private_key is no RSA key in PEM: take the file from LINE WORKS' Developer Console",
        ) from None
