"""The stream of alerts: what came after a row, and then each as it comes."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import AsyncGenerator
from dataclasses import dataclass, field

import anyio
from sse_starlette import ServerSentEvent

from alerting.bell import Bell
from alerting.console.gate import Doorkeeper, OneMachine
from alerting.console.messages import Language
from alerting.console.rendering import Pages
from alerting.feed import FeedState, FeedStatus
from alerting.office import Office
from alerting.store import AlertStore, Stored

HEARTBEAT_S = 10.0
_CHUNK_ROWS = 200


@dataclass
class Console:
    """Hold what the console's routes share; `closing` set and the bell rung end all streams."""

    office: Office
    bell: Bell
    feed: FeedStatus
    pages: Pages
    doorkeeper: Doorkeeper = field(default_factory=OneMachine)
    closing: bool = field(default=False)

    @property
    def store(self) -> AlertStore:
        """Return the alert store."""
        return self.office.store


async def alert_events(
    console: Console, after: int | None, cards: Language | None
) -> AsyncGenerator[ServerSentEvent, None]:
    """Yield events `alert` from the row after this one on (None: from now on), without end.

    An event `feed` says how the feed stands, at once, at each change and as the heartbeat.
    With `cards`, each alert comes with its card in that language. A row that the store does
    not have yet belongs to another store: `reset` tells the page to load anew.
    """
    newest = await console.store.newest_row()
    row = newest if after is None else after
    if row > newest:
        yield ServerSentEvent(event="reset", data="{}")
        row = newest
    told: FeedState | None = None
    told_at_s = 0.0
    while not console.closing:
        ring = console.bell.next_ring()  # before the look: a ring in between is not lost
        if told != console.feed.state or time.monotonic() - told_at_s >= HEARTBEAT_S:
            told, told_at_s = console.feed.state, time.monotonic()
            yield ServerSentEvent(event="feed", data=json.dumps({"state": told, "row": row}))
        arrivals = await console.store.after(row, _CHUNK_ROWS)
        for stored in arrivals:
            row = stored.row
            yield _alert_event(console, stored, cards)
        if not arrivals:
            await _ring_or_heartbeat(ring)


def _alert_event(console: Console, stored: Stored, cards: Language | None) -> ServerSentEvent:
    data = stored.to_json()
    if cards is not None:
        data = f'{data[:-1]},"card":{json.dumps(console.pages.card(cards, stored))}}}'
    return ServerSentEvent(event="alert", id=str(stored.row), data=data)


async def _ring_or_heartbeat(ring: asyncio.Event) -> None:
    with anyio.move_on_after(HEARTBEAT_S):
        await ring.wait()
