"""The stream: alerts that came after a row, what people did after a change, and then each live."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import AsyncGenerator, Awaitable, Callable, Iterable
from dataclasses import dataclass, field, replace

import anyio
from sse_starlette import ServerSentEvent

from alerting.access.person import Person
from alerting.access.veil import VeiledStore
from alerting.bell import Bell
from alerting.console.counts import counts_of
from alerting.console.doorkeeping import Door
from alerting.console.gate import Doorkeeper
from alerting.console.messages import Language
from alerting.console.rendering import Pages
from alerting.console.views import Viewer
from alerting.feed import FeedState, FeedStatus
from alerting.office import Office
from alerting.pseudonyms import Pseudonyms
from alerting.store import AlertQuery, AlertStore, HistoryRow, Listed, Stored

HEARTBEAT_S = 10.0
LOOK_EVERY_S = 4.0
"""How often a stream looks whether its reader is signed in still."""
COUNT_EVERY_S = 1.0
_CHUNK_ROWS = 200


@dataclass
class Console:
    """Hold what the console's routes share; `closing` set and the bell rung end all streams.

    `doorkeeper` tells who asks: the door itself, but for tests and pictures.
    """

    office: Office
    bell: Bell
    feed: FeedStatus
    pages: Pages
    doorkeeper: Doorkeeper
    door: Door
    named: Pseudonyms
    closing: bool = field(default=False)

    @property
    def store(self) -> AlertStore:
        """Return the alert store."""
        return self.office.store

    def store_of(self, person: Person) -> AlertStore:
        """Return the store as a person sees it: an analyst under pseudonyms."""
        return VeiledStore(self.store, self.named) if person.role == "analyst" else self.store

    def viewer_of(self, person: Person, language: Language) -> Viewer:
        """Return what puts things in words for a person: for an analyst without anybody's id."""
        viewer, store = self.pages.viewer(language), self.store_of(person)
        return replace(viewer, named=store.name) if isinstance(store, VeiledStore) else viewer


async def _always() -> bool:
    return True


@dataclass(frozen=True)
class Wish:
    """Say what a stream brings: of all that its reader may see, since when, and in what form.

    With `cards` each alert comes with its card in that language, which says whether the alert
    matches `filters`; `counted` is what the counts are of. `store` is the console's own, but for
    whom it is veiled; the stream ends once `is_in` says that its reader is signed out.
    """

    scope: AlertQuery = field(default_factory=AlertQuery)
    after: int | None = None
    changed: int | None = None
    cards: Language | None = None
    filters: AlertQuery = field(default_factory=AlertQuery)
    counted: AlertQuery | None = None
    reader: str = ""
    store: AlertStore | None = None
    is_in: Callable[[], Awaitable[bool]] = field(default=_always)


async def alert_events(console: Console, wish: Wish) -> AsyncGenerator[ServerSentEvent, None]:
    """Yield events `alert` and `change` from two rows on (None: from now on), without end.

    An event `feed` says how the feed stands, at once, at each change and as the heartbeat;
    `counts` how many alerts wait. A row that the store does not have yet belongs to another
    store: `reset` tells the page to load anew. After `signed_out` nothing comes any more.
    """
    stream = _Stream(console, wish)
    if not await stream.begin():
        yield ServerSentEvent(event="reset", data="{}")
    told: FeedState | None = None
    told_at_s, looked_at_s = 0.0, time.monotonic()
    while not console.closing:
        ring = console.bell.next_ring()  # before the look: a ring in between is not lost
        if time.monotonic() - looked_at_s >= LOOK_EVERY_S:
            looked_at_s = time.monotonic()
            if not await wish.is_in():
                yield ServerSentEvent(event="signed_out", data="{}")
                return
        if told != console.feed.state or time.monotonic() - told_at_s >= HEARTBEAT_S:
            told, told_at_s = console.feed.state, time.monotonic()
            data = {"state": told, "row": stream.row, "change": stream.change}
            yield ServerSentEvent(event="feed", data=json.dumps(data))
        events = await stream.next_events()
        for event in events or ():
            yield event
        if events is None:
            await _ring_or(ring, stream.patience_s(LOOK_EVERY_S))


class _Stream:
    """Hold how far one stream has come in the store's two logs."""

    def __init__(self, console: Console, wish: Wish) -> None:
        self._console = console
        self._wish = wish
        self._store = wish.store or console.store
        self._told_counts: str | None = None
        self._counted_at_s = 0.0
        self._counts_due = wish.counted is not None
        self.row = 0
        self.change = 0

    async def begin(self) -> bool:
        """Find where to begin; False where the reader's rows are another store's."""
        store, wish = self._store, self._wish
        row, change = await store.newest_row(), await store.newest_history_row()
        self.row = row if wish.after is None else wish.after
        self.change = change if wish.changed is None else wish.changed
        known = self.row <= row and self.change <= change
        if not known:
            self.row, self.change = row, change
        return known

    def patience_s(self, most_s: float) -> float:
        """Return how long to wait: less where counts are due."""
        if not self._counts_due:
            return most_s
        return max(0.0, self._counted_at_s + COUNT_EVERY_S - time.monotonic())

    async def next_events(self) -> list[ServerSentEvent] | None:
        """Return what came since and its reader may hear, in its order; None: nothing came."""
        store = self._store
        arrivals = await store.after(self.row, _CHUNK_ROWS)
        changes = await store.history_after(self.change, _CHUNK_ROWS)
        if not arrivals and not changes and self.patience_s(HEARTBEAT_S) > 0.0:
            return None
        named = {stored.alert.alert_id for stored in arrivals} | {c.alert_id for c in changes}
        seen = await self._listed(self._wish.scope, named)
        matching = set(seen)
        if self._wish.cards is not None:
            matching = set(await self._listed(self._wish.filters, seen))
        cards = {i: self._card(each, i in matching) for i, each in seen.items()}
        events = [*self._arrived(arrivals, cards), *self._changed(changes, cards)]
        self._counts_due = self._counts_due or (self._wish.counted is not None and bool(named))
        if self._counts_due and self.patience_s(HEARTBEAT_S) == 0.0:
            events += await self._counts()
        return events

    async def _listed(self, query: AlertQuery, ids: Iterable[str]) -> dict[str, Listed]:
        these = tuple(ids)
        if not these:
            return {}
        query = replace(query, alert_ids=these, limit=len(these), after=None)
        return {each.state.alert_id: each for each in await self._store.listed(query)}

    def _card(self, listed: Listed, matches: bool) -> str:
        language = self._wish.cards
        if language is None:
            return ""
        card = json.dumps(self._console.pages.card(language, listed, matches=matches))
        return f',"card":{card},"matches":{json.dumps(matches)}'

    def _arrived(
        self, arrivals: Iterable[Stored], cards: dict[str, str]
    ) -> Iterable[ServerSentEvent]:
        for stored in arrivals:
            self.row = stored.row
            card = cards.get(stored.alert.alert_id)
            if card is not None:
                data = f"{stored.to_json()[:-1]}{card}}}"
                yield ServerSentEvent(event="alert", id=self._place(), data=data)

    def _changed(
        self, changes: Iterable[HistoryRow], cards: dict[str, str]
    ) -> Iterable[ServerSentEvent]:
        for change in changes:
            self.change = change.row
            card = cards.get(change.alert_id)
            gone = card is None and self._wish.reader in change.details.get("from", ())
            if card is None and not gone:
                continue
            data = {
                "change": change.row,
                "alert_id": change.alert_id,
                "kind": change.kind,
                "status": change.status,
                "version": change.version,
                "mine": change.by == self._wish.reader,
                "gone": gone,
            }
            text = f"{json.dumps(data)[:-1]}{card or ''}}}"
            yield ServerSentEvent(event="change", id=self._place(), data=text)

    def _place(self) -> str:
        return f"{self.row}.{self.change}"

    async def _counts(self) -> list[ServerSentEvent]:
        assert self._wish.counted is not None
        self._counts_due, self._counted_at_s = False, time.monotonic()
        counts = json.dumps(await counts_of(self._store, self._wish.counted))
        if counts == self._told_counts:
            return []
        self._told_counts = counts
        return [ServerSentEvent(event="counts", data=counts)]


async def _ring_or(ring: asyncio.Event, patience_s: float) -> None:
    with anyio.move_on_after(patience_s):
        await ring.wait()
