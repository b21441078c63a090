"""A real browser for the tests of the console's pages: Debian's Chromium."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, cast

import pytest
from playwright.async_api import Page, async_playwright, expect

from benchmarks.pictures.command import CHROMIUM, FLAGS

JAPANESE_FONT = Path("/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc")
PATIENCE_MS = 60_000


def needs_a_browser() -> None:
    """Skip a test where there is no browser, and name what is missing; on CI, fail it."""
    for path, package in ((CHROMIUM, "chromium"), (JAPANESE_FONT, "fonts-noto-cjk")):
        if not path.exists():
            sentence = f"needs Debian's package {package}"
            if os.environ.get("CI") == "true":
                pytest.fail(sentence)
            pytest.skip(sentence)


@asynccontextmanager
async def browser_page(language: str, width: int = 1280, **options: Any) -> AsyncIterator[Page]:
    """Open a page in a browser of that language; no error may show in its console."""
    errors: list[str] = []
    expect.set_options(timeout=PATIENCE_MS)
    size = cast(Any, {"width": width, "height": 800})
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        page = await browser.new_page(
            locale=language, viewport=size, reduced_motion="reduce", **options
        )
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.on("dialog", lambda dialog: errors.append(f"dialog: {dialog.message}"))
        page.on(
            "console",
            lambda line: errors.append(line.text) if "Content Security" in line.text else None,
        )
        yield page
        await browser.close()
    assert errors == []


async def mark(page: Page) -> None:
    """Leave a mark in the page that a reload would wipe out."""
    await page.evaluate("window.unloaded = false")


async def is_same_page(page: Page) -> bool:
    """Return whether the page has not been loaded again since it was marked."""
    return await page.evaluate("window.unloaded") is False
