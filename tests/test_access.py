"""Who comes in: accounts, sessions, machine tokens, and what stands of it in the audit log."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest

from alerting.access.accounts import Account, Accounts
from alerting.access.settings import AccessSettings
from alerting.access.tokens import Tokens
from alerting.audit.policy_watch import note_start
from alerting.audit.reading import entries_before
from alerting.audit.verifying import verify_store
from alerting.console.app import console_app
from alerting.console.doorkeeping import Door
from alerting.store import AlertStore, Arrival
from schemas.errors import MonomiError
from tests.offices import HandClock, quiet_console
from tests.sample_alerts import alert

PASSWORD = "a long night's watch"
SATO = Account("sato", "op-002", "privacy_officer", "Sato")


@dataclass
class House:
    """Hold a console with one account, its clock, and a browser before it."""

    store: AlertStore
    clock: HandClock
    accounts: Accounts
    web: httpx.AsyncClient

    async def sign_in(self, password: str = PASSWORD, **form: str) -> httpx.Response:
        """Fill in the form."""
        return await self.web.post("/sign-in", data={"name": "sato", "password": password} | form)

    async def is_in(self) -> bool:
        """Return whether the list is shown."""
        return (await self.web.get("/alerts.json")).status_code == 200

    async def logged(self) -> list[tuple[str, str, str]]:
        """Return who did what on what, by the audit log, the first first."""
        entries = await entries_before(self.store.database, None, 100)
        return [(e.who, e.verb, e.target) for e in reversed(entries)]


@asynccontextmanager
async def house(folder: Path) -> AsyncIterator[House]:
    """Open a console that nobody is signed in to."""
    store = await AlertStore.open(str(folder / "alerts.sqlite3"))
    clock = HandClock()
    console = quiet_console(store)
    console.door = console.doorkeeper = Door.over(
        store.database, AccessSettings(bootstrap="127.0.0.1:9"), clock
    )
    accounts = Accounts(store.database, "test", clock)
    await accounts.add(SATO, PASSWORD)
    await console.office.intake.take([Arrival(alert())])
    transport = httpx.ASGITransport(console_app(console, loopback_only=True))
    async with httpx.AsyncClient(
        transport=transport,
        base_url="http://localhost",
        headers={"Sec-Fetch-Site": "same-origin", "Accept-Language": "en"},
    ) as web:
        yield House(store, clock, accounts, web)
    await store.close()


def at_home(folder: Path, work: Callable[[House], Awaitable[None]]) -> None:
    """Do one piece of work in a house."""

    async def run() -> None:
        async with house(folder) as its:
            await work(its)

    asyncio.run(run())


def test_who_signs_in_sees_the_list_until_they_sign_out(tmp_path: Path) -> None:
    """The form lets in by name and password; signing out ends it for good."""

    async def work(its: House) -> None:
        assert not await its.is_in()
        answer = await its.sign_in()
        assert (answer.status_code, answer.headers["location"]) == (303, "/home")
        cookie = answer.headers["set-cookie"]
        assert "HttpOnly" in cookie
        assert "SameSite=lax" in cookie
        assert await its.is_in()
        secret = its.web.cookies["monomi"]
        await its.web.post("/sign-out")
        its.web.cookies.set("monomi", secret)
        assert not await its.is_in()

    at_home(tmp_path, work)


def test_a_browser_is_led_to_the_sign_in_and_back(tmp_path: Path) -> None:
    """A page asked for without a session comes after signing in, and no other site's does."""

    async def work(its: House) -> None:
        asked = await its.web.get("/alerts/a-1?lang=en", headers={"Accept": "text/html"})
        assert asked.headers["location"] == "/sign-in?next=%2Falerts%2Fa-1%3Flang%3Den"
        form = {"name": "sato", "password": PASSWORD}
        back = await its.web.post(asked.headers["location"], data=form)
        assert back.headers["location"] == "/alerts/a-1?lang=en"
        elsewhere = await its.web.post("/sign-in?next=//evil.example/", data=form)
        assert elsewhere.headers["location"] == "/home"

    at_home(tmp_path, work)


def test_too_many_failures_close_the_door_for_a_while(tmp_path: Path) -> None:
    """After five wrong passwords even the right one waits; a quarter of an hour opens it."""

    async def work(its: House) -> None:
        for _ in range(4):
            assert (await its.sign_in("wrong")).status_code == 401
        assert (await its.sign_in("wrong")).status_code == 429
        refused = await its.sign_in()
        assert refused.status_code == 429
        assert 800 <= int(refused.headers["retry-after"]) <= 901
        its.clock.pass_by(minutes=16)
        assert (await its.sign_in()).status_code == 303

    at_home(tmp_path, work)


def test_an_unknown_name_is_answered_as_a_wrong_password(tmp_path: Path) -> None:
    """The page does not tell which names there are."""

    async def work(its: House) -> None:
        known, unknown = await its.sign_in("wrong"), await its.sign_in("wrong", name="nobody")
        assert known.status_code == unknown.status_code == 401
        assert known.text.replace("sato", "") == unknown.text.replace("nobody", "")

    at_home(tmp_path, work)


@pytest.mark.parametrize(
    ("steps", "stays"), [((29, 29), True), ((31,), False), ((20,) * 29, True), ((20,) * 31, False)]
)
def test_a_session_ends_idle_or_old(tmp_path: Path, steps: tuple[int, ...], stays: bool) -> None:
    """Half an hour without a request ends it, ten hours in any case."""

    async def work(its: House) -> None:
        await its.sign_in()
        for minutes in steps[:-1]:
            its.clock.pass_by(minutes=minutes)
            await its.is_in()
        its.clock.pass_by(minutes=steps[-1])
        assert await its.is_in() == stays

    at_home(tmp_path, work)


@pytest.mark.parametrize("change", ["disable", "set_password", "set_role"])
def test_a_change_of_an_account_ends_its_sessions(tmp_path: Path, change: str) -> None:
    """Who is signed in by an account that changes is so no more; a disabled one stays out."""
    more: dict[str, tuple[Any, ...]] = {
        "set_password": ("another long night",),
        "set_role": ("analyst",),
    }

    async def work(its: House) -> None:
        await its.sign_in()
        await getattr(its.accounts, change)("sato", *more.get(change, ()))
        assert not await its.is_in()
        expected = {"disable": 401, "set_password": 401, "set_role": 303}[change]
        assert (await its.sign_in()).status_code == expected

    at_home(tmp_path, work)


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Sec-Fetch-Site": "cross-site"}, 403),
        ({"Sec-Fetch-Site": "same-site"}, 403),
        ({"Sec-Fetch-Site": "", "Origin": "http://evil.example"}, 403),
        ({"Sec-Fetch-Site": "same-origin"}, 303),
    ],
)
def test_another_sites_page_cannot_act(
    tmp_path: Path, headers: dict[str, str], status: int
) -> None:
    """A form that another site sends with the session's cookie changes nothing."""

    async def work(its: House) -> None:
        await its.sign_in()
        form = {"text": "from elsewhere"}
        answer = await its.web.post("/alerts/a-1/comment", data=form, headers=headers)
        assert answer.status_code == status
        kinds = [change.kind for change in await its.store.history("a-1")]
        assert ("commented" in kinds) == (status == 303)

    at_home(tmp_path, work)


def test_a_machine_shows_a_token_until_it_is_revoked(tmp_path: Path) -> None:
    """A token opens what its role sees, by a header alone, and nothing once revoked."""

    async def work(its: House) -> None:
        tokens = Tokens(its.store.database, "test", its.clock)
        secret = await tokens.add("siem", "analyst")
        shown = {"Authorization": f"Bearer {secret}", "Sec-Fetch-Site": ""}
        assert (await its.web.get("/api/v1/alerts", headers=shown)).status_code == 200
        assert (await its.web.get("/absences", headers=shown)).status_code == 403
        await tokens.revoke("siem")
        assert (await its.web.get("/api/v1/alerts", headers=shown)).status_code == 401

    at_home(tmp_path, work)


@pytest.mark.parametrize("weak", ["short", "sato-sato-sato", "aaaaaaaaaaaaaaa", "x" * 201])
def test_a_weak_password_is_refused(tmp_path: Path, weak: str) -> None:
    """Too short, of few characters, too long, or with the name in it."""

    async def work(its: House) -> None:
        with pytest.raises(MonomiError) as refused:
            await its.accounts.set_password("sato", weak)
        assert refused.value.code == "password_weak"

    at_home(tmp_path, work)


def test_all_that_was_done_stands_in_the_audit_log(tmp_path: Path) -> None:
    """Sign-ins, views, searches, steps and refusals are there, in order, and the chain holds."""

    async def work(its: House) -> None:
        await its.sign_in("wrong")
        await its.sign_in()
        await its.web.get("/?q=resident")
        await its.web.get("/alerts/a-1")
        state = await its.store.state("a-1")
        assert state is not None
        await its.web.post("/alerts/a-1/acknowledge", data={"version": str(state.version)})
        await its.web.get("/audit")
        await its.web.post("/sign-out")
        assert await its.logged() == [
            ("test", "account_change", "account:sato"),
            ("sato", "sign_in_failed", "account:sato"),
            ("op-002", "sign_in", "account:sato"),
            ("op-002", "search", "alerts"),
            ("op-002", "view", "alert:a-1"),
            ("op-002", "acknowledge", "alert:a-1"),
            ("op-002", "refused", "GET /audit"),
            ("op-002", "sign_out", "session"),
        ]

    at_home(tmp_path, work)
    verdict = asyncio.run(verify_store(str(tmp_path / "alerts.sqlite3"), None, None))
    assert verdict.broken is None


def test_a_changed_policy_is_logged_once_with_its_fields(tmp_path: Path) -> None:
    """Each start looks at the policy in force; only what differs from the last is told."""

    async def work(its: House) -> None:
        database = its.store.database
        for hours in (2, 2, 3):
            await note_start(database, {"response": {"high": {"acknowledge_h": hours}}})
        entries = await entries_before(database, None, 100, verb="policy_change")
        changed = [json.loads(entry.details)["changed"] for entry in entries]
        assert changed == [["response.high.acknowledge_h"], ["response"]]

    at_home(tmp_path, work)


def test_a_stream_lives_only_as_long_as_its_session(tmp_path: Path) -> None:
    """A page that lies open does not keep a session alive by itself."""

    async def work(its: House) -> None:
        await its.sign_in()
        door = Door.over(its.store.database, AccessSettings(bootstrap="127.0.0.1:9"), its.clock)
        secret = its.web.cookies["monomi"]
        for _ in range(2):
            its.clock.pass_by(minutes=20)
            seen = await door.sessions.person(secret, at_work=False)
        assert seen is None
        assert timedelta(minutes=30) == AccessSettings(bootstrap="x:1").session_idle

    at_home(tmp_path, work)
