"""The doorkeeper: a session's cookie or a machine's token in, a person out."""

from __future__ import annotations

from dataclasses import dataclass

from fastapi import Request
from fastapi.responses import Response

from alerting.access.accounts import Accounts
from alerting.access.entrance import Entrance
from alerting.access.identity import IdentityProvider
from alerting.access.person import Person
from alerting.access.sessions import Sessions
from alerting.access.settings import AccessSettings
from alerting.access.tokens import Tokens
from alerting.audit.entry import Act, Verb
from alerting.audit.log import append
from alerting.clock import Clock, now_utc
from alerting.console.origin import BEARER
from alerting.store import Database


@dataclass(frozen=True)
class Door:
    """Know who asks, by the store; `provider` signs people in where one is set."""

    database: Database
    sessions: Sessions
    tokens: Tokens
    accounts: Accounts
    entrance: Entrance
    provider: IdentityProvider | None
    https: bool

    @classmethod
    def over(cls, database: Database, settings: AccessSettings, clock: Clock = now_utc) -> Door:
        """Put a door together over a store; raises MonomiError `identity_unusable`."""
        sessions = Sessions(database, settings.session_idle, settings.session_longest, clock)
        return cls(
            database=database,
            sessions=sessions,
            tokens=Tokens(database, "console", clock),
            accounts=Accounts(database, "console", clock),
            entrance=Entrance(database, sessions, settings, clock),
            provider=IdentityProvider(settings) if settings.oidc_issuer else None,
            https=settings.console_https,
        )

    async def person(self, request: Request, *, at_work: bool = True) -> Person | None:
        """Return who is signed in; without `at_work` the session does not live on by it."""
        given = request.headers.get("authorization", "")
        if given[: len(BEARER)].lower() == BEARER:
            return await self.tokens.person(given[len(BEARER) :].strip())
        secret = self.secret_of(request)
        return await self.sessions.person(secret, at_work=at_work) if secret else None

    async def note(
        self, request: Request, person: Person, verb: Verb, target: str, **details: object
    ) -> None:
        """Write what somebody saw or did into the audit log."""
        act = Act(person.person_id, person.role, address_of(request), verb, target, details)
        await self.database.write(lambda connection: append(connection, act))

    @property
    def cookie(self) -> str:
        """Return the session cookie's name; its prefix lets no other host set it."""
        return "__Host-monomi" if self.https else "monomi"

    def secret_of(self, request: Request) -> str:
        """Return the session's secret that a browser brings, empty where it brings none."""
        return request.cookies.get(self.cookie, "")

    async def change(self, request: Request, response: Response, secret: str) -> None:
        """Let a browser keep a session's secret until it is closed; one that it had ends."""
        if self.secret_of(request):
            await self.entrance.leave(self.secret_of(request))
        response.set_cookie(
            self.cookie, secret, path="/", secure=self.https, httponly=True, samesite="lax"
        )

    def take_back(self, response: Response) -> None:
        """Let a browser forget its session."""
        response.delete_cookie(self.cookie, path="/", secure=self.https, httponly=True)


def address_of(request: Request) -> str:
    """Return the network address that a request came from."""
    return request.client.host if request.client else ""
