"""Consoles that run in a test's own loop, on a real Kafka, and what feeds them."""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
import uuid
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable
from contextlib import aclosing, asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer
from aiokafka.admin import AIOKafkaAdminClient, NewTopic
from sqlalchemy import update
from sqlalchemy.ext.asyncio import AsyncConnection

from alerting.access.person import Person
from alerting.access.secret_words import hash_of
from alerting.access.sessions import Sessions
from alerting.access.tables import SESSIONS
from alerting.channels.file import Channels
from alerting.console.server import serve
from alerting.settings import ConsoleSettings
from alerting.store import AlertStore

PARTITIONS = 3
COOKIE = "monomi"
DEADLINE_S = 60.0


@dataclass
class Served:
    """A console that runs in the test's own loop."""

    url: str
    web: httpx.AsyncClient
    secret: str

    async def enter(self, page: Any) -> None:
        """Open the list in a browser that is signed in."""
        cookie = {"name": COOKIE, "value": self.secret, "url": self.url}
        await page.context.add_cookies([cookie])
        await page.goto(self.url)

    async def health(self) -> dict[str, Any]:
        """Return what /healthz says."""
        answer: dict[str, Any] = (await self.web.get("/healthz")).json()
        return answer

    async def until(self, holds: Callable[[dict[str, Any]], bool]) -> dict[str, Any]:
        """Ask for health until it is as expected."""
        async with asyncio.timeout(DEADLINE_S):
            while not holds(health := await self.health()):
                await asyncio.sleep(0.05)
        return health

    @asynccontextmanager
    async def stream(
        self, query: str = "", **headers: str
    ) -> AsyncIterator[AsyncIterator[dict[str, Any]]]:
        """Open the stream; the events `alert` of it as dictionaries."""
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        async with self.web.stream("GET", f"/stream{query}", headers=sent) as answer:
            assert answer.headers["content-type"].startswith("text/event-stream")
            async with aclosing(_alerts(answer)) as alerts:
                yield alerts


async def _alerts(answer: httpx.Response) -> AsyncGenerator[dict[str, Any], None]:
    kind = ""
    async for line in answer.aiter_lines():
        name, _, value = line.partition(": ")
        if name == "event":
            kind = value
        elif name == "data" and kind == "alert":
            yield json.loads(value)


async def take(alerts: AsyncIterator[dict[str, Any]], count: int) -> list[dict[str, Any]]:
    """Return the next alerts of a stream."""
    async with asyncio.timeout(DEADLINE_S):
        return [await anext(alerts) for _ in range(count)]


def console_settings(
    folder: Path, bootstrap: str, prefix: str = "", port: int = 0
) -> ConsoleSettings:
    """Return the settings of a console with a store in the folder, on a free port unless given."""
    return ConsoleSettings(
        bootstrap=bootstrap, topic_prefix=prefix, data_dir=folder, console_port=port
    )


@asynccontextmanager
async def served(
    settings: ConsoleSettings, channels: Channels | None = None, secret: str = ""
) -> AsyncIterator[Served]:
    """Run a console until the block ends, with a privacy officer signed in, by that secret."""
    secret = await signed_in(settings, secret)
    stop = asyncio.Event()
    address: asyncio.Future[str] = asyncio.get_running_loop().create_future()
    running = asyncio.create_task(serve(settings, address.set_result, stop, None, channels))
    starting: set[asyncio.Future[Any]] = {running, address}
    await asyncio.wait(starting, return_when=asyncio.FIRST_COMPLETED)
    if running.done():
        await running
    async with httpx.AsyncClient(
        base_url=address.result(),
        timeout=DEADLINE_S,
        cookies={COOKIE: secret},
        headers={"Sec-Fetch-Site": "same-origin"},
    ) as web:
        try:
            yield Served(address.result(), web, secret)
        finally:
            stop.set()
            async with asyncio.timeout(DEADLINE_S):
                await running


async def signed_in(settings: ConsoleSettings, secret: str = "") -> str:
    """Begin a privacy officer's session in a console's store; return its secret.

    With one of another store, a browser that is signed in there is signed in here too.
    """
    store = await AlertStore.open(settings.store_location)
    sessions = Sessions(store.database, timedelta(hours=1), timedelta(hours=1))
    officer = Person("local", "privacy_officer", "local")
    begun = {SESSIONS.c.token_hash: hash_of(secret)} if secret else {}

    async def begin(connection: AsyncConnection) -> str:
        new = await sessions.begin(connection, officer, None)
        if begun:
            mine = update(SESSIONS).where(SESSIONS.c.token_hash == hash_of(new))
            await connection.execute(mine.values(begun))
        return secret or new

    try:
        return await store.database.write(begin)
    finally:
        await store.close()


def new_prefix() -> str:
    """Return a topic prefix that no other test has."""
    return f"t-{uuid.uuid4().hex[:8]}."


async def make_topic(bootstrap: str, prefix: str, *more: str) -> None:
    """Make the topic of alerts, and others, empty."""
    admin = AIOKafkaAdminClient(bootstrap_servers=bootstrap)
    await admin.start()
    topics = [NewTopic(prefix + name, PARTITIONS, 1) for name in ("alerts", *more)]
    await admin.create_topics(topics)
    await admin.close()


async def read_topic(bootstrap: str, topic: str, until: Callable[[list[Any]], bool]) -> list[Any]:
    """Return the records of a topic, once they are as expected."""
    consumer = AIOKafkaConsumer(topic, bootstrap_servers=bootstrap, auto_offset_reset="earliest")
    await consumer.start()
    records: list[Any] = []
    try:
        async with asyncio.timeout(DEADLINE_S):
            while not until(records):
                for some in (await consumer.getmany(timeout_ms=200)).values():
                    records += some
    finally:
        await consumer.stop()
    return records


@asynccontextmanager
async def sender(bootstrap: str, prefix: str) -> AsyncIterator[Callable[..., Awaitable[None]]]:
    """Yield a function that sends one value, with its append time where given."""
    producer = AIOKafkaProducer(bootstrap_servers=bootstrap)
    await producer.start()

    async def send(
        value: bytes | None,
        appended_at_ms: bytes | None = None,
        *,
        topic: str = "alerts",
        key: str | None = None,
        historic: bytes | None = None,
    ) -> None:
        headers = [] if appended_at_ms is None else [("appended_at_ms", appended_at_ms)]
        if historic is not None:
            headers.append(("historic", historic))
        name = None if key is None else key.encode()
        await producer.send_and_wait(prefix + topic, value, key=name, headers=headers)

    try:
        yield send
    finally:
        await producer.stop()


def start_console(settings: ConsoleSettings, channels: Path | None = None) -> subprocess.Popen[str]:
    """Start `monomi console` as a process of its own."""
    environment = os.environ | {
        "MONOMI_BOOTSTRAP": settings.bootstrap,
        "MONOMI_TOPIC_PREFIX": settings.topic_prefix,
        "MONOMI_DATA_DIR": str(settings.data_dir),
    }
    if channels is not None:
        environment["MONOMI_CHANNELS"] = str(channels)
    verb = "import typer; from monomi.verbs.console import console; typer.run(console)"
    return subprocess.Popen(
        [sys.executable, "-c", verb, "--port", "0"],
        env=environment,
        stdout=subprocess.PIPE,
        text=True,
    )
