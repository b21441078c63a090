"""The demo's people: accounts made for it alone, and the token of its own reader."""

from __future__ import annotations

import secrets
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

from schemas.directory import Operator
from schemas.lines import read_records

_PASSWORD_BYTES = 9


class DemoAccount(NamedTuple):
    """Hold an account with its password, to be printed."""

    name: str
    password: str
    role: str
    person_id: str


class DemoPeople(NamedTuple):
    """Hold who may sign in to the demo's console, and its own reader's token."""

    accounts: tuple[DemoAccount, ...]
    token: str


async def make_people(store: str, context: Path) -> DemoPeople:
    """Make accounts in a store, the supervisor's the one who answers for most operators."""
    from alerting.access.accounts import Account, Accounts
    from alerting.access.person import Role
    from alerting.access.tokens import Tokens
    from alerting.store import Database

    supervisor = _busiest(read_records(next(context.glob("directory.operators*")), Operator))
    people: tuple[tuple[str, Role, str], ...] = (
        ("officer", "privacy_officer", "officer"),
        ("supervisor", "supervisor", supervisor),
        ("analyst", "analyst", "analyst"),
        ("auditor", "auditor", "auditor"),
    )
    database = await Database.open(store)
    try:
        accounts, made = Accounts(database, "demo"), []
        for name, role, person_id in people:
            password = "demo-" + secrets.token_urlsafe(_PASSWORD_BYTES)
            account = Account(name=name, person_id=person_id, role=role, shown_name=name)
            await accounts.add(account, password)
            made.append(DemoAccount(name, password, role, person_id))
        token = await Tokens(database, "demo").add("demo", "privacy_officer")
    finally:
        await database.close()
    return DemoPeople(tuple(made), token)


def _busiest(operators: Iterable[Operator]) -> str:
    """Return the supervisor of most operators' newest assignments."""
    answers = Counter(each.assignments[-1].supervisor_id for each in operators if each.assignments)
    return answers.most_common(1)[0][0]
