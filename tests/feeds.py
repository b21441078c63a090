"""Files of events for the tests that send them, and Kafka read back."""

from __future__ import annotations

import asyncio
import gzip
import json
from pathlib import Path
from typing import Any

from streams.broker import Broker
from streams.topic_reader import TopicReader
from streams.topics import create_topics


def event(second: int, operator: str = "op1", **more: object) -> bytes:
    """Return a line of an event, some seconds after ten o'clock."""
    time = f"2014-10-21T10:{second // 60:02}:{second % 60:02}+09:00"
    return json.dumps({"occurred_at": time, "operator_id": operator, **more}).encode()


def file_of(folder: Path, name: str, *lines: bytes) -> Path:
    """Write a file of lines, packed where its name says so."""
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    data = b"".join(line + b"\n" for line in lines)
    path.write_bytes(gzip.compress(data) if name.endswith(".gz") else data)
    return path


async def _read_back(bootstrap: str, topic: str) -> list[Any]:
    reader = TopicReader(bootstrap, [topic])
    await reader.start()
    try:
        return [record async for record in reader.to_the_end()]
    finally:
        await reader.stop()


def read_back(kafka: Broker, topic: str) -> list[Any]:
    """Return all records of a topic, each partition's in its order."""
    return asyncio.run(_read_back(kafka.bootstrap, topic))


def ready(kafka: Broker, prefix: str, partitions: int = 3) -> str:
    """Make the topics of a deployment of its own; return its prefix."""
    asyncio.run(create_topics(kafka.bootstrap, prefix, partitions))
    return prefix
