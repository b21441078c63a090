"""Signing in and out in a real browser, and what each role sees there first."""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Page, expect

from alerting.access.accounts import Account
from alerting.access.person import Role
from alerting.console import stream
from benchmarks.pictures.ground import Shown, ward_console
from benchmarks.pictures.ward import FOUNDING, OFFICER
from tests.browsers import browser_page, needs_a_browser

pytestmark = [pytest.mark.browser]

PASSWORD = "a long night's watch"
WORDS = {
    "ja": ("利用者名", "パスワード", "ログイン", "ログアウト"),
    "en": ("Name", "Password", "Sign in", "Sign out"),
}


@pytest.fixture(autouse=True)
def _browser_is_there() -> None:
    needs_a_browser()


@asynccontextmanager
async def entrance(
    language: str, role: Role = "privacy_officer", width: int = 1280, **options: Any
) -> AsyncIterator[tuple[Shown, Page]]:
    """Open a browser that nobody is signed in with before a console with one account."""
    with tempfile.TemporaryDirectory() as folder:
        async with (
            ward_console(Path(folder)) as shown,
            browser_page(language, width, **options) as page,
        ):
            shown.console.doorkeeper = shown.console.door
            account = Account("sato", OFFICER, role, "佐藤 恵")
            await shown.console.door.accounts.add(account, PASSWORD)
            yield shown, page


async def sign_in(page: Page, language: str) -> None:
    """Fill in the form, and send it by the key."""
    name, password, *_ = WORDS[language]
    await page.get_by_label(name, exact=True).fill("sato")
    await page.get_by_label(password, exact=True).fill(PASSWORD)
    await page.keyboard.press("Enter")


def run(work: Callable[[], Awaitable[None]]) -> None:
    """Run a test's work in a loop of its own."""

    async def whole() -> None:
        await work()

    asyncio.run(whole())


@pytest.mark.parametrize("language", ["ja", "en"])
def test_who_asks_for_an_alert_signs_in_sees_it_and_signs_out(language: str) -> None:
    """The page that was asked for comes after the sign-in; after signing out it does not."""

    async def work() -> None:
        async with entrance(language) as (shown, page):
            *_, enter, leave = WORDS[language]
            wanted = f"{shown.url}alerts/{FOUNDING}"
            await page.goto(wanted)
            await expect(page.get_by_role("heading", level=1)).to_have_text(enter)
            await sign_in(page, language)
            await expect(page).to_have_url(wanted)
            await expect(page.locator("article.whole")).to_be_visible()
            (cookie,) = await page.context.cookies(shown.url)
            assert cookie["httpOnly"]
            assert cookie["sameSite"] == "Lax"
            await page.get_by_role("button", name=leave).click()
            await expect(page.get_by_role("heading", level=1)).to_have_text(enter)
            await page.goto(wanted)
            await expect(page.locator("article.whole")).to_have_count(0)

    run(work)


def test_an_open_list_leads_to_the_sign_in_when_its_session_ends(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Somebody's account is disabled: the list that lies open on their desk is gone."""
    monkeypatch.setattr(stream, "LOOK_EVERY_S", 0.2)

    async def work() -> None:
        async with entrance("en") as (shown, page):
            await page.goto(shown.url)
            await sign_in(page, "en")
            await expect(page.locator(".alert").first).to_be_visible()
            await expect(page.locator("#connection")).to_have_text("Live")
            await shown.console.door.accounts.disable("sato")
            await expect(page.get_by_label("Password")).to_be_visible()
            await expect(page.locator(".alert")).to_have_count(0)

    run(work)


@pytest.mark.parametrize("width", [1280, 360])
@pytest.mark.parametrize(
    ("role", "home", "paths"),
    [("auditor", "audit", ("sign-in", "")), ("operations", "standing", ("audit",))],
)
def test_each_role_begins_where_its_work_is_on_pages_without_a_grave_fault(
    role: Role, home: str, paths: tuple[str, ...], width: int
) -> None:
    """The auditor sees the log, operations how it stands; axe-core finds nothing serious."""

    async def faults(page: Page) -> list[tuple[str, Any]]:
        found = await Axe().run(page)
        wide = await page.evaluate("document.documentElement.scrollWidth")
        assert wide <= width
        return [
            (each["id"], [node["html"][:200] for node in each["nodes"]])
            for each in found.response["violations"]
            if each["impact"] in ("serious", "critical")
        ]

    async def work() -> None:
        async with entrance("ja", role, width) as (shown, page):
            await page.goto(shown.url + "sign-in")
            assert await faults(page) == []
            await sign_in(page, "ja")
            await expect(page).to_have_url(shown.url + home)
            assert await faults(page) == []
            for path in paths:
                await page.goto(shown.url + path)
                assert await faults(page) == []

    run(work)
