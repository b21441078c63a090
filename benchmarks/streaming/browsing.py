"""A browser before a console: Debian's Chromium, somebody signed in, the list of alerts open."""

from __future__ import annotations

import os
import secrets
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from benchmarks.pictures.command import CHROMIUM, FLAGS
from benchmarks.streaming.ground import Ground
from schemas.errors import MonomiError

_NAME = "lookout"
_PATIENCE_MS = 60_000


@contextmanager
def signed_in_page(ground: Ground, script: str) -> Iterator[Any]:
    """Open the list of alerts of a console over a deployment; `script` runs before the page's own.

    Yields playwright's page. Raises MonomiError `browser_missing` and `console_ended`.
    """
    from playwright.sync_api import sync_playwright

    if not CHROMIUM.exists():
        raise MonomiError("browser_missing", "Debian's package chromium is needed: install it")
    password = secrets.token_urlsafe(16)
    _monomi(
        ground,
        *("accounts", "add", _NAME, "--role", "privacy_officer", "--password-stdin"),
        given=password,
    )
    with _console(ground) as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        page = browser.new_page(locale="en")
        page.set_default_timeout(_PATIENCE_MS)
        page.add_init_script(script)
        page.goto(address)
        page.fill("input[name=name]", _NAME)
        page.fill("input[name=password]", password)
        page.click("main button[type=submit]")
        yield page
        browser.close()


@contextmanager
def _console(ground: Ground) -> Iterator[str]:
    """Run `monomi console` on a free port; yield its address."""
    process = subprocess.Popen(
        [sys.executable, "-m", "monomi.cli", "console", "--port", "0"],
        env=_environment(ground),
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        assert process.stdout is not None
        for line in process.stdout:
            if "http://" in line:
                yield "http://" + line.split("http://")[1].split()[0]
                return
        raise MonomiError("console_ended", "the console ended before it answered")
    finally:
        process.kill()
        process.wait()


def _monomi(ground: Ground, *arguments: str, given: str) -> None:
    subprocess.run(
        [sys.executable, "-m", "monomi.cli", *arguments],
        env=_environment(ground),
        input=given + "\n",
        text=True,
        check=True,
        stdout=subprocess.DEVNULL,
    )


def _environment(ground: Ground) -> dict[str, str]:
    data_dir = str(ground.folder / "console")
    return {**os.environ, "MONOMI_BOOTSTRAP": ground.bootstrap, "MONOMI_DATA_DIR": data_dir}
