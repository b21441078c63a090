"""The console's stream by itself: nothing lost, nothing doubled, and how the feed stands."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import aclosing, asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from sse_starlette import ServerSentEvent

from alerting.console import stream
from alerting.console.stream import Console, Wish, alert_events
from alerting.feed import read_alert
from alerting.store import AlertStore, Arrival
from schemas.errors import MalformedError
from tests.consoles import DEADLINE_S
from tests.offices import quiet_console
from tests.sample_alerts import alert


@asynccontextmanager
async def opened_console(folder: Path) -> AsyncIterator[Console]:
    """Open a console whose feed is the test."""
    store = await AlertStore.open(str(folder / "alerts.sqlite3"))
    try:
        yield quiet_console(store)
    finally:
        await store.close()


async def come(console: Console, *alert_ids: str) -> None:
    """Let alerts arrive as the feed does: stored, then rung for."""
    await console.store.add([Arrival(alert(alert_id), 1_425_430_992_123) for alert_id in alert_ids])
    console.bell.ring()


async def next_alerts(events: AsyncIterator[ServerSentEvent], count: int) -> list[dict[str, Any]]:
    """Return the data of the next alerts, each held against its event's id."""
    found: list[dict[str, Any]] = []
    async with asyncio.timeout(DEADLINE_S):
        while len(found) < count:
            event = await anext(events)
            if event.event == "alert":
                assert str(event.id).partition(".")[0] == str(json.loads(str(event.data))["row"])
                found.append(json.loads(str(event.data)))
    return found


def test_a_stream_catches_up_by_row_and_then_brings_each_as_it_comes(tmp_path: Path) -> None:
    """Two alerts were missed, a third comes while the stream is open."""

    async def work() -> None:
        async with opened_console(tmp_path) as console:
            await come(console, "seen", "missed-1", "missed-2")
            async with aclosing(alert_events(console, Wish(after=1))) as events:
                missed = await next_alerts(events, 2)
                await come(console, "live")
                (live,) = await next_alerts(events, 1)
        assert [each["alert"]["alert_id"] for each in missed] == ["missed-1", "missed-2"]
        assert live["alert"]["alert_id"] == "live"
        assert live["row"] == 4
        assert live["appended_at_ms"] == 1_425_430_992_123
        assert live["alert"] == json.loads(alert("live").to_json())
        assert "card" not in live

    asyncio.run(work())


def test_a_stream_without_a_row_begins_now_and_brings_cards_in_its_language(
    tmp_path: Path,
) -> None:
    """What was there before is not repeated; a page gets the card it shows."""

    async def work() -> dict[str, Any]:
        async with opened_console(tmp_path) as console:
            await come(console, "before")
            async with aclosing(alert_events(console, Wish(cards="en"))) as events:
                assert (await anext(events)).event == "feed"
                await come(console, "after")
                return (await next_alerts(events, 1))[0]

    arrival = asyncio.run(work())
    assert arrival["alert"]["alert_id"] == "after"
    assert arrival["card"].startswith('<li class="alert high" data-alert="after"')
    assert "Rarer than 99.98\u00a0% of look-ups" in arrival["card"]


def test_a_stream_loses_nothing_between_its_looks(tmp_path: Path) -> None:
    """Many alerts come in small batches at any moment; each is brought once, in order."""

    async def work() -> list[int]:
        async with (
            opened_console(tmp_path) as console,
            aclosing(alert_events(console, Wish())) as events,
        ):
            await anext(events)

            async def feed() -> None:
                for number in range(60):
                    await come(console, f"a-{number}")
                    await asyncio.sleep(0.001 * (number % 3))

            feeding = asyncio.create_task(feed())
            brought = await next_alerts(events, 60)
            await feeding
            return [each["row"] for each in brought]

    assert asyncio.run(work()) == list(range(1, 61))


def test_a_row_of_another_store_resets_the_page(tmp_path: Path) -> None:
    """A page that knows more rows than there are was made from a store that is gone."""

    async def work() -> list[str | None]:
        async with opened_console(tmp_path) as console:
            await come(console, "a")
            async with aclosing(alert_events(console, Wish(after=500))) as events:
                first = [(await anext(events)).event, (await anext(events)).event]
                await come(console, "b")
                assert (await next_alerts(events, 1))[0]["alert"]["alert_id"] == "b"
                return first

    assert asyncio.run(work()) == ["reset", "feed"]


def test_a_stream_tells_how_the_feed_stands_at_each_change_and_as_a_heartbeat(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Lose Kafka: the page hears of it at once; when nothing happens it hears the same again."""
    monkeypatch.setattr(stream, "HEARTBEAT_S", 0.05)

    async def work() -> list[str]:
        async with (
            opened_console(tmp_path) as console,
            aclosing(alert_events(console, Wish())) as events,
        ):
            heard = [await anext(events), await anext(events)]
            console.feed.state = "reconnecting"
            console.bell.ring()
            while json.loads(str(heard[-1].data))["state"] == "live":
                heard.append(await anext(events))
            assert {event.event for event in heard} == {"feed"}
            assert {event.id for event in heard} == {None}
            return [json.loads(str(event.data))["state"] for event in heard]

    states = asyncio.run(work())
    assert states[:2] == ["live", "live"]
    assert states[-1] == "reconnecting"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (b'"observed":2.0', b'"observed":NaN'),
        (b'"expected":0.0', b'"expected":-Infinity'),
        (b'"revision":1', b'"revision":0'),
        (b"a-1", b"<b>"),
        (b"{", b""),
    ],
)
def test_a_value_that_is_no_alert_is_refused(before: bytes, after: bytes) -> None:
    """Break an alert in one place."""
    value = alert().to_json()
    assert read_alert(value) == alert()
    with pytest.raises(MalformedError):
        read_alert(value.replace(before, after, 1))
