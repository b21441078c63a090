"""One worker from start to stop: what must be there first, and what ends it."""

from __future__ import annotations

import asyncio
import fcntl
import logging
import signal
from collections.abc import Callable, Iterator
from contextlib import AsyncExitStack, contextmanager
from functools import partial
from pathlib import Path
from typing import BinaryIO

from models.calendar import Calendar
from models.context import Context
from models.lasting import loading_for_good
from models.lookout import Lookout
from models.memory import Memory
from models.policy import Policy
from models.policy_file import load_policy
from schemas.errors import MalformedError, MonomiError
from schemas.topics import EVENT_TOPICS
from streams.app import FaustSource
from streams.changelog import Changelog
from streams.context_feed import ContextFeed
from streams.ingest import Received, dead_letter
from streams.metrics import DEAD_LETTERS, serve_metrics
from streams.partition import Partition
from streams.sender import Sender
from streams.shared_topic import SharedTopic
from streams.topics import create_topics
from streams.watch import Watch
from streams.worker_settings import WorkerSettings

_STOP_S = 4.0

_log = logging.getLogger(__name__)


class Worker:
    """Compose a worker's parts."""

    def __init__(self, settings: WorkerSettings) -> None:
        self._settings = settings
        self._policy: Policy = load_policy(settings.policy)
        self._calendar = Calendar(settings.zone, self._policy.closures)
        self._context = Context()
        self._sender = Sender(settings.bootstrap)

    async def run(self, ready: Callable[[], None]) -> None:
        """Work until SIGTERM or SIGINT; raises MonomiError where it cannot go on.

        `ready` is called when the first partitions are open.
        """
        stop = asyncio.Event()
        for number in (signal.SIGINT, signal.SIGTERM):
            asyncio.get_running_loop().add_signal_handler(number, stop.set)
        await _first_end(stop.wait(), self._work(ready))

    async def _work(self, ready: Callable[[], None]) -> None:
        """Work until cancelled."""
        settings = self._settings
        async with AsyncExitStack() as stack:
            stack.enter_context(_held(settings.data_dir))
            with _quiet("aiokafka"):  # our one sentence says it
                partitions = await create_topics(
                    settings.bootstrap, settings.topic_prefix, settings.partitions
                )
            if settings.metrics_port:
                serve_metrics(settings.metrics_host, settings.metrics_port)
            await self._sender.start()
            stack.push_async_callback(self._sender.stop)
            shared = SharedTopic(
                settings.bootstrap, settings.topic_prefix, self._sender, partitions
            )
            feed = ContextFeed(
                settings.bootstrap,
                settings.topic_prefix,
                self._context,
                partial(self._refuse, shared),
            )
            with loading_for_good():
                for reader in (shared, feed):
                    stack.push_async_callback(reader.stop)
                    await reader.load()
            changelog = Changelog(
                settings.bootstrap, settings.app_id, partitions, settings.data_dir / "state"
            )
            await changelog.start()
            await self._watch(changelog, shared, feed, ready)

    async def _watch(
        self,
        changelog: Changelog,
        shared: SharedTopic,
        feed: ContextFeed,
        ready: Callable[[], None],
    ) -> None:
        source = FaustSource(self._settings)

        async def open_partition(number: int) -> Partition:
            store = await changelog.open_partition(number)
            return Partition(
                number,
                store,
                self._lookout,
                [topic.name for topic in EVENT_TOPICS],
                refuse_future=self._settings.refuse_future,
            )

        watch = Watch(
            self._sender, shared, source, self._policy, self._settings.topic_prefix, open_partition
        )

        async def on_assigned(numbers: set[int]) -> None:
            await watch.own(numbers)
            if numbers:
                ready()

        source.attach(watch, on_assigned)
        try:
            await _first_end(source.live(), watch.run(), shared.follow(), feed.follow())
        finally:
            try:
                async with asyncio.timeout(_STOP_S):
                    await source.app.stop()
            finally:
                await watch.own(set())

    def _lookout(self, memory: Memory) -> Lookout:
        return Lookout(memory, self._context, self._policy, self._calendar)

    async def _refuse(self, shared: SharedTopic, received: Received, error: MalformedError) -> None:
        """Set a malformed context record aside; the context stays as it was.

        Each worker meets it anew at each start, for context is kept for good: only who meets it
        first sends a dead letter.
        """
        DEAD_LETTERS.labels(error.code).inc()
        if shared.is_set_aside(received):
            return
        prefix = self._settings.topic_prefix
        letter = dead_letter(received, prefix + received.topic, error)
        await self._sender.send_all([(f"{prefix}access.dead-letters", None, letter, ())])
        await shared.note_set_aside(received)


@contextmanager
def _quiet(library: str) -> Iterator[None]:
    """Let a library log nothing but what is critical."""
    logger = logging.getLogger(library)
    level = logger.level
    logger.setLevel(logging.CRITICAL)
    try:
        yield
    finally:
        logger.setLevel(level)


def _held(folder: Path) -> BinaryIO:
    """Make a data folder and return the open file that holds it against a second worker.

    Before that one joins the group, where it would take this one's seat. The system lets go of
    it with the process, however that ends.
    """
    try:
        (folder / "faust").mkdir(parents=True, exist_ok=True)
        lock = (folder / "worker.lock").open("ab")
    except OSError as error:
        raise MonomiError(
            "folder_not_writable",
            f"{folder}: cannot be written ({error.strerror}); name another with --data-dir",
        ) from None
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        lock.close()
        raise MonomiError(
            "folder_in_use",
            f"another worker works in {folder}; stop it, or name another folder with --data-dir",
        ) from None
    return lock


async def _first_end(*works: object) -> None:
    """Wait until one of several endless works ends, cancel the others, and raise its error."""
    tasks = [asyncio.ensure_future(work) for work in works]  # type: ignore[call-overload]
    try:
        done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        for task in done:
            task.result()
    finally:
        ending = [task for task in tasks if not task.done()]
        for task in ending:
            task.cancel()
        for fault in await asyncio.gather(*ending, return_exceptions=True):
            if isinstance(fault, Exception):
                _log.warning("at the end: %r", fault)
