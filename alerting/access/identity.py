"""Sign-in by the ward's own identity provider: OpenID Connect, by code, with PKCE."""

from __future__ import annotations

import secrets
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

import httpx2
from authlib.integrations.httpx_client import AsyncOAuth2Client, OAuthError
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet
from pydantic import Field

from alerting.access.person import Person, Role, is_person_id
from schemas.errors import MonomiError
from schemas.settings import Settings

_ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "EdDSA")
"""Those of public keys alone: nothing that a client's secret could sign."""
_TIMEOUT_S = 10.0
_PENDING_S = 600.0
_MOST_PENDING = 1000
_LEEWAY_S = 60
_NAME_CHARS = 100


class IdentitySettings(Settings):
    """Say which identity provider signs people in, and whom it makes what.

    Every field is `MONOMI_<NAME>` in the environment (`MONOMI_OIDC_ISSUER`, …).
    """

    oidc_issuer: str = Field("", description="The provider's address; empty: local accounts")
    oidc_client_id: str = Field("monomi", description="What the provider calls this console")
    oidc_secret_file: Path | None = Field(
        None, description="File of the client's secret; none: a public client"
    )
    oidc_scope: str = Field("openid profile", description="What the provider is asked for")
    oidc_person_claim: str = Field(
        "preferred_username", description="Claim that holds the person's (operator's) id"
    )
    oidc_roles_claim: str = Field("groups", description="Claim that holds the person's groups")
    oidc_roles: dict[str, Role] = Field(
        {}, description='Roles by group as JSON, the first that fits: {"ward-privacy": "auditor"}'
    )


class Begun(NamedTuple):
    """Hold where to send a browser, and the `state` that it must bring back."""

    url: str
    state: str


@dataclass(frozen=True)
class _Pending:
    nonce: str
    verifier: str
    redirect_uri: str
    until_s: float


class IdentityProvider:
    """Sign people in at a provider.

    What is pending is kept in memory for ten minutes: a console that is started anew meanwhile
    lets its people begin again. Raises MonomiError `identity_unusable` for a secret that cannot
    be read.
    """

    def __init__(self, settings: IdentitySettings) -> None:
        self._settings = settings
        self._secret = _secret(settings.oidc_secret_file)
        self._pending: dict[str, _Pending] = {}
        self._description: Mapping[str, Any] | None = None
        self._keys: KeySet | None = None

    async def begin(self, redirect_uri: str) -> Begun:
        """Return where to send a browser to sign in; raises MonomiError `identity_unreachable`."""
        description = await self._described()
        nonce, verifier = secrets.token_urlsafe(24), secrets.token_urlsafe(48)
        async with self._client(redirect_uri) as client:
            url, state = client.create_authorization_url(
                description["authorization_endpoint"], code_verifier=verifier, nonce=nonce
            )
        self._forget()
        until_s = time.monotonic() + _PENDING_S
        self._pending[state] = _Pending(nonce, verifier, redirect_uri, until_s)
        return Begun(url, state)

    async def finish(self, state: str, answer_url: str) -> Person:
        """Return who came back from the provider; `answer_url` is the address they came to.

        A state is good once. Raises MonomiError `identity_unreachable`, `identity_refused` or
        `identity_without_role`.
        """
        self._forget()
        pending = self._pending.pop(state, None)
        if pending is None:
            raise _refused("the sign-in took too long or was begun elsewhere")
        description = await self._described()
        try:
            async with self._client(pending.redirect_uri) as client:
                token = await client.fetch_token(
                    description["token_endpoint"],
                    authorization_response=answer_url,
                    state=state,
                    code_verifier=pending.verifier,
                )
        except httpx2.HTTPError as error:
            raise self._unreachable(error) from None
        except OAuthError as error:
            raise _refused(str(error)) from None
        return self._person(await self._claims(token, pending.nonce))

    async def _claims(self, token: Mapping[str, Any], nonce: str) -> Mapping[str, Any]:
        """Return what a signed identity says, once all that must hold of it does."""
        settings = self._settings
        checks = jwt.JWTClaimsRegistry(
            leeway=_LEEWAY_S,
            iss={"essential": True, "value": (await self._described())["issuer"]},
            aud={"essential": True, "value": settings.oidc_client_id},
            sub={"essential": True},
            exp={"essential": True},
            nonce={"essential": True, "value": nonce},
        )
        for fresh in (False, True):  # keys are changed now and then
            keys = await self._signing_keys(fresh=fresh)
            try:
                identity = jwt.decode(str(token.get("id_token")), keys, algorithms=_ALGORITHMS)
                checks.validate(identity.claims)
            except (JoseError, ValueError) as error:
                if fresh:
                    raise _refused(f"its answer does not hold ({error})") from None
            else:
                return identity.claims
        raise AssertionError  # the second time returns or raises

    def _person(self, claims: Mapping[str, Any]) -> Person:
        settings = self._settings
        person_id = str(claims.get(settings.oidc_person_claim, ""))
        if not is_person_id(person_id):
            raise _refused(f"it names nobody in {settings.oidc_person_claim}")
        given = claims.get(settings.oidc_roles_claim)
        groups = given if isinstance(given, list) else [given]
        role = next((r for group, r in settings.oidc_roles.items() if group in groups), None)
        if role is None:
            raise MonomiError(
                "identity_without_role",
                f"{person_id} is in no group that has a role here: see MONOMI_OIDC_ROLES",
            )
        return Person(person_id, role, str(claims.get("name", person_id))[:_NAME_CHARS])

    async def _described(self) -> Mapping[str, Any]:
        if self._description is None:
            issuer = self._settings.oidc_issuer.rstrip("/")
            found = await self._fetched(f"{issuer}/.well-known/openid-configuration")
            if str(found.get("issuer", "")).rstrip("/") != issuer:
                raise _refused("it calls itself by another address than MONOMI_OIDC_ISSUER")
            self._description = found
        return self._description

    async def _signing_keys(self, *, fresh: bool) -> KeySet:
        if self._keys is None or fresh:
            found = await self._fetched((await self._described())["jwks_uri"])
            self._keys = KeySet.import_key_set(found)  # type: ignore[arg-type]
        return self._keys

    async def _fetched(self, url: str) -> dict[str, Any]:
        try:
            async with httpx2.AsyncClient(timeout=_TIMEOUT_S) as client:
                answer = await client.get(url)
                answer.raise_for_status()
                found: dict[str, Any] = answer.json()
        except (httpx2.HTTPError, httpx2.InvalidURL, ValueError) as error:
            raise self._unreachable(error) from None
        return found

    def _client(self, redirect_uri: str) -> Any:
        settings = self._settings
        return AsyncOAuth2Client(
            settings.oidc_client_id,
            self._secret,
            scope=settings.oidc_scope,
            redirect_uri=redirect_uri,
            code_challenge_method="S256",
            timeout=_TIMEOUT_S,
        )

    def _forget(self) -> None:
        """Let go of what nobody came back for, and of the oldest where it is too much."""
        now_s = time.monotonic()
        kept = {state: p for state, p in self._pending.items() if p.until_s > now_s}
        self._pending = dict(list(kept.items())[-_MOST_PENDING:])

    def _unreachable(self, error: object) -> MonomiError:
        return MonomiError(
            "identity_unreachable",
            f"the identity provider {self._settings.oidc_issuer} does not answer as it should "
            f"({error!r}): see MONOMI_OIDC_ISSUER",
        )


def _secret(path: Path | None) -> str | None:
    if path is None:
        return None
    try:
        return path.read_text().strip()
    except (OSError, UnicodeDecodeError) as error:
        raise MonomiError(
            "identity_unusable",
            f"the secret of the identity provider's client cannot be read from {path} ({error}): "
            "see MONOMI_OIDC_SECRET_FILE",
        ) from None


def _refused(why: str) -> MonomiError:
    return MonomiError("identity_refused", f"the identity provider's sign-in is not taken: {why}")
