"""The entrance: signing in and out, each time in the audit log, and not too often in vain."""

from __future__ import annotations

from datetime import datetime, timedelta
from math import ceil
from typing import NamedTuple

from sqlalchemy import delete, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from alerting.access.passwords import hashed, is_right, needs_rehash
from alerting.access.person import Person
from alerting.access.sessions import Sessions
from alerting.access.settings import AccessSettings
from alerting.access.tables import ACCOUNTS, ATTEMPTS
from alerting.audit.entry import Act, Verb
from alerting.audit.log import append
from alerting.clock import Clock, now_utc
from alerting.store import Database

_ADDRESS_TIMES = 10
"""So many times as often as one name may one address fail: an office shares one."""
_NAME_CHARS = 64
_UNKNOWN = "(no such account)"


class Refused(NamedTuple):
    """Say that nobody was let in; `wait_s`: no further try counts before (0: try again)."""

    wait_s: int = 0


class Entrance:
    """Let people in by name and password, or as the identity provider names them."""

    def __init__(
        self,
        database: Database,
        sessions: Sessions,
        settings: AccessSettings,
        clock: Clock = now_utc,
    ) -> None:
        self._database = database
        self._sessions = sessions
        self._most = settings.sign_ins_failed_most
        self._span = timedelta(minutes=settings.sign_ins_failed_min)
        self._clock = clock

    async def sign_in(self, name: str, password: str, address: str) -> str | Refused:
        """Return a new session's secret, or why there is none.

        A name that is not known takes as long as a wrong password, and is answered alike.
        """
        name = name[:_NAME_CHARS].replace("\x00", "")
        wait_s = await self._count_try(name, address)
        if wait_s:
            return Refused(wait_s)
        rows = await self._database.read(select(ACCOUNTS).where(ACCOUNTS.c.name == name))
        enabled = [row for row in rows if row.disabled_at is None]
        if not await is_right(enabled[0].password_hash if enabled else None, password):
            return Refused(await self._fail(name, address, known=bool(rows)))
        row = enabled[0]
        if needs_rehash(row.password_hash):
            await self._keep_hash(name, await hashed(password))
        return await self.let_in(Person(row.person_id, row.role, row.shown_name), address, name)

    async def let_in(self, person: Person, address: str, account: str | None = None) -> str:
        """Begin the session of a person who has shown who they are; return its secret."""

        async def work(connection: AsyncConnection) -> str:
            await connection.execute(delete(ATTEMPTS).where(ATTEMPTS.c.name == (account or "")))
            act = Act(person.person_id, person.role, address, Verb.SIGN_IN, _target(account))
            await append(connection, act, self._clock())
            return await self._sessions.begin(connection, person, account)

        return await self._database.write(work)

    async def refuse(self, address: str, why: str) -> None:
        """Log that somebody whom the identity provider knows was not let in."""
        act = Act("", "unknown", address, Verb.SIGN_IN_FAILED, _target(None), {"why": why})
        await self._database.write(lambda connection: append(connection, act, self._clock()))

    async def leave(self, secret: str) -> None:
        """End a session in whose place another begins."""
        await self._database.write(lambda connection: self._sessions.end(connection, secret))

    async def sign_out(self, person: Person, secret: str, address: str) -> None:
        """End a session."""

        async def work(connection: AsyncConnection) -> None:
            act = Act(person.person_id, person.role, address, Verb.SIGN_OUT, "session")
            await append(connection, act, self._clock())
            await self._sessions.end(connection, secret)

        await self._database.write(work)

    async def _count_try(self, name: str, address: str) -> int:
        """Count a try before it is known how it ends; return how long to wait instead of it.

        One transaction: of a hundred tries at once no more are looked at than one by one. What
        was not looked at is no entry of the log, which anybody could fill with it.
        """
        now = self._clock()

        async def work(connection: AsyncConnection) -> int:
            await connection.execute(delete(ATTEMPTS).where(ATTEMPTS.c.at <= now - self._span))
            wait_s = await self._wait_s(connection, name, address)
            if not wait_s:
                row = {"name": name, "address": address, "at": now}
                await connection.execute(insert(ATTEMPTS).values(row))
            return wait_s

        return await self._database.write(work)

    async def _wait_s(self, connection: AsyncConnection, name: str, address: str) -> int:
        """Return how long this name or address has to wait; 0 where it may try."""
        since = self._clock() - self._span
        waits = [0.0]
        for column, value, most in (
            (ATTEMPTS.c.name, name, self._most),
            (ATTEMPTS.c.address, address, self._most * _ADDRESS_TIMES),
        ):
            query = select(ATTEMPTS.c.at).where(column == value, ATTEMPTS.c.at > since)
            query = query.order_by(ATTEMPTS.c.at.desc()).limit(most)
            times = list(await connection.scalars(query))
            if len(times) == most:
                waits.append(self._left_s(times[-1]))
        return ceil(max(waits))

    def _left_s(self, oldest: datetime) -> float:
        return max(1.0, (oldest + self._span - self._clock()).total_seconds())

    async def _fail(self, name: str, address: str, *, known: bool) -> int:
        """Log that a sign-in failed; return how long the next one has to wait."""

        async def work(connection: AsyncConnection) -> int:
            wait_s = await self._wait_s(connection, name, address)
            # A name that is nobody's may be a password, typed a field too early.
            who, target = (name, _target(name)) if known else (_UNKNOWN, "account")
            details = {"wait_s": wait_s} if wait_s else {}
            act = Act(who, "unknown", address, Verb.SIGN_IN_FAILED, target, details)
            await append(connection, act, self._clock())
            return wait_s

        return await self._database.write(work)

    async def _keep_hash(self, name: str, password_hash: str) -> None:
        changed = update(ACCOUNTS).where(ACCOUNTS.c.name == name)
        changed = changed.values(password_hash=password_hash)
        await self._database.write(lambda connection: connection.execute(changed))


def _target(account: str | None) -> str:
    return "identity_provider" if account is None else f"account:{account}"
