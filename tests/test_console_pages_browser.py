"""The console's pages in a real browser over a made-up ward: worked on, by anybody, anywhere."""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Page, expect

from alerting.access.person import Person
from alerting.store import Arrival
from benchmarks.pictures.command import PAGES
from benchmarks.pictures.ground import Shown, ward_console
from benchmarks.pictures.reasons import MANY, UNEXPLAINED
from benchmarks.pictures.ward import FOUNDING, NOW, alert
from tests.browsers import browser_page, is_same_page, mark, needs_a_browser

pytestmark = [pytest.mark.browser]

GRAVE = ("serious", "critical")
OPEN_ALL = "document.querySelectorAll('details').forEach((each) => (each.open = true))"
ALL_PAGES = {**PAGES, "older": "?status=all&severity=low&from=2015-02-01", "none": "alerts/none"}


@pytest.fixture(autouse=True)
def _browser_is_there() -> None:
    needs_a_browser()


@asynccontextmanager
async def ward_page(
    language: str = "en", width: int = 1280, **options: Any
) -> AsyncIterator[tuple[Shown, Page]]:
    """Open a browser before the ward's console."""
    with tempfile.TemporaryDirectory() as folder:
        async with (
            ward_console(Path(folder)) as shown,
            browser_page(language, width, **options) as page,
        ):
            yield shown, page


async def come(shown: Shown, alert_id: str, **changes: Any) -> None:
    """Let an alert come now, as the feed does."""
    shown.clock.now = max(NOW, shown.clock.now) + timedelta(minutes=1)
    reasons = changes.pop("reasons", (MANY, UNEXPLAINED))
    severity = changes.pop("severity", "high")
    fresh = alert(alert_id, shown.clock.now, reasons, severity, **changes)
    await shown.console.office.intake.take([Arrival(fresh)])
    shown.console.bell.ring()


def run(work: Callable[[], Awaitable[None]]) -> None:
    """Run a test's work in a loop of its own."""

    async def whole() -> None:
        await work()

    asyncio.run(whole())


@pytest.mark.parametrize(
    ("language", "scheme", "width"),
    # Each two of these meet at least once.
    [("ja", "light", 1280), ("ja", "dark", 360), ("en", "dark", 1280), ("en", "light", 360)],
)
def test_no_page_has_a_grave_fault_of_access(language: str, scheme: str, width: int) -> None:
    """axe-core finds nothing serious or critical, and no page is wider than its screen."""

    async def work() -> None:
        async with ward_page(language, width, color_scheme=scheme) as (shown, page):
            for name, path in ALL_PAGES.items():
                await page.goto(shown.url + path)
                await page.evaluate(OPEN_ALL)
                found = await Axe().run(page)
                grave = [
                    (each["id"], [node["html"][:200] for node in each["nodes"]])
                    for each in found.response["violations"]
                    if each["impact"] in GRAVE
                ]
                assert grave == [], name
                assert found.response["passes"], name
                wide = await page.evaluate("document.documentElement.scrollWidth")
                assert wide <= width, name

    run(work)


def test_a_step_of_another_changes_the_open_list_and_its_counts() -> None:
    """Somebody acknowledges and resolves: the card says so, and the counts follow."""

    async def work() -> None:
        async with ward_page() as (shown, page):
            await page.goto(shown.url)
            await mark(page)
            card = page.locator(f"[data-alert={FOUNDING}]")
            checking = page.locator("[data-count=acknowledged]")
            before = int(await checking.inner_text())
            life = shown.console.office.life
            state = await shown.console.store.state(FOUNDING)
            assert state is not None
            state = await life.acknowledge(FOUNDING, "op-001", state.version)
            await expect(card).to_contain_text("Checking")
            await expect(checking).to_have_text(str(before + 1))
            await life.resolve(FOUNDING, "op-001", state.version, 1, "misuse", "")
            await expect(card).to_contain_text("Misuse")
            await expect(card).to_contain_text("No longer matches these filters")
            await expect(checking).to_have_text(str(before))
            assert await is_same_page(page)

    run(work)


def test_filters_hold_for_what_comes_live() -> None:
    """With a severity chosen, an alert of another does not appear, and one of it does."""

    async def work() -> None:
        async with ward_page() as (shown, page):
            await page.goto(shown.url)
            await page.locator(".chips .critical input").check(force=True)
            await page.wait_for_url("**/?severity=critical")
            count = await page.locator(".alert").count()
            await mark(page)
            await come(shown, "al-low", severity="low")
            await come(shown, "al-grave", severity="critical")
            await expect(page.locator("[data-alert=al-grave]")).to_be_visible()
            await expect(page.locator(".alert")).to_have_count(count + 1)
            assert await is_same_page(page)

    run(work)


def test_a_page_in_the_background_counts_what_came_in_its_title() -> None:
    """The title tells how many alerts were not seen, until one looks."""

    async def work() -> None:
        async with ward_page() as (shown, page):
            await page.goto(shown.url)
            await expect(page.get_by_role("status")).to_have_text("Live")
            title = await page.title()
            await hide(page, True)
            await come(shown, "al-one")
            await come(shown, "al-two")
            await expect(page).to_have_title(f"(2) {title}")
            await hide(page, False)
            await expect(page).to_have_title(title)

    run(work)


async def hide(page: Page, hidden: bool) -> None:
    """Put the page in the background, or back."""
    await page.evaluate(
        """(hidden) => {
            Object.defineProperty(document, "hidden", { value: hidden, configurable: true });
            document.dispatchEvent(new Event("visibilitychange"));
        }""",
        hidden,
    )


def test_the_list_is_worked_through_by_keys() -> None:
    """j and k go through it, Enter opens, / searches, ? explains; a field keeps its keys."""

    async def work() -> None:
        async with ward_page() as (shown, page):
            await page.goto(shown.url)
            names = [
                await each.get_attribute("data-alert")
                for each in await page.locator(".alert").all()
            ]

            async def focused() -> str | None:
                held: str | None = await page.evaluate(
                    "document.activeElement.closest('.alert')?.dataset.alert ?? null"
                )
                return held

            for key, at in (("j", 0), ("j", 1), ("j", 2), ("k", 1), ("k", 0), ("k", 0)):
                await page.keyboard.press(key)
                assert await focused() == names[at]
            await page.keyboard.press("?")
            await expect(page.get_by_role("dialog")).to_be_visible()
            await page.keyboard.press("Escape")
            await page.keyboard.press("/")
            await page.keyboard.type("jk?/")
            await expect(page.get_by_role("searchbox")).to_have_value("jk?/")
            await page.get_by_role("searchbox").fill("prints or ex")
            await page.get_by_role("searchbox").fill("240 records")
            await page.keyboard.press("Enter")
            await page.wait_for_url("**/?q=240+records")
            assert 0 < await page.locator(".alert").count() < len(names)
            await page.keyboard.press("j")
            first = await focused()
            await page.keyboard.press("Enter")
            await page.wait_for_url(f"**/alerts/{first}")

    run(work)


@pytest.mark.parametrize("javascript", [True, False])
def test_an_alert_is_worked_on_from_the_list_to_its_verdict(javascript: bool) -> None:
    """Open it, begin to check, give a verdict; with JavaScript or without, in Japanese."""

    async def work() -> None:
        async with ward_page("ja", java_script_enabled=javascript) as (shown, page):
            await page.goto(shown.url)
            await page.locator(f"[data-alert={FOUNDING}] a").click()
            await page.get_by_role("button", name="確認を始める").click()
            await expect(page.get_by_text("確認を始めたことを記録しました。")).to_be_visible()
            await page.get_by_label("業務上必要").check()
            await page.get_by_label("メモ").first.fill("受付票あり")
            await page.get_by_role("button", name="判断を記録する").click()
            await expect(page.get_by_text("判断を記録しました。").first).to_be_visible()
            await expect(page.locator(".story .is-resolved blockquote")).to_have_text("受付票あり")
            await expect(page.get_by_role("button", name="対応を再開する")).to_be_visible()

    run(work)


def test_an_open_alert_says_when_somebody_else_works_on_it() -> None:
    """The page says that it has changed; a form sent all the same keeps what was typed."""

    async def work() -> None:
        async with ward_page() as (shown, page):
            await page.goto(f"{shown.url}alerts/{FOUNDING}")
            await page.get_by_label("Misuse").check()
            await page.get_by_label("Note").first.fill("No slip.")
            state = await shown.console.store.state(FOUNDING)
            assert state is not None
            await shown.console.office.life.acknowledge(FOUNDING, "op-001", state.version)
            await expect(page.get_by_text("has changed since you opened")).to_be_visible()
            await page.get_by_role("button", name="Record the verdict").click()
            await expect(page.get_by_role("alert")).to_contain_text("op-001 began to look into it")
            await expect(page.get_by_label("Misuse")).to_be_checked()
            await expect(page.get_by_label("Note").first).to_have_value("No slip.")

    run(work)


def test_a_supervisor_sees_and_hears_of_their_own_alerts_only() -> None:
    """Two alerts come live, one of another section: it does not appear."""

    async def work() -> None:
        async with ward_page() as (shown, page):
            shown.doorkeeper.whom = Person("op-006", "supervisor", "op-006")
            await page.goto(shown.url)
            await expect(page.get_by_role("status")).to_have_text("Live")
            await come(shown, "al-theirs", section_id="tax", operator_id="op-018")
            await come(shown, "al-ours", section_id="welfare", operator_id="op-024")
            await expect(page.locator("[data-alert=al-ours]")).to_be_visible()
            await expect(page.locator("[data-alert=al-theirs]")).to_have_count(0)

    run(work)


def test_a_printed_alert_has_everything_and_no_forms() -> None:
    """On paper what was folded is open, and what can only be clicked is gone."""

    async def work() -> None:
        async with ward_page() as (shown, page):
            await page.goto(f"{shown.url}alerts/{FOUNDING}")
            await page.emulate_media(media="print")
            await expect(page.get_by_role("button", name="Record the verdict")).to_be_hidden()
            await expect(page.locator(".rest table").first).to_be_visible()
            await expect(page.get_by_text("Who has it")).to_be_visible()

    run(work)
