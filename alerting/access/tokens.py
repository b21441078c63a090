"""Machine tokens: what a SIEM or a script shows instead of a session."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import insert, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection

from alerting.access.person import Person, Role, machine_id
from alerting.access.secret_words import hash_of, new_secret
from alerting.access.tables import TOKENS
from alerting.audit.entry import Act, Verb
from alerting.audit.log import append
from alerting.clock import Clock, now_utc
from alerting.store import Database
from schemas.errors import MonomiError

PREFIX = "monomi_"


@dataclass(frozen=True)
class MachineToken:
    """Hold what is known of a token; itself it was shown once."""

    name: str
    role: Role
    made_at: datetime
    revoked_at: datetime | None


class Tokens:
    """Keep machine tokens; `by` is who makes and revokes them."""

    def __init__(self, database: Database, by: str, clock: Clock = now_utc) -> None:
        self._database = database
        self._by = by
        self._clock = clock

    async def add(self, name: str, role: Role) -> str:
        """Make a token and return it, this once.

        Raises MonomiError `token_exists` or `bad_name`.
        """
        if machine_id(name) is None:
            raise MonomiError(
                "bad_name", "a token's name has 1 to 58 of A-Z a-z 0-9 . _ : -: choose another"
            )
        secret = new_secret(PREFIX)
        row = {"name": name, "role": role, "token_hash": hash_of(secret), "made_at": self._clock()}

        async def work(connection: AsyncConnection) -> None:
            await connection.execute(insert(TOKENS).values(row))
            await self._note(connection, name, {"change": "added", "role": role})

        try:
            await self._database.write(work)
        except IntegrityError:
            raise MonomiError(
                "token_exists", f"there is a token {name}, or was: choose another name"
            ) from None
        return secret

    async def all(self) -> list[MachineToken]:
        """Return all tokens by name."""
        rows = await self._database.read(select(*_COLUMNS).order_by(TOKENS.c.name))
        return [MachineToken(**row._mapping) for row in rows]

    async def revoke(self, name: str) -> None:
        """Let a token open nothing any more; raises MonomiError `token_unknown`."""
        live = update(TOKENS).where(TOKENS.c.name == name, TOKENS.c.revoked_at.is_(None))

        async def work(connection: AsyncConnection) -> None:
            done = await connection.execute(live.values(revoked_at=self._clock()))
            if not done.rowcount:
                raise MonomiError("token_unknown", f"there is no live token {name}")
            await self._note(connection, name, {"change": "revoked"})

        await self._database.write(work)

    async def person(self, secret: str) -> Person | None:
        """Return the machine that a token is of, as a person; None where it opens nothing."""
        query = select(*_COLUMNS).where(
            TOKENS.c.token_hash == hash_of(secret), TOKENS.c.revoked_at.is_(None)
        )
        rows = await self._database.read(query)
        if not rows:
            return None
        identifier = machine_id(rows[0].name)
        return None if identifier is None else Person(identifier, rows[0].role, rows[0].name)

    async def _note(
        self, connection: AsyncConnection, name: str, details: dict[str, object]
    ) -> None:
        act = Act(self._by, "system", "", Verb.TOKEN_CHANGE, f"token:{name}", details)
        await append(connection, act, self._clock())


_COLUMNS = tuple(TOKENS.c[name] for name in MachineToken.__dataclass_fields__)
