"""A small Faust worker that writes down what it takes; tests run it as a process.

    python -m tests.chunk_worker BOOTSTRAP APP_ID TRACE TOPICS [--faust] [--slow S] [--fail-at N]

Each line of TRACE is a JSON object: {"pid", "generation", "events": [[topic, partition, offset,
key, value], …]} or {"pid", "assigned": [[topic, partition], …]}. A record of the topic that ends
in `.orders` with the value `pause` or `resume` is obeyed for the topic that its key names. With
the value `caught up?` it waits until the key's topic is, and writes {"pid", "caught_up": topic}.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import signal
from pathlib import Path
from typing import Any

import faust
from faust.types import TP

from schemas.errors import MonomiError
from streams.chunks import (
    acknowledge,
    caught_up,
    chunks,
    keep_partitions_together,
    pause,
    resume,
    use_chunks,
)

CHUNK = 100


def text(data: bytes | None) -> str | None:
    return None if data is None else data.decode()


class ChunkWorker:
    """Take chunks, write them down, acknowledge them."""

    def __init__(self, arguments: argparse.Namespace) -> None:
        self._arguments = arguments
        self._taken = 0
        self.app = faust.App(
            arguments.app_id,
            broker=f"kafka://{arguments.bootstrap}",
            store="memory://",
            datadir=str(Path(arguments.trace).parent),
            topic_disable_leader=True,
            web_enabled=False,
            stream_wait_empty=False,
            broker_commit_interval=0.2,
            broker_session_timeout=6.0,
            broker_heartbeat_interval=1.0,
            broker_max_poll_records=500,
        )
        keep_partitions_together(self.app)
        if not arguments.faust:
            use_chunks(self.app)
        topic = self.app.topic(
            *arguments.topics.split(","),
            key_type=bytes,
            value_type=bytes,
            key_serializer="raw",
            value_serializer="raw",
            allow_empty=True,
        )
        self.app.agent(topic, name="take")(self._take)
        self.app.on_partitions_assigned.connect(self._assigned, weak=False)

    async def _assigned(self, _: Any, assigned: set[TP], **__: Any) -> None:
        self._write(assigned=sorted(assigned))

    async def _take(self, stream: Any) -> None:
        try:
            async for events in chunks(stream, CHUNK):
                await self._work_on(stream, events)
                acknowledge(stream, events)
        except MonomiError as error:
            await self.app.crash(error)
            raise

    async def _work_on(self, stream: Any, events: list[Any]) -> None:
        if self._arguments.slow:
            await asyncio.sleep(self._arguments.slow)
        rows = []
        for event in events:
            message = event.message
            tp = message.topic, message.partition
            rows.append([*tp, message.offset, text(event.key), text(event.value)])
        self._write(generation=events[0].message.generation_id, events=rows)
        self._taken += len(events)
        if self._arguments.fail_at and self._taken >= self._arguments.fail_at:
            raise MonomiError("told_to_fail", "this worker was told to fail")
        for event in events:
            if event.message.topic.endswith(".orders"):
                await self._obey(stream, event.key.decode(), event.value)

    async def _obey(self, stream: Any, topic: str, order: bytes) -> None:
        tps = {tp for tp in self.app.consumer.assignment() if tp.topic == topic}
        if order == b"pause":
            pause(self.app, tps)
        elif order == b"resume":
            resume(self.app, tps)
        else:
            while caught_up(stream, tps) != tps:
                await asyncio.sleep(0.01)
            self._write(caught_up=topic)

    def _write(self, **line: Any) -> None:
        with Path(self._arguments.trace).open("a", encoding="utf-8") as trace:
            trace.write(json.dumps({"pid": os.getpid(), **line}) + "\n")


async def work(arguments: argparse.Namespace) -> None:
    """Run until SIGTERM, or until the agent fails."""
    app = ChunkWorker(arguments).app
    told_to_stop = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, told_to_stop.set)
    await app.start()
    ends = [asyncio.create_task(told_to_stop.wait()), asyncio.create_task(app.wait_until_stopped())]
    await asyncio.wait(ends, return_when=asyncio.FIRST_COMPLETED)
    await app.stop()
    for end in ends:
        end.cancel()
    if app.crash_reason is not None:
        raise SystemExit(str(app.crash_reason))


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    for name in ("bootstrap", "app_id", "trace", "topics"):
        parser.add_argument(name)
    parser.add_argument("--faust", action="store_true")
    parser.add_argument("--slow", type=float, default=0.0)
    parser.add_argument("--fail-at", type=int, default=0)
    asyncio.run(work(parser.parse_args()))
