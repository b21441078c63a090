"""The console in a real browser: alerts appear by themselves, and nothing is lost."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from playwright.async_api import expect

from schemas.record import Words
from streams.broker import Broker
from tests.browsers import browser_page, is_same_page, mark, needs_a_browser
from tests.consoles import console_settings, make_topic, new_prefix, sender, served
from tests.sample_alerts import REPEATED, UNEXPLAINED, alert

pytestmark = [pytest.mark.browser, pytest.mark.kafka]


@pytest.fixture(autouse=True)
def _browser_is_there() -> None:
    needs_a_browser()


@pytest.mark.parametrize(
    ("language", "empty", "live", "sentence", "revised"),
    [
        ("ja", "アラートはまだありません。", "受信中", REPEATED.summary.ja, "第2版"),
        ("en", "No alerts yet.", "Live", REPEATED.summary.en, "Revision 2"),
    ],
    ids=["ja", "en"],
)
def test_an_alert_appears_and_grows_on_an_open_page(
    kafka: Broker,
    tmp_path: Path,
    language: str,
    empty: str,
    live: str,
    sentence: str,
    revised: str,
) -> None:
    """Open the empty page, send an alert, then its revision, then another; never reload."""
    prefix = new_prefix()

    async def work() -> None:
        await make_topic(kafka.bootstrap, prefix)
        async with (
            served(console_settings(tmp_path, kafka.bootstrap, prefix)) as console,
            sender(kafka.bootstrap, prefix) as send,
            browser_page(language) as page,
        ):
            await console.enter(page)
            await mark(page)
            await expect(page.locator("html")).to_have_attribute("lang", language)
            await expect(page.get_by_text(empty)).to_be_visible()
            await expect(page.get_by_role("status")).to_have_text(live)

            await send(alert("a", reasons=(REPEATED,)).to_json())
            card = page.locator("[data-alert=a]")
            await expect(card).to_contain_text(sentence)
            await expect(page.get_by_text(empty)).to_be_hidden()
            await expect(card).not_to_contain_text(revised)

            await send(alert("b").to_json())
            await send(alert("a", 2, reasons=(REPEATED, UNEXPLAINED)).to_json())
            await expect(card).to_contain_text(revised)
            await expect(card.locator(".reasons li")).to_have_count(2)
            await expect(page.locator(".alert")).to_have_count(2)
            assert await page.locator(".alert").first.get_attribute("data-alert") == "b"

            await send(alert("a", 1).to_json())  # comes again
            await send(alert("c").to_json())
            await expect(page.locator(".alert")).to_have_count(3)
            await expect(card).to_contain_text(revised)
            assert await is_same_page(page)

            await card.get_by_role("link").click()
            await expect(page.get_by_text("q-00012093")).to_be_visible()

    asyncio.run(work())


def test_a_page_outlives_the_console_and_misses_nothing(kafka: Broker, tmp_path: Path) -> None:
    """Stop the console under an open page, send alerts meanwhile, and start it again."""
    prefix = new_prefix()

    async def work() -> None:
        await make_topic(kafka.bootstrap, prefix)
        async with sender(kafka.bootstrap, prefix) as send, browser_page("en") as page:
            async with served(console_settings(tmp_path, kafka.bootstrap, prefix)) as console:
                port = int(console.url.rstrip("/").rpartition(":")[2])
                await console.enter(page)
                await mark(page)
                await send(alert("before").to_json())
                await expect(page.locator(".alert")).to_have_count(1)
            await expect(page.get_by_role("status")).to_have_text("Lost the console, reconnecting")
            await send(alert("meanwhile").to_json())
            async with served(console_settings(tmp_path, kafka.bootstrap, prefix, port)):
                await expect(page.locator("[data-alert=meanwhile]")).to_be_visible()
                await expect(page.get_by_role("status")).to_have_text("Live")
                await send(alert("after").to_json())
                await expect(page.locator(".alert")).to_have_count(3)
                assert await is_same_page(page)

    asyncio.run(work())


def test_a_page_of_a_store_that_is_gone_loads_anew(kafka: Broker, tmp_path: Path) -> None:
    """Start the console again on an empty store; the page shows what that one has."""
    prefix, other = new_prefix(), new_prefix()

    async def work() -> None:
        await make_topic(kafka.bootstrap, prefix)
        await make_topic(kafka.bootstrap, other)
        async with browser_page("en") as page:
            settings = console_settings(tmp_path / "old", kafka.bootstrap, prefix)
            async with served(settings) as console, sender(kafka.bootstrap, prefix) as send:
                port = int(console.url.rstrip("/").rpartition(":")[2])
                await console.enter(page)
                await send(alert("old").to_json())
                await expect(page.locator("[data-alert=old]")).to_be_visible()
            new = console_settings(tmp_path / "new", kafka.bootstrap, other, port)
            async with served(new, secret=console.secret):
                await expect(page.get_by_text("No alerts yet.")).to_be_visible()
                await expect(page.locator(".alert")).to_have_count(0)

    asyncio.run(work())


def test_markup_that_comes_live_is_shown_and_not_run(kafka: Broker, tmp_path: Path) -> None:
    """An alert with a script in its sentence arrives on an open page; its text is shown."""
    prefix = new_prefix()
    attack = "<img src=/x onerror=alert(1)><script>alert(2)</script>"
    hostile = REPEATED.model_copy(update={"summary": Words(en=attack, ja=attack)})

    async def work() -> None:
        await make_topic(kafka.bootstrap, prefix)
        async with (
            served(console_settings(tmp_path, kafka.bootstrap, prefix)) as console,
            sender(kafka.bootstrap, prefix) as send,
            browser_page("en") as page,
        ):
            await console.enter(page)
            await send(alert("hostile", reasons=(hostile,)).to_json())
            await expect(page.locator("[data-alert=hostile] .sentence")).to_have_text(attack)
            assert await page.locator(".alert script, .alert img").count() == 0

    asyncio.run(work())


@pytest.mark.parametrize("language", ["ja", "en"])
def test_a_phone_shows_whole_lines(kafka: Broker, tmp_path: Path, language: str) -> None:
    """On a screen of 360 pixels neither page is wider than the screen."""
    prefix = new_prefix()
    long = alert("long", operator_id="o" * 64, resident_id="r" * 64, event_ids=("q" * 64,))

    async def work() -> None:
        await make_topic(kafka.bootstrap, prefix)
        async with (
            served(console_settings(tmp_path, kafka.bootstrap, prefix)) as console,
            sender(kafka.bootstrap, prefix) as send,
            browser_page(language, width=360) as page,
        ):
            await send(long.to_json())
            await console.enter(page)
            await expect(page.locator(".alert")).to_have_count(1)
            for path in ("", "alerts/long"):
                await page.goto(console.url + path)
                width = await page.evaluate("document.documentElement.scrollWidth")
                assert width == 360, path

    asyncio.run(work())
