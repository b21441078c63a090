"""The demo from start to end: broker, worker, console, ward, and what they showed."""

from __future__ import annotations

import asyncio
import socket
import tempfile
import threading
import time
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from monomi.demo.children import Child
from monomi.demo.people import DemoPeople, make_people
from monomi.demo.story import Story
from monomi.demo.subscriber import ConsoleSubscriber, KafkaSubscriber, Subscriber
from schemas.alerts import Alert
from schemas.errors import MonomiError
from schemas.topics import EVENT_TOPICS

DAY_S = 86_400.0
FAST_DAYS = 548
"""Eighteen months, which pass in the first minute."""
FAST_S = 60.0
SLOW_DAYS = 14
OPERATORS, RESIDENTS, LOOK_UPS_A_DAY = 20, 3000, 5
PARTITIONS = 4
_START_S = 120.0
_DRAIN_S = 5.0

Say = Callable[[str], None]


def pace_of(duration_s: float) -> Callable[[float], float]:
    """Return when each event is due, for a demo of so many seconds.

    The first eighteen months take a minute, or two thirds of a shorter demo; the fortnight
    after them takes what is left.
    """
    fast_s = min(FAST_S, duration_s * 2 / 3)
    fast_event_s, slow_event_s = FAST_DAYS * DAY_S, SLOW_DAYS * DAY_S

    def pace(event_s: float) -> float:
        if event_s <= fast_event_s:
            return event_s / fast_event_s * fast_s
        return fast_s + (event_s - fast_event_s) / slow_event_s * (duration_s - fast_s)

    return pace


def run_demo(
    duration_s: float, port: int, with_console: bool, seed: int, say: Say
) -> dict[str, Any]:
    """Run the whole system for some seconds of stream; return the closing summary.

    Raises MonomiError where a part does not come up or ends before its time; stops all it
    started in every case, also on KeyboardInterrupt.
    """
    from streams.broker import start_broker
    from streams.outgoing import find_sources
    from streams.producer import produce
    from streams.topics import create_topics

    if with_console and port:
        _free(port)
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="monomi-demo-")))
        say("1/3  a real Kafka, and a ward office of twenty with its residents and insiders …")
        ward = folder / "ward"
        maker = Child(
            "simulate", *_ward_arguments(ward, seed), log=folder / "simulate.log", environment={}
        )
        stack.callback(maker.stop)
        broker = stack.enter_context(start_broker())
        environment = _environment(folder, broker.bootstrap, port)
        asyncio.run(create_topics(broker.bootstrap, "", PARTITIONS))
        maker.wait(_START_S)
        story = Story.of_ward(ward)
        say("2/3  the directory and the cases into Kafka, then the worker and the console …")
        produce(find_sources([ward / "context"]), broker.bootstrap)
        verbs = ["worker", "console"] if with_console else ["worker"]
        people = asyncio.run(make_people(_store(folder), ward / "context"))
        children = _children(stack, verbs, folder, environment)
        teller = Teller(story, say)
        ready = [child.wait_for_line("ready", _START_S) for child in children]
        subscriber: Subscriber = KafkaSubscriber(broker.bootstrap, teller.take)
        if with_console:
            address = ready[1].rsplit(" ", 1)[1]
            subscriber = ConsoleSubscriber(address, teller.take, people.token)
            _introduce(address, people, say)
        subscriber.start()
        stack.callback(subscriber.stop)
        say(f"3/3  eighteen months pass in {min(FAST_S, duration_s * 2 / 3):.0f} s")
        summary = Stream(broker.bootstrap, ward, duration_s, children).run(teller)
        if subscriber.error is not None:
            raise subscriber.error
        return summary


def _free(port: int) -> None:
    """Raise MonomiError `port_taken` at once, and not when all else stands."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            raise MonomiError(
                "port_taken", f"port {port} is taken; choose another with --port, 0 for a free one"
            ) from None


def _ward_arguments(ward: Path, seed: int) -> list[str]:
    return [
        *("--out", str(ward), "--seed", str(seed), "--days", str(FAST_DAYS + SLOW_DAYS)),
        *("--operators", str(OPERATORS), "--residents", str(RESIDENTS)),
        *("--lookups-per-day", str(LOOK_UPS_A_DAY)),
    ]


def _environment(folder: Path, bootstrap: str, port: int) -> dict[str, str]:
    return {
        "MONOMI_BOOTSTRAP": bootstrap,
        "MONOMI_TOPIC_PREFIX": "",
        "MONOMI_DATA_DIR": str(folder / "data"),
        "MONOMI_PARTITIONS": str(PARTITIONS),
        "MONOMI_METRICS_PORT": "0",
        "MONOMI_CONSOLE_HOST": "127.0.0.1",
        "MONOMI_CONSOLE_PORT": str(port),
        "MONOMI_TIMEZONE": "Asia/Tokyo",
    }


def _introduce(address: str, people: DemoPeople, say: Say) -> None:
    """Say where the console is, and who may sign in."""
    say(f"     the console is open at {address}")
    say("     sign in as    with the password     and see what a … sees")
    for account in people.accounts:
        say(f"     {account.name:<12}  {account.password:<20}  {account.role.replace('_', ' ')}")


def _store(folder: Path) -> str:
    """Return the alert store's file, where the console will look for it."""
    return str(folder / "data" / "console" / "alerts.sqlite3")


def _children(
    stack: ExitStack, verbs: list[str], folder: Path, environment: dict[str, str]
) -> list[Child]:
    """Start verbs side by side; the stack ends them."""
    children = [Child(verb, log=folder / f"{verb}.log", environment=environment) for verb in verbs]
    stack.callback(lambda: _stop(children))
    return children


def _stop(children: list[Child]) -> None:
    for child in children:
        child.ask_to_stop()
    for child in children:
        child.stop()


class Teller:
    """Print alerts as they come."""

    def __init__(self, story: Story, say: Say) -> None:
        self.story = story
        self._say = say
        self.newest_at = 0.0

    def take(self, alert: Alert, latency_s: float) -> None:
        """Take one revision."""
        known = alert.alert_id in self.story.alerts
        found = self.story.take(alert, latency_s)
        self.newest_at = time.monotonic()
        for label in found:
            about = self.story.found[label.label_id]
            self._say(
                f"  ★  found: {label.kind}, at look-up {about['at_look_up']} of {about['of']}"
            )
        if not known or found:
            self._say(
                f"{alert.updated_at:%Y-%m-%d %H:%M}  {alert.severity:<8}  {alert.operator_id:<10}"
                f"  {1000 * latency_s:5.0f} ms  {alert.reasons[0].summary.en}"
            )


class Stream:
    """Send the ward's files at the demo's pace, beside the processes that must live."""

    def __init__(
        self, bootstrap: str, ward: Path, duration_s: float, children: list[Child]
    ) -> None:
        self._bootstrap = bootstrap
        self._ward = ward
        self._duration_s = duration_s
        self._children = children
        self._stop = threading.Event()
        self._reached_s = 0.0

    def run(self, teller: Teller) -> dict[str, Any]:
        """Stream for the demo's duration, let what is under way arrive, and sum up."""
        from streams.outgoing import find_sources
        from streams.producer import produce

        result: dict[str, Any] = {}

        def send() -> None:
            try:
                result["produced"] = produce(
                    find_sources([self._ward / f"{topic.name}.jsonl.gz" for topic in EVENT_TOPICS]),
                    self._bootstrap,
                    pace=pace_of(self._duration_s),
                    on_progress=self._note,
                    stop=self._stop,
                )
            except MonomiError as error:  # told in the main thread
                result["error"] = error

        sender = threading.Thread(target=send, daemon=True)
        sender.start()
        try:
            while sender.is_alive():
                for child in self._children:
                    child.fail_if_ended()
                sender.join(0.25)
        finally:
            self._stop.set()
            sender.join(2.0)
        if "error" in result:
            raise result["error"]
        self._drain(teller)
        events = result["produced"].records.total()
        return teller.story.summary(events, self._reached_s)

    def _note(self, _sent: int, event_time_s: float | None) -> None:
        self._reached_s = event_time_s or self._reached_s

    def _drain(self, teller: Teller) -> None:
        """Wait until no alert has come for a second, or long enough."""
        until = time.monotonic() + _DRAIN_S
        while time.monotonic() < until and time.monotonic() - teller.newest_at < 1.0:
            time.sleep(0.1)
