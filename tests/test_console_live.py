"""The console as it runs: from Kafka into the store and on to every open page."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import httpx
import pytest

from alerting.console.server import listen, serve
from alerting.settings import ConsoleSettings
from schemas.errors import MonomiError
from streams.broker import Broker, start_broker
from tests.consoles import (
    COOKIE,
    DEADLINE_S,
    PARTITIONS,
    console_settings,
    make_topic,
    new_prefix,
    sender,
    served,
    signed_in,
    take,
)
from tests.sample_alerts import alert


@pytest.mark.kafka
def test_an_alert_goes_from_kafka_to_every_open_stream(kafka: Broker, tmp_path: Path) -> None:
    """Send an alert; two pages get it, with the append time of the look-up that raised it."""
    prefix = new_prefix()

    async def work() -> None:
        await make_topic(kafka.bootstrap, prefix)
        async with (
            served(console_settings(tmp_path, kafka.bootstrap, prefix)) as console,
            sender(kafka.bootstrap, prefix) as send,
            console.stream("?after=0") as first,
            console.stream("?after=0&cards=ja") as second,
        ):
            await send(alert().to_json(), b"1425430992123")
            (one,), (two,) = await take(first, 1), await take(second, 1)
            assert one["appended_at_ms"] == 1_425_430_992_123
            assert one["alert"] == json.loads(alert().to_json())
            assert two["alert"] == one["alert"]
            assert "第" not in two["card"]
            assert "照会2件" in two["card"]

    asyncio.run(work())


@pytest.mark.kafka
def test_what_is_no_alert_or_comes_again_is_counted_and_passed_over(
    kafka: Broker, tmp_path: Path
) -> None:
    """Between two alerts come nonsense, a deletion, a double and headers that are no time."""
    prefix = new_prefix()

    async def work() -> None:
        await make_topic(kafka.bootstrap, prefix)
        async with (
            served(console_settings(tmp_path, kafka.bootstrap, prefix)) as console,
            sender(kafka.bootstrap, prefix) as send,
            console.stream("?after=0") as alerts,
        ):
            await send(alert("a").to_json(), b"-5")
            await send(b"\xff\x00 no alert")
            await send(alert("a").to_json())
            assert [each["appended_at_ms"] for each in await take(alerts, 1)] == [None]
            await send(alert("b").to_json(), "１２".encode())
            (last,) = await take(alerts, 1)
            assert last["alert"]["alert_id"] == "b"
            assert last["appended_at_ms"] is None
            health = await console.until(lambda told: told["feed"]["repeated"] == 1)
            assert health["feed"] == {
                "state": "live",
                "partitions": PARTITIONS,
                "stored": 2,
                "repeated": 1,
                "malformed": 1,
            }

    asyncio.run(work())


@pytest.mark.kafka
def test_a_restarted_console_goes_on_where_it_left(kafka: Broker, tmp_path: Path) -> None:
    """Alerts sent while it is down arrive after; old ones are not read again; pages catch up."""
    prefix = new_prefix()
    settings = console_settings(tmp_path, kafka.bootstrap, prefix)

    async def work() -> None:
        await make_topic(kafka.bootstrap, prefix)
        async with sender(kafka.bootstrap, prefix) as send:
            async with served(settings) as console:
                for number in range(5):
                    await send(alert(f"early-{number}").to_json())
                await console.until(lambda told: told["feed"]["stored"] == 5)
            await send(alert("late").to_json())
            async with served(settings) as console:
                await console.until(lambda told: told["row"] == 6)
                await send(alert("last").to_json())
                async with console.stream("?after=0", Last_Event_ID="5") as alerts:
                    missed = await take(alerts, 2)
                assert [each["alert"]["alert_id"] for each in missed] == ["late", "last"]
                assert [each["row"] for each in missed] == [6, 7]
                health = await console.health()
                assert health["feed"]["stored"] == 2
                assert health["feed"]["repeated"] == 0

    asyncio.run(work())


@pytest.mark.kafka
def test_a_console_that_is_first_waits_for_the_topic(kafka: Broker, tmp_path: Path) -> None:
    """Start before the worker has made the topic; the console says so, and does not make it."""
    prefix = new_prefix()

    async def work() -> None:
        async with served(console_settings(tmp_path, kafka.bootstrap, prefix)) as console:
            health = await console.until(lambda told: told["feed"]["state"] == "waiting")
            assert health["status"] == "degraded"
            assert 'data-state="waiting"' in (await console.web.get("/")).text
            await make_topic(kafka.bootstrap, prefix)
            async with (
                sender(kafka.bootstrap, prefix) as send,
                console.stream("?after=0") as alerts,
            ):
                await send(alert().to_json())
                assert len(await take(alerts, 1)) == 1
            assert (await console.health())["feed"]["partitions"] == PARTITIONS

    asyncio.run(work())


@pytest.mark.kafka
def test_a_lost_kafka_is_said_and_found_again(tmp_path: Path) -> None:
    """Stop Kafka under the console and start it again; alerts flow on without a restart."""
    prefix = new_prefix()
    data_dir = tmp_path / "kafka"

    async def work() -> None:
        broker = start_broker(data_dir)
        try:
            await make_topic(broker.bootstrap, prefix)
            async with served(console_settings(tmp_path, broker.bootstrap, prefix)) as console:
                async with sender(broker.bootstrap, prefix) as send:
                    await send(alert("before").to_json())
                await console.until(lambda told: told["row"] == 1)
                await asyncio.to_thread(broker.stop)
                await console.until(lambda told: told["feed"]["state"] == "reconnecting")
                assert 'data-state="reconnecting"' in (await console.web.get("/")).text
                broker = await asyncio.to_thread(start_broker, data_dir, broker.port)
                await console.until(lambda told: told["feed"]["state"] == "live")
                async with sender(broker.bootstrap, prefix) as send:
                    await send(alert("after").to_json())
                health = await console.until(lambda told: told["row"] == 2)
                assert health["feed"]["stored"] == 2
                assert health["feed"]["repeated"] == 0
        finally:
            broker.stop()

    asyncio.run(work())


def until_live(url: str) -> None:
    """Wait until a console's feed reads."""
    ends_s = time.monotonic() + DEADLINE_S
    with httpx.Client(base_url=url, timeout=DEADLINE_S) as web:
        while web.get("/healthz").json()["feed"]["state"] != "live":
            assert time.monotonic() < ends_s
            time.sleep(0.05)


@pytest.mark.kafka
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_the_console_with_streams_open(
    kafka: Broker, tmp_path: Path, number: signal.Signals
) -> None:
    """End it while a page reads and another has stopped reading; both ends are clean."""
    prefix = new_prefix()
    asyncio.run(make_topic(kafka.bootstrap, prefix))
    secret = asyncio.run(signed_in(console_settings(tmp_path, kafka.bootstrap, prefix)))
    environment = os.environ | {
        "MONOMI_BOOTSTRAP": kafka.bootstrap,
        "MONOMI_TOPIC_PREFIX": prefix,
        "MONOMI_DATA_DIR": str(tmp_path),
    }
    verb = "import typer; from monomi.verbs.console import console; typer.run(console)"
    process = subprocess.Popen(
        [sys.executable, "-c", verb, "--port", "0"],
        env=environment,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    try:
        url = process.stdout.readline().split()[-1]
        until_live(url)  # a stream tells of the change of state too
        with (
            httpx.Client(base_url=url, timeout=DEADLINE_S, cookies={COOKIE: secret}) as web,
            web.stream("GET", "/stream") as reading,
            web.stream("GET", "/stream") as silent,
        ):
            lines = reading.iter_lines()
            assert next(lines) == "event: feed"
            process.send_signal(number)
            assert process.wait(timeout=5) == 0
            assert [line for line in lines if line.startswith("event")] == []
            assert silent.status_code == 200
    finally:
        process.kill()
        process.wait()
        process.stdout.close()


def refused(settings: ConsoleSettings) -> MonomiError:
    """Return the error with which a console does not start."""
    told: list[str] = []
    with pytest.raises(MonomiError) as raised:
        asyncio.run(serve(settings, told.append, asyncio.Event()))
    assert told == []
    return raised.value


def test_a_console_without_kafka_does_not_start(tmp_path: Path) -> None:
    """Nobody listens at the bootstrap address; the sentence names it."""
    error = refused(console_settings(tmp_path, "127.0.0.1:9"))
    assert error.code == "broker_unreachable"
    assert "127.0.0.1:9" in error.sentence


def test_a_bootstrap_that_is_no_address_is_explained(tmp_path: Path) -> None:
    """A port that is no number."""
    assert refused(console_settings(tmp_path, "localhost:kafka")).code == "broker_unreachable"


def test_a_taken_port_is_explained(tmp_path: Path) -> None:
    """Another program has the port."""
    with listen("127.0.0.1", 0) as other:
        settings = ConsoleSettings(data_dir=tmp_path, console_port=other.getsockname()[1])
        assert refused(settings).code == "port_taken"


def test_an_address_that_is_not_here_is_explained(tmp_path: Path) -> None:
    """Listen on an address of documentation, and on a name that nobody has."""
    for host in ("192.0.2.1", "no-such-host.invalid"):
        settings = ConsoleSettings(data_dir=tmp_path, console_port=0, console_host=host)
        assert refused(settings).code == "host_unknown"


def test_a_folder_that_cannot_be_written_is_explained(tmp_path: Path) -> None:
    """The store's folder would be inside a file."""
    (tmp_path / "file").write_text("")
    settings = ConsoleSettings(data_dir=tmp_path / "file", console_port=0)
    assert refused(settings).code == "folder_not_writable"
