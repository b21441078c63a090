"""The verbs `monomi accounts …`: who may come in is said at the command line, and nowhere shown."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from alerting.access.accounts import AccountAddressBook
from alerting.access.settings import AccessSettings
from alerting.audit.reading import entries_before
from alerting.channels.routes import PersonAddress
from alerting.console.doorkeeping import Door
from alerting.delivery import FileAddressBook
from alerting.store import AlertStore
from monomi.cli import app
from monomi.demo.people import make_people
from schemas.errors import MonomiError
from tests.offices import operator

PASSWORD = "a long night's watch"


def run(folder: Path, *arguments: str, typed: str = "") -> Result:
    """Run one of the verbs over a store."""
    store = str(folder / "alerts.sqlite3")
    return CliRunner().invoke(app, ["accounts", *arguments, "--store", store], input=typed)


def add(folder: Path, name: str, role: str, *more: str) -> Result:
    """Add an account."""
    given = ("add", name, "--role", role, "--password-stdin", *more)
    return run(folder, *given, typed=f"{PASSWORD}\n")


async def lets_in(folder: Path, name: str, password: str) -> bool:
    """Return whether a name and password let somebody in."""
    store = await AlertStore.open(str(folder / "alerts.sqlite3"))
    try:
        entrance = Door.over(store.database, AccessSettings(bootstrap="x:1")).entrance
        return isinstance(await entrance.sign_in(name, password, "10.0.0.1"), str)
    finally:
        await store.close()


def test_an_account_is_added_listed_changed_and_disabled(tmp_path: Path) -> None:
    """Each verb says what it did; no password is an argument or is printed."""
    mail = ("--mail", "sato@ward.example", "--language", "en", "--person", "op-007")
    assert add(tmp_path, "sato", "supervisor", *mail).exit_code == 0
    (listed,) = json.loads(run(tmp_path, "list", "--json").stdout)["accounts"]
    assert (listed["person_id"], listed["role"]) == ("op-007", "supervisor")
    assert "hash" not in json.dumps(listed)
    assert asyncio.run(lets_in(tmp_path, "sato", PASSWORD))
    typed = "another long night\n"
    assert run(tmp_path, "password", "sato", "--password-stdin", typed=typed).exit_code == 0
    assert not asyncio.run(lets_in(tmp_path, "sato", PASSWORD))
    assert asyncio.run(lets_in(tmp_path, "sato", "another long night"))
    assert run(tmp_path, "role", "sato", "auditor").exit_code == 0
    assert run(tmp_path, "disable", "sato").exit_code == 0
    assert not asyncio.run(lets_in(tmp_path, "sato", "another long night"))
    assert "auditor" in (shown := run(tmp_path, "list").stdout)
    assert "disabled" in shown

    async def logged() -> list[str]:
        store = await AlertStore.open(str(tmp_path / "alerts.sqlite3"))
        try:
            found = await entries_before(store.database, None, 99, verb="account_change")
            return [json.loads(entry.details)["change"] for entry in reversed(found)]
        finally:
            await store.close()

    assert asyncio.run(logged()) == ["added", "password", "role", "disabled"]


@pytest.mark.parametrize(
    ("name", "more", "code"),
    [
        ("monomi", (), "bad_name"),
        ("@privacy-officer", (), "bad_name"),
        ("sato", ("--person", "token:siem"), "bad_name"),
        ("sato", ("--person", "sato@ward.example"), "bad_name"),
        ("sato", ("--mail", "nowhere"), "bad_mail"),
        ("a-long-night", (), "password_weak"),
    ],
)
def test_an_account_that_would_be_somebody_elses_is_refused(
    tmp_path: Path, name: str, more: tuple[str, ...], code: str
) -> None:
    """Nobody signs in as Monomi itself, an office or a machine."""
    given = ("add", name, "--role", "supervisor", "--password-stdin", *more)
    typed = "a-long-night-watch\n" if code == "password_weak" else f"{PASSWORD}\n"
    done = run(tmp_path, *given, typed=typed)
    assert isinstance(done.exception, MonomiError)
    assert done.exception.code == code


def test_a_machines_token_is_shown_once_and_named_in_the_list(tmp_path: Path) -> None:
    """What opens is never printed again, and a revoked one is marked."""
    token = run(tmp_path, "token", "add", "siem", "--role", "analyst").stdout.strip()
    assert token.startswith("monomi_")
    assert len(token) > 40
    listed = run(tmp_path, "token", "list").stdout
    assert "siem" in listed
    assert token not in listed
    assert run(tmp_path, "token", "revoke", "siem").exit_code == 0
    assert "revoked" in run(tmp_path, "token", "list").stdout
    refused = run(tmp_path, "token", "add", "the siem", "--role", "analyst")
    assert isinstance(refused.exception, MonomiError)


def test_mail_goes_to_the_accounts_address_and_else_to_the_files(tmp_path: Path) -> None:
    """A disabled account's address is nobody's any more."""
    add(tmp_path, "sato", "supervisor", "--mail", "sato@ward.example", "--language", "en")
    of_file = PersonAddress(mail="old@ward.example", language="ja")

    async def address() -> PersonAddress | None:
        store = await AlertStore.open(str(tmp_path / "alerts.sqlite3"))
        try:
            book = AccountAddressBook(store.database, FileAddressBook({"sato": of_file}))
            return await book.address_of("sato")
        finally:
            await store.close()

    assert asyncio.run(address()) == PersonAddress(mail="sato@ward.example", language="en")
    run(tmp_path, "disable", "sato")
    assert asyncio.run(address()) == of_file


def test_the_demos_people_can_sign_in(tmp_path: Path) -> None:
    """Four roles, the supervisor the one of most operators, each with the printed password."""
    rows = [operator(f"op-{n}", "op-002" if n else "op-003") for n in range(3)]
    context = tmp_path / "context"
    context.mkdir()
    lines = b"\n".join(row.to_json() for row in rows)
    (context / "directory.operators.jsonl").write_bytes(lines + b"\n")
    people = asyncio.run(make_people(str(tmp_path / "alerts.sqlite3"), context))
    assert [account.role for account in people.accounts] == [
        "privacy_officer",
        "supervisor",
        "analyst",
        "auditor",
    ]
    assert people.accounts[1].person_id == "op-002"
    for account in people.accounts:
        assert asyncio.run(lets_in(tmp_path, account.name, account.password))
