"""A console over the made-up ward, without Kafka, and a browser before it."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import uvicorn
from fastapi import Request

from alerting.access.person import Person
from alerting.access.settings import AccessSettings
from alerting.bell import Bell
from alerting.console.app import console_app
from alerting.console.doorkeeping import Door
from alerting.console.gate import Doorkeeper as Gatekeeper
from alerting.console.rendering import Pages
from alerting.console.stream import Console
from alerting.feed import FeedStatus
from alerting.office import Office
from alerting.pseudonyms import Pseudonyms
from alerting.settings import ConsoleSettings
from alerting.store import AlertStore
from benchmarks.pictures.ward import OFFICER, WardClock, furnish

_NOWHERE = "127.0.0.1:9"


@dataclass
class Doorkeeper:
    """Take whoever comes for one person."""

    whom: Person

    async def person(self, request: Request, *, at_work: bool = True) -> Person | None:  # noqa: ARG002
        """Return that person."""
        return self.whom


def officer(language: str) -> Person:
    """Return the privacy officer, as a language writes the name."""
    name = "佐藤 恵" if language == "ja" else "Megumi Sato"
    return Person(OFFICER, "privacy_officer", name)


@dataclass
class Shown:
    """Hold a running console, its address, and whose it is."""

    url: str
    console: Console
    clock: WardClock
    doorkeeper: Doorkeeper


def console_before(
    office: Office, bell: Bell, feed: FeedStatus, pages: Pages, doorkeeper: Gatekeeper
) -> Console:
    """Return a console whose people are those that a doorkeeper names."""
    door = Door.over(office.store.database, AccessSettings(bootstrap=_NOWHERE))
    return Console(office, bell, feed, pages, doorkeeper, door, Pseudonyms(b"k" * 32))


@asynccontextmanager
async def ward_console(folder: Path) -> AsyncIterator[Shown]:
    """Run a console over the ward until the block ends, before its privacy officer."""
    store = await AlertStore.open(str(folder / "alerts.sqlite3"))
    bell, clock = Bell(), WardClock()
    settings = ConsoleSettings(bootstrap=_NOWHERE)
    office = Office.over(store, settings, bell, clock=clock)
    await furnish(office, clock)
    doorkeeper = Doorkeeper(officer("ja"))
    pages = Pages(settings.zone, office.desk.directory)
    console = console_before(office, bell, FeedStatus("live", 8), pages, doorkeeper)
    try:
        async with _answering(console) as url:
            yield Shown(url, console, clock, doorkeeper)
    finally:
        await store.close()


@asynccontextmanager
async def _answering(console: Console) -> AsyncIterator[str]:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        app = console_app(console, loopback_only=True)
        config = uvicorn.Config(app, log_config=None, access_log=False, lifespan="off")
        server = uvicorn.Server(config)
        serving = asyncio.create_task(server.serve(sockets=[listener]))
        try:
            yield f"http://127.0.0.1:{listener.getsockname()[1]}/"
        finally:
            console.closing = True
            console.bell.ring()
            server.should_exit = True
            await serving
