"""Sessions: who is signed in, until when, and how one ends."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, delete, insert, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from alerting.access.person import Person
from alerting.access.secret_words import hash_of, new_secret
from alerting.access.tables import SESSIONS
from alerting.clock import Clock, now_utc
from alerting.store import Database

_SEEN_EVERY = timedelta(minutes=1)
"""A session's last request is noted no more often: most requests then only read."""


class Sessions:
    """Keep sessions in the store, so that they outlive a restart and end everywhere at once."""

    def __init__(
        self, database: Database, idle: timedelta, longest: timedelta, clock: Clock = now_utc
    ) -> None:
        self._database = database
        self._idle = idle
        self._longest = longest
        self._clock = clock

    async def begin(self, connection: AsyncConnection, person: Person, account: str | None) -> str:
        """Begin a session in the caller's transaction; return its secret."""
        secret, now = new_secret(), self._clock()
        await connection.execute(delete(SESSIONS).where(self._over(now)))
        await connection.execute(
            insert(SESSIONS).values(
                token_hash=hash_of(secret),
                account=account,
                person_id=person.person_id,
                role=person.role,
                shown_name=person.name,
                began_at=now,
                seen_at=now,
            )
        )
        return secret

    async def person(self, secret: str, *, at_work: bool = True) -> Person | None:
        """Return whose session it is; None where it is none, or over.

        `at_work`: this is a person's own request, and lets the session live on. A stream's
        heartbeat is none.
        """
        mine, now = SESSIONS.c.token_hash == hash_of(secret), self._clock()
        rows = await self._database.read(select(SESSIONS).where(mine, ~self._over(now)))
        if not rows:
            return None
        row = rows[0]
        if at_work and now - row.seen_at > _SEEN_EVERY:
            seen = update(SESSIONS).where(mine).values(seen_at=now)
            await self._database.write(lambda connection: connection.execute(seen))
        return Person(row.person_id, row.role, row.shown_name)

    async def end(self, connection: AsyncConnection, secret: str) -> None:
        """End a session in the caller's transaction."""
        await connection.execute(delete(SESSIONS).where(SESSIONS.c.token_hash == hash_of(secret)))

    def _over(self, now: datetime) -> ColumnElement[bool]:
        idle = SESSIONS.c.seen_at <= now - self._idle
        return or_(idle, SESSIONS.c.began_at <= now - self._longest)
