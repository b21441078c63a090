"""The console between Kafka and people: directory in, evidence in, statuses and verdicts out."""

from __future__ import annotations

import asyncio
import itertools
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from alerting.bell import Bell
from alerting.clock import now_utc
from alerting.office import Office
from alerting.results import KEY_HEADER
from alerting.settings import ConsoleSettings
from alerting.store import AlertStore
from schemas.alerts import AlertStatus, Disposition, Evidence
from streams.broker import Broker
from tests.consoles import (
    DEADLINE_S,
    console_settings,
    make_topic,
    new_prefix,
    read_topic,
    sender,
    served,
    start_console,
)
from tests.offices import section
from tests.sample_alerts import alert

CONTEXT = ("directory.operators", "directory.sections")
RESULTS = ("alerts.evidence", "alerts.status", "alerts.dispositions")

pytestmark = pytest.mark.kafka


@asynccontextmanager
async def another(settings: ConsoleSettings) -> AsyncIterator[Office]:
    """Open a second office over a console's store, whose feed and dispatcher do not run."""
    store = await AlertStore.open(settings.store_location)
    office = Office.over(store, settings, Bell())
    try:
        yield office
    finally:
        await office.close()
        await store.close()


async def told(office: Office, alert_id: str) -> list[str]:
    """Return who was told of an alert."""
    return [each.person_id for each in await office.store.recipients(alert_id)]


async def until_told(office: Office, send: Any, person_id: str) -> None:
    """Send alerts about the supervisor until one goes to this person."""
    async with asyncio.timeout(DEADLINE_S):
        for number in itertools.count():
            name = f"then-{number}"
            await send(alert(name, operator_id="op-002").to_json())
            while not (now := await told(office, name)):
                await asyncio.sleep(0.05)
            if now == [person_id]:
                return


def test_the_directory_routes_and_what_people_do_goes_to_kafka(
    kafka: Broker, tmp_path: Path
) -> None:
    """A supervisor's own alert goes to the head in the directory; the head's verdict comes out."""
    prefix = new_prefix()
    settings = console_settings(tmp_path, kafka.bootstrap, prefix)

    def own(records: list[Any]) -> list[Any]:
        return [record for record in records if record.key == b"own"]

    async def work() -> None:
        await make_topic(kafka.bootstrap, prefix, *CONTEXT, *RESULTS)
        async with sender(kafka.bootstrap, prefix) as send:
            head = section(head_id="op-007")
            await send(head.to_json(), topic="directory.sections", key=head.section_id)
            await send(b"{", topic="directory.sections", key="tax")
            await send(head.to_json(), topic="directory.sections", key="another")
            async with served(settings) as console, another(settings) as office:
                await send(alert("own", operator_id="op-002").to_json())
                await console.until(lambda health: health["row"] == 1)
                assert await told(office, "own") == ["op-007"]
                health = await console.health()
                assert health["feed"]["malformed"] == 2
                # The directory is followed: another head. It is read in its own time.
                moved = section(head_id="op-008")
                await send(moved.to_json(), topic="directory.sections", key=moved.section_id)
                await until_told(office, send, "op-008")
                await office.life.resolve("own", "op-007", 1, 1, "misuse", "Two days running.")
                verdicts = await read_topic(kafka.bootstrap, f"{prefix}alerts.dispositions", bool)
                disposition = Disposition.parse(verdicts[0].value)
                assert (verdicts[0].key, disposition.verdict) == (b"own", "misuse")
                assert disposition.note == "Two days running."
                statuses = await read_topic(
                    kafka.bootstrap, f"{prefix}alerts.status", lambda found: len(own(found)) == 2
                )
                assert [AlertStatus.parse(r.value).status for r in own(statuses)] == [
                    "open",
                    "resolved",
                ]
                assert [dict(r.headers)[KEY_HEADER] for r in own(statuses)] == [b"own/1", b"own/2"]

    asyncio.run(work())


def test_evidence_is_read_with_a_position_of_its_own(kafka: Broker, tmp_path: Path) -> None:
    """Before its alert and after; what is none is counted; a restart goes on behind it."""
    prefix = new_prefix()
    settings = console_settings(tmp_path, kafka.bootstrap, prefix)

    def evidence(revision: int, **fields: Any) -> bytes:
        return Evidence(alert_id="a-1", revision=revision, **fields).to_json()

    async def revision(office: Office, expected: int) -> None:
        async with asyncio.timeout(DEADLINE_S):
            while True:
                kept = await office.store.evidence("a-1")
                if kept is not None and kept.evidence.revision == expected:
                    return
                await asyncio.sleep(0.05)

    async def work() -> None:
        await make_topic(kafka.bootstrap, prefix, *RESULTS)
        async with sender(kafka.bootstrap, prefix) as send, another(settings) as office:
            await send(evidence(1, habit=(0.5, 0.5)), topic="alerts.evidence", key="a-1")
            await send(
                b'{"alert_id": "a-1", "revision": 9, "habit": [NaN]}', topic="alerts.evidence"
            )
            await send(None, topic="alerts.evidence", key="purged")
            async with served(settings) as console:
                await revision(office, 1)
                await console.until(lambda health: health["feed"]["malformed"] == 1)
                await send(alert().to_json())
                await console.until(lambda health: health["row"] == 1)
            await send(evidence(2), topic="alerts.evidence", key="a-1")
            async with served(settings) as console:
                await revision(office, 2)
                health = await console.health()
                assert health["feed"]["malformed"] == 0

    asyncio.run(work())


def test_statuses_wait_for_their_topic_and_do_not_make_it(kafka: Broker, tmp_path: Path) -> None:
    """The worker has not made the results' topics yet."""
    prefix = new_prefix()
    settings = console_settings(tmp_path, kafka.bootstrap, prefix)

    async def work() -> None:
        await make_topic(kafka.bootstrap, prefix)
        async with (
            served(settings) as console,
            sender(kafka.bootstrap, prefix) as send,
            another(settings) as office,
        ):
            await send(alert().to_json())
            await console.until(lambda health: health["row"] == 1)
            async with asyncio.timeout(DEADLINE_S):
                while not (waiting := await office.outbox.waiting(10)):
                    await asyncio.sleep(0.05)
                while waiting[0]["last_error"] is None:
                    waiting = await office.outbox.waiting(10)
                    await asyncio.sleep(0.05)
            assert "not there yet" in waiting[0]["last_error"]
            await make_topic(kafka.bootstrap, prefix, "alerts.status")
            found = await read_topic(kafka.bootstrap, f"{prefix}alerts.status", bool)
            assert AlertStatus.parse(found[0].value).alert_id == "a-1"

    asyncio.run(work())


def test_a_console_killed_amid_sending_loses_no_status(kafka: Broker, tmp_path: Path) -> None:
    """Kill it as soon as the first status is in Kafka; what it left is sent after its leases."""
    prefix = new_prefix()
    settings = console_settings(tmp_path, kafka.bootstrap, prefix)
    ids = {f"a-{n:03}" for n in range(300)}

    async def sent(count: int) -> list[Any]:
        def until(found: list[Any]) -> bool:
            return len({record.key for record in found}) >= count

        return await read_topic(kafka.bootstrap, f"{prefix}alerts.status", until)

    async def work() -> None:
        await make_topic(kafka.bootstrap, prefix, *RESULTS)
        async with sender(kafka.bootstrap, prefix) as send:
            await asyncio.gather(*(send(alert(each).to_json(), key=each) for each in sorted(ids)))
        process = start_console(settings)
        try:
            await sent(1)
        finally:
            process.kill()
            process.wait()
            assert process.stdout is not None
            process.stdout.close()
        # Whatever of the alerts it had not stored yet comes in here.
        async with served(settings) as console:
            await console.until(lambda health: health["row"] == len(ids))
        store = await AlertStore.open(settings.store_location)
        late = Office.over(store, settings, Bell(), clock=lambda: now_utc() + timedelta(minutes=2))
        late.feed.status.topics = frozenset(RESULTS)
        while await late.dispatcher.send_due():
            pass
        await late.close()
        assert await late.outbox.waiting(10) == []
        await store.close()
        found = await sent(len(ids))
        assert {record.key.decode() for record in found} == ids
        last = {record.key: json.loads(record.value) for record in found}
        assert {status["status"] for status in last.values()} == {"open"}
        by_key = {(record.key, dict(record.headers)[KEY_HEADER]) for record in found}
        assert len(by_key) == len(ids)

    asyncio.run(work())
