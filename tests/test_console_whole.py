"""The whole way: a real worker, broker, console and browser, from a look-up to a verdict."""

from __future__ import annotations

import asyncio
import gzip
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.async_api import Page, expect

from alerting.access.accounts import Account, Accounts
from alerting.settings import ConsoleSettings
from alerting.store import AlertStore
from streams.broker import Broker
from streams.outgoing import find_sources
from streams.producer import produce
from streams.topics import create_topics
from tests.browsers import browser_page, needs_a_browser
from tests.consoles import Served, console_settings, new_prefix, served
from tests.faults.load import Load, make_load
from tests.processes import eventually
from tests.workers import WorkerProcess

pytestmark = [pytest.mark.browser, pytest.mark.kafka]

LOOK_UPS, BEFORE = 6000, 5000
PARTITIONS = 4
PASSWORD = "a long night's watch"


@pytest.fixture(autouse=True)
def _browser_is_there() -> None:
    needs_a_browser()


@pytest.fixture(scope="module")
def load(tmp_path_factory: pytest.TempPathFactory) -> Load:
    """Return a ward's look-ups, those of `before` and `live` in folders of their own."""
    load = make_load(tmp_path_factory.mktemp("ward"), LOOK_UPS, seed=5)
    with gzip.open(load.look_ups) as file:
        lines = file.readlines()
    for name, part in (("before", lines[:BEFORE]), ("live", lines[BEFORE:])):
        (load.folder / name).mkdir()
        with gzip.open(load.folder / name / load.look_ups.name, "wb", 1) as file:
            file.writelines(part)
    return load


@contextmanager
def working(kafka: Broker, folder: Path, load: Load, prefix: str) -> Iterator[None]:
    """Run a worker that has worked off the look-ups of before."""
    asyncio.run(create_topics(kafka.bootstrap, prefix, PARTITIONS))
    for part in (load.context, load.folder / "before"):
        produce(find_sources([part]), kafka.bootstrap, prefix)
    with WorkerProcess(kafka.bootstrap, prefix, folder) as worker:
        done = eventually(lambda: worker.metric("monomi_records_total") >= BEFORE, 90)
        assert done, worker.last_lines(30)
        yield


async def settled(console: Served) -> None:
    """Wait until no alert of before is under way any more."""
    row = -1
    while row != (row := (await console.health())["row"]) or row == 0:
        await asyncio.sleep(1.0)


async def make_account(settings: ConsoleSettings) -> None:
    """Make the privacy officer's account."""
    store = await AlertStore.open(settings.store_location)
    account = Account("sato", "sato", "privacy_officer", "Sato")
    await Accounts(store.database, "test").add(account, PASSWORD)
    await store.close()


async def sign_in(page: Page, url: str) -> None:
    """Sign in as people do."""
    await page.goto(url)
    await page.fill("input[name=name]", "sato")
    await page.fill("input[name=password]", PASSWORD)
    await page.click("main button[type=submit]")
    await expect(page.locator("[data-state=live]")).to_be_visible()


@pytest.mark.parametrize(
    ("language", "checking", "resolved"),
    [("ja", "確認中", "対応済み"), ("en", "Checking", "Resolved")],
)
def test_a_look_up_becomes_an_alert_on_the_page_and_gets_a_verdict(
    kafka: Broker, tmp_path: Path, load: Load, language: str, checking: str, resolved: str
) -> None:
    """Sign in, see it appear live, open it, begin to check, record a verdict."""
    prefix = new_prefix()
    settings = console_settings(tmp_path, kafka.bootstrap, prefix)

    async def work() -> None:
        await make_account(settings)
        async with served(settings) as console, browser_page(language) as page:
            await sign_in(page, console.url)
            await settled(console)
            await page.reload()
            live = find_sources([load.folder / "live"])
            await asyncio.to_thread(produce, live, kafka.bootstrap, prefix)
            fresh = page.locator('[data-revision="1"].fresh').first
            await expect(fresh).to_be_visible()
            alert_id = str(await fresh.get_attribute("data-alert"))
            await page.goto(f"{console.url}alerts/{alert_id}")
            await page.click('form[action$="/acknowledge"] button')
            await expect(page.locator("main")).to_contain_text(checking)
            await page.check('input[name=verdict][value="justified"]')
            await page.fill('form[action$="/resolve"] textarea', "a slip")
            await page.click('form[action$="/resolve"] button')
            await expect(page.locator("main")).to_contain_text(resolved)

    with working(kafka, tmp_path, load, prefix):
        asyncio.run(work())
