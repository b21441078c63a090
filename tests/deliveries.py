"""Offices with real channels for the tests of delivery, and a clock moved by hand."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from email.message import EmailMessage
from pathlib import Path
from typing import Any

from alerting.bell import Bell
from alerting.channels.file import Channels
from alerting.office import Office
from alerting.settings import ConsoleSettings
from alerting.store import AlertStore, Arrival
from schemas.alerts import Alert
from tests.offices import HandClock, section
from tests.receivers import Sink


@dataclass
class Desk:
    """An office with channels, and a clock that is moved by hand."""

    office: Office
    clock: HandClock

    async def come(self, *alerts: Alert) -> None:
        await self.office.intake.take([Arrival(each) for each in alerts])

    async def send(self) -> None:
        """Send what is due to channels, until nothing is."""
        while await self.office.dispatcher.send_due():
            pass

    async def parked(self) -> list[tuple[int, str]]:
        return [(row["id"], row["last_error"]) for row in await self.office.outbox.failed(10)]


@asynccontextmanager
async def desk_at(location: str, channels: Channels) -> AsyncIterator[Desk]:
    """Open an office over a store; what goes to Kafka is of no interest here."""
    store = await AlertStore.open(location)
    clock = HandClock()
    kafka = ConsoleSettings(bootstrap="127.0.0.1:9")
    office = Office.over(store, kafka, Bell(), clock=clock, channels=channels)
    office.desk.directory.sections["resident-affairs"] = section()
    try:
        yield Desk(office, clock)
    finally:
        await office.close()
        await store.close()


def at_desk(location: str, channels: Channels, work: Callable[[Desk], Awaitable[None]]) -> None:
    """Do work at a desk in a loop of its own."""

    async def run() -> None:
        async with desk_at(location, channels) as desk:
            await work(desk)

    asyncio.run(run())


def channels_of(port: int, **fields: Any) -> Channels:
    """Return channels: one mail server, everything by it, and two people's addresses."""
    every = {name: ["mail.ward"] for name in ("low", "medium", "high", "critical")}
    values: dict[str, Any] = {
        "console_url": "https://monomi.example.jp/",
        "mail": {
            "ward": {
                "host": "127.0.0.1",
                "port": port,
                "security": "plain",
                "sender": "monomi@ward.example",
                "timeout_s": 5.0,
                "receivers": ["officer@ward.example"],
            }
        },
        "routes": every,
        "people": {
            "op-001": {"mail": "head@ward.example"},
            "op-002": {"mail": "supervisor@ward.example", "language": "en"},
            "op-017": {"mail": "subject@ward.example"},
        },
    }
    return Channels.model_validate_json(json.dumps(values | fields))


def text_of(mail: EmailMessage) -> str:
    """Return a mail's plain text."""
    body = mail.get_body(("plain",))
    assert isinstance(body, EmailMessage)
    return str(body.get_content())


def with_webhook(sink: Sink, folder: Path, port: int, **routes: Any) -> Channels:
    """Return channels with a webhook too, and these routes."""
    secret = folder / "secret"
    secret.write_text("x" * 32)
    hook = {"siem": {"url": sink.url + "/siem", "secret_file": str(secret)}}
    return channels_of(port, webhook=hook, routes=routes)
