"""The stream tells what people do too: to whom it concerns, once, over any break."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import aclosing
from pathlib import Path
from typing import Any

import pytest
from sse_starlette import ServerSentEvent

from alerting.access.person import Person
from alerting.console import stream
from alerting.console.reader import query_of
from alerting.console.stream import Console, Wish, alert_events
from alerting.store import AlertQuery
from tests.consoles import DEADLINE_S
from tests.desks_of_pages import console_of
from tests.offices import CONVERGED, Scene, at_work
from tests.sample_alerts import alert

TOLD = ("alert", "change", "counts", "reset")


def wish_of(person_id: str, **more: Any) -> Wish:
    """Return a supervisor's wish: cards in English, all alerts that are not resolved."""
    scope = query_of(Person(person_id, "supervisor", person_id))
    filters = AlertQuery(**(scope.__dict__ | {"statuses": ("open", "acknowledged")}))
    return Wish(scope=scope, cards="en", filters=filters, reader=person_id, **more)


def shared_bell(scene: Scene, person_id: str) -> Console:
    """Return a console whose bell is the office's own, as the server puts it together."""
    console = console_of(scene, person_id)
    console.bell = scene.office.outbox.bell
    return console


async def told(events: AsyncIterator[ServerSentEvent], count: int) -> list[tuple[str, Any, str]]:
    """Return the next events that tell something: name, data and id."""
    found: list[tuple[str, Any, str]] = []
    async with asyncio.timeout(DEADLINE_S):
        while len(found) < count:
            event = await anext(events)
            if event.event in TOLD:
                found.append((event.event or "", json.loads(str(event.data)), str(event.id)))
    return found


async def silent(events: AsyncIterator[ServerSentEvent]) -> bool:
    """Return whether a stream tells nothing for a moment."""
    try:
        async with asyncio.timeout(0.3):
            await told(events, 1)
    except TimeoutError:
        return True
    return False


def test_what_another_does_comes_with_the_new_card_at_once(tmp_path: Path) -> None:
    """An open stream hears of an acknowledgement and a verdict without a ring of its own."""

    async def work(scene: Scene) -> None:
        await scene.come(alert())
        console = shared_bell(scene, "op-002")
        async with aclosing(alert_events(console, wish_of("op-002"))) as events:
            await anext(events)
            await scene.office.life.acknowledge("a-1", "op-001", 1)
            ((name, data, _),) = await told(events, 1)
            assert (name, data["kind"], data["mine"], data["matches"]) == (
                "change",
                "acknowledged",
                False,
                True,
            )
            assert "Checking" in data["card"]
            await scene.office.life.resolve("a-1", "op-002", 2, 1, "justified", "")
            ((_, data, _),) = await told(events, 1)
            assert (data["kind"], data["mine"], data["matches"]) == ("resolved", True, False)
            assert "No longer matches these filters" in data["card"]

    at_work(str(tmp_path / "s.sqlite3"), work)


def test_a_stream_goes_on_behind_the_alert_and_the_change_that_it_told_last(
    tmp_path: Path,
) -> None:
    """An event's id names both; from it on nothing is missed, and nothing comes twice."""

    async def work(scene: Scene) -> None:
        console = shared_bell(scene, "op-002")
        await scene.come(alert("a-1"))
        async with aclosing(alert_events(console, wish_of("op-002", after=0, changed=0))) as events:
            first = await told(events, 2)
        assert [(name, place) for name, _, place in first] == [("alert", "1.0"), ("change", "1.1")]
        await scene.office.life.acknowledge("a-1", "op-002", 1)
        await scene.come(alert("a-2"))
        again = wish_of("op-002", after=1, changed=1)
        async with aclosing(alert_events(console, again)) as events:
            missed = await told(events, 3)
            assert [(name, place) for name, _, place in missed] == [
                ("alert", "2.1"),
                ("change", "2.2"),
                ("change", "2.3"),
            ]
            assert await silent(events)

    at_work(str(tmp_path / "s.sqlite3"), work)


def test_a_stream_tells_nothing_of_what_its_reader_may_not_see(tmp_path: Path) -> None:
    """Another's supervisor, the subject and a sharer hear neither of alerts nor of steps."""

    async def work(scene: Scene) -> None:
        for person_id in ("op-044", "op-017", "op-055"):
            console = shared_bell(scene, person_id)
            async with aclosing(alert_events(console, wish_of(person_id))) as events:
                await anext(events)
                name = f"a-{person_id}"
                shared = alert(f"b-{person_id}", operator_id="op-055", reasons=(CONVERGED,))
                await scene.come(alert(name, reasons=(CONVERGED,)), shared)
                await scene.office.life.acknowledge(name, "op-002", 1)
                assert await silent(events)

    at_work(str(tmp_path / "s.sqlite3"), work)


def test_whom_an_alert_is_taken_from_loses_its_card(tmp_path: Path) -> None:
    """The supervisor turns out to share it: the page is told to drop what it shows."""

    async def work(scene: Scene) -> None:
        await scene.come(alert("a-1", reasons=(CONVERGED,)))
        console = shared_bell(scene, "op-002")
        async with aclosing(alert_events(console, wish_of("op-002"))) as events:
            await anext(events)
            await scene.come(alert("b-1", operator_id="op-002", reasons=(CONVERGED,)))
            ((name, data, _),) = await told(events, 1)
            assert (name, data["alert_id"], data["gone"]) == ("change", "a-1", True)
            assert "card" not in data

    at_work(str(tmp_path / "s.sqlite3"), work)


def test_counts_come_when_they_change_and_not_with_every_alert(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Many alerts at once, and the counts after them; without news there are none."""
    monkeypatch.setattr(stream, "COUNT_EVERY_S", 0.2)

    async def work(scene: Scene) -> None:
        console = shared_bell(scene, "op-002")
        scope = query_of(Person("op-002", "supervisor", "op-002"))
        wish = wish_of("op-002", counted=AlertQuery(**(scope.__dict__ | {"statuses": ("open",)})))
        async with aclosing(alert_events(console, wish)) as events:
            ((name, data, _),) = await told(events, 1)
            assert (name, data) == ("counts", {"todo": "0"})
            for number in range(5):
                await scene.come(alert(f"a-{number}"))
            heard: list[tuple[str, Any, str]] = []
            while not heard or heard[-1][:2] != ("counts", {"todo": "5", "open": "5", "high": "5"}):
                heard += await told(events, 1)
            assert sum(name == "counts" for name, *_ in heard) <= 2
            assert sum(name == "alert" for name, *_ in heard) == 5

    at_work(str(tmp_path / "s.sqlite3"), work)
