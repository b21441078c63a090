"""Run `python -m benchmarks pictures`: the pictures of the console in docs/images, anew."""

from __future__ import annotations

import asyncio
import tempfile
from pathlib import Path
from typing import Annotated, Any, Literal, cast

import typer
from playwright.async_api import Browser, async_playwright

from benchmarks.pictures.ground import Shown, officer, ward_console
from benchmarks.pictures.ward import FOUNDING
from schemas.errors import MonomiError

CHROMIUM = Path("/usr/bin/chromium")
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
PAGES = {
    "console": "",
    "alert": f"alerts/{FOUNDING}",
    "section": "sections/resident-affairs?month=2015-02",
    "sections": "sections",
    "absences": "absences",
}
_HEIGHTS = {"console": 900, "alert": 1400}

Scheme = Literal["light", "dark"]


def pictures(
    out: Annotated[Path, typer.Option(help="The folder to write them to")] = Path("docs/images"),
    everything: Annotated[
        bool, typer.Option("--all", help="Every page in every form, also those not in the docs")
    ] = False,
) -> None:
    """Take the pictures of the console's pages with Debian's Chromium."""
    if not CHROMIUM.exists():
        raise MonomiError("chromium_missing", "pictures need Debian's package chromium: install it")
    out.mkdir(parents=True, exist_ok=True)
    asyncio.run(_take(out, everything))


async def _take(out: Path, everything: bool) -> None:
    with tempfile.TemporaryDirectory() as folder:
        async with ward_console(Path(folder)) as shown, async_playwright() as playwright:
            browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
            try:
                for language in ("ja", "en"):
                    for name in PAGES if everything else ("console", "alert", "section"):
                        await _picture(
                            browser, shown, out / f"{name}-{language}.png", name, language
                        )
                forms = ("console", "alert") if not everything else PAGES
                for name in forms:
                    for language in ("ja", "en") if everything else ("ja",):
                        path = out / f"{name}-phone-{language}.png"
                        await _picture(browser, shown, path, name, language, width=360)
                if everything:
                    for name in PAGES:
                        path = out / f"{name}-dark-ja.png"
                        await _picture(browser, shown, path, name, "ja", scheme="dark")
            finally:
                await browser.close()


async def _picture(
    browser: Browser,
    shown: Shown,
    path: Path,
    name: str,
    language: str,
    *,
    width: int = 1280,
    scheme: Scheme = "light",
) -> None:
    """Take one page: a phone's as high as a few screens, others as high as they are made for."""
    height = 1500 if width < 500 else _HEIGHTS.get(name, 900)
    size = cast(Any, {"width": width, "height": height})
    page = await browser.new_page(
        locale=language, viewport=size, color_scheme=scheme, reduced_motion="reduce"
    )
    shown.doorkeeper.whom = officer(language)
    await page.goto(shown.url + PAGES[name])
    await page.wait_for_timeout(300)
    await page.screenshot(path=path)
    await page.close()
    typer.echo(path)
