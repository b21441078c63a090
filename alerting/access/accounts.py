"""Local accounts: who may sign in by name and password, and what is done to them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from pydantic import ValidationError
from sqlalchemy import delete, func, insert, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection

from alerting.access.passwords import checked_password, hashed
from alerting.access.person import Person, Role, is_person_id
from alerting.access.tables import ACCOUNTS, SESSIONS
from alerting.audit.entry import Act, Verb
from alerting.audit.log import append
from alerting.channels.routes import PersonAddress
from alerting.clock import Clock, now_utc
from alerting.store import Database
from schemas.errors import MonomiError


@dataclass(frozen=True)
class Account:
    """Hold an account without its password."""

    name: str
    person_id: str
    role: Role
    shown_name: str
    mail: str | None = None
    language: Literal["ja", "en"] = "ja"
    disabled_at: datetime | None = None

    @property
    def person(self) -> Person:
        """Return the person that signs in by it."""
        return Person(self.person_id, self.role, self.shown_name)


class Accounts:
    """Keep accounts; every change ends the account's sessions and stands in the audit log.

    `by` is who changes them: a system user at the command line. Raises MonomiError
    `account_unknown` for a name that there is not.
    """

    def __init__(self, database: Database, by: str, clock: Clock = now_utc) -> None:
        self._database = database
        self._by = by
        self._clock = clock

    async def add(self, account: Account, password: str) -> None:
        """Add an account.

        Raises MonomiError `account_exists`, `password_weak`, `bad_name` or `bad_mail`.
        """
        _check(account)
        password_hash = await hashed(checked_password(password, account.name))
        row = {**_row(account), "password_hash": password_hash, "changed_at": self._clock()}

        async def work(connection: AsyncConnection) -> None:
            await connection.execute(insert(ACCOUNTS).values(row))
            await self._note(connection, account.name, "added", role=account.role)

        try:
            await self._database.write(work)
        except IntegrityError:
            raise MonomiError(
                "account_exists", f"there is an account {account.name}: choose another name"
            ) from None

    async def all(self) -> list[Account]:
        """Return all accounts by name."""
        rows = await self._database.read(select(*_COLUMNS).order_by(ACCOUNTS.c.name))
        return [Account(**row._mapping) for row in rows]

    async def is_empty(self) -> bool:
        """Return whether there is no account at all."""
        (row,) = await self._database.read(select(func.count()).select_from(ACCOUNTS))
        return not row[0]

    async def set_password(self, name: str, password: str) -> None:
        """Give a new password; raises MonomiError `password_weak`."""
        password_hash = await hashed(checked_password(password, name))
        await self._change(name, "password", password_hash=password_hash)

    async def set_role(self, name: str, role: Role) -> None:
        """Give another role."""
        await self._change(name, "role", {"role": role}, role=role)

    async def disable(self, name: str) -> None:
        """Let nobody sign in by it any more."""
        await self._change(name, "disabled", disabled_at=self._clock())

    async def enable(self, name: str) -> None:
        """Let its person sign in again."""
        await self._change(name, "enabled", disabled_at=None)

    async def _change(
        self, name: str, what: str, details: dict[str, Any] | None = None, **values: Any
    ) -> None:
        changed = update(ACCOUNTS).where(ACCOUNTS.c.name == name)

        async def work(connection: AsyncConnection) -> None:
            done = await connection.execute(changed.values(**values, changed_at=self._clock()))
            if not done.rowcount:
                raise MonomiError(
                    "account_unknown", f"there is no account {name}: see `monomi accounts list`"
                )
            await connection.execute(delete(SESSIONS).where(SESSIONS.c.account == name))
            await self._note(connection, name, what, **(details or {}))

        await self._database.write(work)

    async def _note(self, connection: AsyncConnection, name: str, what: str, **more: Any) -> None:
        details = {"change": what, **more}
        act = Act(self._by, "system", "", Verb.ACCOUNT_CHANGE, f"account:{name}", details)
        await append(connection, act, self._clock())


class AccountAddressBook:
    """Know people's mail addresses by their accounts, and by a file where they have none."""

    def __init__(self, database: Database, others: Any) -> None:
        self._database = database
        self._others = others

    async def address_of(self, person_id: str) -> PersonAddress | None:
        """Return where a person gets mail, None where that is not known."""
        query = select(ACCOUNTS.c.mail, ACCOUNTS.c.language).where(
            ACCOUNTS.c.person_id == person_id,
            ACCOUNTS.c.mail.is_not(None),
            ACCOUNTS.c.disabled_at.is_(None),
        )
        rows: Sequence[Any] = await self._database.read(query.order_by(ACCOUNTS.c.name).limit(1))
        if rows:
            return PersonAddress(mail=rows[0].mail, language=rows[0].language)
        found: PersonAddress | None = await self._others.address_of(person_id)
        return found


def _check(account: Account) -> None:
    for what, identifier in (("name", account.name), ("person", account.person_id)):
        if not is_person_id(identifier):
            raise MonomiError(
                "bad_name",
                f"{identifier!r} cannot be an account's {what}: it needs 1 to 64 of "
                "A-Z a-z 0-9 . _ : - and must not be one of Monomi's own",
            )
    if account.mail is not None:
        try:
            PersonAddress(mail=account.mail, language=account.language)
        except ValidationError:
            raise MonomiError("bad_mail", f"{account.mail!r} is no mail address") from None


_COLUMNS = tuple(ACCOUNTS.c[name] for name in Account.__dataclass_fields__)


def _row(account: Account) -> dict[str, Any]:
    return {name: getattr(account, name) for name in Account.__dataclass_fields__}
