"""The entrance: signing in and out, each time in the audit log, and not too often in vain."""

from __future__ import annotations

from datetime import datetime, timedelta
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
        wait_s = await self._wait_s(name, address)
        if wait_s:
            await self._fail(name, address, counts=False)
            return Refused(wait_s)
        query = select(ACCOUNTS).where(ACCOUNTS.c.name == name, ACCOUNTS.c.disabled_at.is_(None))
        rows = await self._database.read(query)
        if not await is_right(rows[0].password_hash if rows else None, password):
            await self._fail(name, address, counts=True)
            return Refused(await self._wait_s(name, address))
        row = rows[0]
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

    async def sign_out(self, person: Person, secret: str, address: str) -> None:
        """End a session."""

        async def work(connection: AsyncConnection) -> None:
            act = Act(person.person_id, person.role, address, Verb.SIGN_OUT, "session")
            await append(connection, act, self._clock())
            await self._sessions.end(connection, secret)

        await self._database.write(work)

    async def _wait_s(self, name: str, address: str) -> int:
        """Return how long this name or address has to wait; 0 where it may try."""
        since = self._clock() - self._span
        waits = [0.0]
        for column, value, most in (
            (ATTEMPTS.c.name, name, self._most),
            (ATTEMPTS.c.address, address, self._most * _ADDRESS_TIMES),
        ):
            query = select(ATTEMPTS.c.at).where(column == value, ATTEMPTS.c.at > since)
            query = query.order_by(ATTEMPTS.c.at.desc()).limit(most)
            rows = await self._database.read(query)
            if len(rows) == most:
                waits.append(self._left_s(rows[-1].at))
        return int(max(waits)) + (max(waits) > 0)

    def _left_s(self, oldest: datetime) -> float:
        return max(1.0, (oldest + self._span - self._clock()).total_seconds())

    async def _fail(self, name: str, address: str, *, counts: bool) -> None:
        now = self._clock()

        async def work(connection: AsyncConnection) -> None:
            await connection.execute(delete(ATTEMPTS).where(ATTEMPTS.c.at <= now - self._span))
            if counts:
                row = {"name": name, "address": address, "at": now}
                await connection.execute(insert(ATTEMPTS).values(row))
            details = {"counts": counts}
            act = Act(name, "unknown", address, Verb.SIGN_IN_FAILED, _target(name), details)
            await append(connection, act, now)

        await self._database.write(work)

    async def _keep_hash(self, name: str, password_hash: str) -> None:
        changed = update(ACCOUNTS).where(ACCOUNTS.c.name == name)
        changed = changed.values(password_hash=password_hash)
        await self._database.write(lambda connection: connection.execute(changed))


def _target(account: str | None) -> str:
    return "identity_provider" if account is None else f"account:{account}"
