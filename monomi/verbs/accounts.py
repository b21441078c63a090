"""The verbs `monomi accounts …`: who may sign in, and which machines may ask."""

from __future__ import annotations

import getpass
import sys
from collections.abc import Awaitable, Callable
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, TypeVar

import typer

if TYPE_CHECKING:
    from alerting.store import Database

T = TypeVar("T")

accounts = typer.Typer(
    name="accounts",
    help="Say who may sign in to the console, and which machines may ask it.",
    no_args_is_help=True,
)
token = typer.Typer(name="token", help="Machines that ask the console.", no_args_is_help=True)
accounts.add_typer(token)


class RoleName(StrEnum):
    """Name the roles."""

    SUPERVISOR = "supervisor"
    PRIVACY_OFFICER = "privacy_officer"
    ANALYST = "analyst"
    OPERATIONS = "operations"
    AUDITOR = "auditor"


class LanguageName(StrEnum):
    """Name the languages."""

    JA = "ja"
    EN = "en"


Name = Annotated[str, typer.Argument(help="Name to sign in by")]
Role = Annotated[RoleName, typer.Option(help="What they see and do")]
Store = Annotated[
    str | None, typer.Option(help="File or URL of the store; left out: in the data folder")
]
Given = Annotated[
    bool, typer.Option("--password-stdin", help="Read the password from standard input")
]


@accounts.command("add")
def add_account(
    name: Name,
    role: Role,
    person: Annotated[
        str | None, typer.Option(help="The person's operator id; left out: the name")
    ] = None,
    shown_name: Annotated[str | None, typer.Option(help="Name as pages show it")] = None,
    mail: Annotated[str | None, typer.Option(help="Where the person gets mail")] = None,
    language: Annotated[LanguageName, typer.Option(help="Of mails")] = LanguageName.JA,
    password_stdin: Given = False,
    store: Store = None,
) -> None:
    """Add an account; asks for its password."""
    from alerting.access.accounts import Account, Accounts

    account = Account(
        name=name,
        person_id=person or name,
        role=role.value,
        shown_name=(shown_name or name)[:100],
        mail=mail,
        language=language.value,
    )
    password = _password(password_stdin)
    _in_store(store, lambda database: Accounts(database, _who()).add(account, password))
    typer.echo(f"{name} may sign in as {role.value}")


@accounts.command("list")
def list_accounts(
    store: Store = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object")] = False,
) -> None:
    """Print every account."""
    import json
    from dataclasses import asdict

    from alerting.access.accounts import Accounts

    found = _in_store(store, lambda database: Accounts(database, _who()).all())
    if as_json:
        rows = [asdict(each) for each in found]
        typer.echo(json.dumps({"accounts": rows}, default=str, ensure_ascii=False))
        return
    for each in found:
        state = "" if each.disabled_at is None else f"  disabled {each.disabled_at:%Y-%m-%d}"
        typer.echo(f"{each.name:<20} {each.role:<16} {each.person_id:<20} {each.mail or ''}{state}")
    if not found:
        typer.echo("no accounts: add one with `monomi accounts add NAME --role privacy_officer`")


@accounts.command()
def password(name: Name, password_stdin: Given = False, store: Store = None) -> None:
    """Give an account a new password; its sessions end."""
    from alerting.access.accounts import Accounts

    given = _password(password_stdin)
    _in_store(store, lambda database: Accounts(database, _who()).set_password(name, given))
    typer.echo(f"{name} has a new password")


@accounts.command()
def role(name: Name, role: Annotated[RoleName, typer.Argument()], store: Store = None) -> None:
    """Give an account another role; its sessions end."""
    from alerting.access.accounts import Accounts

    _in_store(store, lambda database: Accounts(database, _who()).set_role(name, role.value))
    typer.echo(f"{name} is {role.value} now")


@accounts.command()
def disable(name: Name, store: Store = None) -> None:
    """Let nobody sign in by an account any more; its sessions end."""
    from alerting.access.accounts import Accounts

    _in_store(store, lambda database: Accounts(database, _who()).disable(name))
    typer.echo(f"{name} is disabled")


@accounts.command()
def enable(name: Name, store: Store = None) -> None:
    """Let an account's person sign in again."""
    from alerting.access.accounts import Accounts

    _in_store(store, lambda database: Accounts(database, _who()).enable(name))
    typer.echo(f"{name} may sign in again")


@token.command("add")
def add_token(name: Name, role: Role, store: Store = None) -> None:
    """Make a machine's token, and print it this once: `Authorization: Bearer TOKEN`."""
    from alerting.access.tokens import Tokens

    typer.echo(_in_store(store, lambda database: Tokens(database, _who()).add(name, role.value)))


@token.command("list")
def list_tokens(store: Store = None) -> None:
    """Print every machine token, without what opens."""
    from alerting.access.tokens import Tokens

    for each in _in_store(store, lambda database: Tokens(database, _who()).all()):
        state = "" if each.revoked_at is None else f"  revoked {each.revoked_at:%Y-%m-%d}"
        typer.echo(f"{each.name:<20} {each.role:<16} made {each.made_at:%Y-%m-%d}{state}")


@token.command()
def revoke(name: Name, store: Store = None) -> None:
    """Let a machine's token open nothing any more."""
    from alerting.access.tokens import Tokens

    _in_store(store, lambda database: Tokens(database, _who()).revoke(name))
    typer.echo(f"the token {name} opens nothing any more")


def _in_store(store: str | None, work: Callable[[Database], Awaitable[T]]) -> T:
    """Do work on the store's database."""
    import asyncio

    from alerting.settings import ConsoleSettings
    from alerting.store import Database

    async def done() -> T:
        database = await Database.open(store or ConsoleSettings().store_location)
        try:
            return await work(database)
        finally:
            await database.close()

    return asyncio.run(done())


def _password(from_stdin: bool) -> str:
    """Return a password that was typed twice, or the first line of standard input."""
    if from_stdin:
        return sys.stdin.readline().rstrip("\r\n")
    given: str = typer.prompt("Password", hide_input=True, confirmation_prompt=True)
    return given


def _who() -> str:
    """Return whose name stands in the audit log: the system's user."""
    return f"{getpass.getuser()}@cli"
