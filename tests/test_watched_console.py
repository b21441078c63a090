"""The console as it runs: what its audit log and its streams do at their edges."""

from __future__ import annotations

import asyncio
import json
from contextlib import aclosing
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest
from fastapi import Request

from alerting.access.person import Person, Role
from alerting.access.settings import AccessSettings
from alerting.audit.entry import Entry
from alerting.audit.reading import entries_before
from alerting.audit.signing import PUBLIC_NAME, PublicKeys, make_keys
from alerting.audit.verifying import verify_store
from alerting.console import stream
from alerting.console.app import console_app
from alerting.console.doorkeeping import Door
from alerting.console.stream import Wish, alert_events
from alerting.store import AlertStore
from streams.broker import Broker
from tests.consoles import console_settings, make_topic, new_prefix, served
from tests.desks_of_pages import before
from tests.offices import Scene, at_work, quiet_console
from tests.sample_alerts import alert


@dataclass
class Noting:
    """A doorkeeper that notes who is at work."""

    at_work: list[bool]

    async def person(self, request: Request, *, at_work: bool = True) -> Person:  # noqa: ARG002
        self.at_work.append(at_work)
        return Person("op-1", "auditor", "N")


SECTION = "/sections/resident-affairs"


def store_in(folder: Path) -> str:
    """Return where a new store can be."""
    return str(folder / "alerts.sqlite3")


async def entries(store: AlertStore) -> list[Entry]:
    """Return the audit log, the first entry first."""
    return list(reversed(await entries_before(store.database, None, 1000)))


def test_tries_at_once_get_no_further_than_one_by_one(tmp_path: Path) -> None:
    """Of forty guesses sent together five are looked at; the rest wait and fill no log."""

    async def work() -> None:
        store = await AlertStore.open(store_in(tmp_path))
        try:
            entrance = Door.over(store.database, AccessSettings(bootstrap="x:1")).entrance
            guesses = [entrance.sign_in("sato", f"guess number {n}", "10.0.0.9") for n in range(40)]
            refused = await asyncio.gather(*guesses)
            assert all(not isinstance(each, str) for each in refused)
            assert len(await entries(store)) == 5
        finally:
            await store.close()

    asyncio.run(work())


def test_a_name_that_is_nobodys_is_not_written_down(tmp_path: Path) -> None:
    """Whoever types a password into the field of the name does not leave it in the log."""

    async def work() -> None:
        store = await AlertStore.open(store_in(tmp_path))
        try:
            entrance = Door.over(store.database, AccessSettings(bootstrap="x:1")).entrance
            await entrance.sign_in("my long secret phrase", "", "10.0.0.9")
            (entry,) = await entries(store)
            assert entry.verb == "sign_in_failed"
            assert "secret" not in json.dumps(vars(entry), default=str)
        finally:
            await store.close()

    asyncio.run(work())


def test_a_stream_ends_soon_after_its_session(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It says so, so that the page leads to the sign-in, and brings nothing after."""
    monkeypatch.setattr(stream, "LOOK_EVERY_S", 0.05)
    inside = [True]

    async def is_in() -> bool:
        return inside[0]

    async def work() -> list[str | None]:
        store = await AlertStore.open(store_in(tmp_path))
        console, heard = quiet_console(store), []
        try:
            async with (
                asyncio.timeout(20),
                aclosing(alert_events(console, Wish(is_in=is_in))) as events,
            ):
                async for event in events:
                    heard.append(event.event)
                    inside[0] = False
        finally:
            await store.close()
        return heard

    assert asyncio.run(work()) == ["feed", "signed_out"]


def test_a_stream_looks_often_enough_for_ten_seconds() -> None:
    """A look that a ring came just before is at most two waits away."""
    assert 2 * stream.LOOK_EVERY_S < 10


def test_what_was_looked_at_and_what_was_kept_back_is_in_the_log(tmp_path: Path) -> None:
    """Lists say how much they showed; an alert that is kept from somebody says who asked."""

    async def work(scene: Scene) -> None:
        await scene.come(alert(), alert("a-2"))
        async with before(scene, "op-002") as web:
            for path in (
                "/",
                "/?q=second",
                "/alerts.json",
                "/sections",
                "/sections/resident-affairs",
            ):
                assert (await web.get(path)).status_code == 200
        async with before(scene, "op-017") as web:
            assert (await web.get("/alerts/a-1")).status_code == 404
            assert (await web.get("/api/v1/alerts/a-1")).status_code == 404
            assert (await web.get("/alerts/no-such")).status_code == 404
        log = await entries(scene.office.store)
        assert [(e.who, e.verb, e.target) for e in log] == [
            ("op-002", "view", "alerts"),
            ("op-002", "search", "alerts"),
            ("op-002", "view", "alerts"),
            ("op-002", "view", "sections"),
            ("op-002", "view", "section:resident-affairs"),
            ("op-017", "refused", "alert:a-1"),
            ("op-017", "refused", "alert:a-1"),
        ]
        assert json.loads(log[0].details)["shown"] == 2
        assert json.loads(log[1].details)["filters"] == {"q": "second"}

    at_work(store_in(tmp_path), work)


@pytest.mark.parametrize(
    ("role", "path", "status"),
    [
        ("operations", "/standing", 200),
        ("operations", "/", 403),
        ("auditor", "/audit", 200),
        ("auditor", "/alerts/a-1", 403),
    ],
)
def test_a_browser_gets_a_page_where_its_role_ends(
    tmp_path: Path, role: Role, path: str, status: int
) -> None:
    """Who may not see a page is told so in words, with a way on and out."""

    async def work(scene: Scene) -> None:
        await scene.come(alert())
        async with before(scene, "op-500", role) as web:
            page = await web.get(path, headers={"Accept": "text/html"})
        assert page.status_code == status
        assert "Sign out" in page.text
        assert ("Not for your role" in page.text) == (status == 403)
        assert "op-017" not in page.text

    at_work(store_in(tmp_path), work)


def test_what_lies_open_keeps_no_session_alive(tmp_path: Path) -> None:
    """A stream, and whatever a page's script fetches, is no person at work."""

    async def work() -> None:
        store = await AlertStore.open(store_in(tmp_path))
        console = quiet_console(store)
        asked: list[bool] = []
        console.doorkeeper = Noting(asked)
        transport = httpx.ASGITransport(console_app(console, loopback_only=True))
        try:
            async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as web:
                await web.get("/home")
                await web.get("/home", headers={"Sec-Fetch-Mode": "navigate"})
                await web.get("/home", headers={"Sec-Fetch-Mode": "cors"})
                await web.get("/stream")
        finally:
            await store.close()
        assert asked == [True, True, False, False]

    asyncio.run(work())


@pytest.mark.kafka
def test_checkpoints_are_written_while_the_console_runs_and_at_its_end(
    kafka: Broker, tmp_path: Path
) -> None:
    """The last of them saw the last entry, so that an end cut off afterwards is found."""
    prefix = new_prefix()
    settings = console_settings(tmp_path, kafka.bootstrap, prefix)
    make_keys(tmp_path / "audit")

    async def work() -> None:
        await make_topic(kafka.bootstrap, prefix)
        async with served(settings) as console:
            assert (await console.web.get("/")).status_code == 200
        store = await AlertStore.open(settings.store_location)
        try:
            newest = (await entries(store))[-1]
            assert (newest.verb, newest.target) == ("view", "alerts")
        finally:
            await store.close()
        lines = (tmp_path / "audit" / "checkpoints.jsonl").read_text().splitlines()
        assert json.loads(lines[-1])["number"] == newest.number
        keys = PublicKeys.load([tmp_path / "audit" / PUBLIC_NAME])
        file = tmp_path / "audit" / "checkpoints.jsonl"
        verdict = await verify_store(settings.store_location, file, keys)
        assert verdict.broken is None

    asyncio.run(work())


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Content-Length": "262145"}, 413),
        ({"Transfer-Encoding": "chunked"}, 411),
        ({"Content-Length": "2"}, 401),
    ],
)
def test_a_large_body_is_refused_before_it_is_read(
    tmp_path: Path, headers: dict[str, str], status: int
) -> None:
    """Whoever is not signed in cannot fill the memory with a form."""

    async def work(scene: Scene) -> None:
        console = quiet_console(scene.office.store)
        console.doorkeeper = console.door
        transport = httpx.ASGITransport(console_app(console, loopback_only=True))
        async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as web:
            answer = await web.post("/absences", content=b"{}", headers=headers)
        assert answer.status_code == status

    at_work(store_in(tmp_path), work)
