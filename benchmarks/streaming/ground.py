"""What all contenders share: one broker, and one topic of look-ups beside the context's."""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from benchmarks.streaming.load import Load
from streams.broker import start_broker
from streams.changelog import Changelog, changelog_topic
from streams.outgoing import find_sources
from streams.producer import Pace, produce
from streams.topics import create_topics

PARTITIONS = 4


class Ground(NamedTuple):
    """Hold a running broker and a folder that goes with it."""

    bootstrap: str
    folder: Path

    def make_topics(self, prefix: str = "") -> None:
        """Make a deployment's topics."""
        asyncio.run(create_topics(self.bootstrap, prefix, PARTITIONS))

    def make_changelog(self) -> str:
        """Make the changelog of a worker without a prefix, as it would; return its topic."""
        changelog = Changelog(self.bootstrap, "monomi", PARTITIONS, self.folder / "unused")
        asyncio.run(changelog.start())
        return changelog_topic("monomi")

    def send(self, load: Load, prefix: str = "", *, context: bool, pace: Pace | None) -> None:
        """Send a load's context, or its look-ups; return when Kafka has all."""
        sources = find_sources([load.context if context else load.look_ups])
        produce(sources, self.bootstrap, prefix, pace=pace, delivery_timeout_s=120.0)

    def fill(self, load: Load, prefix: str = "") -> None:
        """Make a deployment's topics and send all of a load, as fast as it goes."""
        self.make_topics(prefix)
        for context in (True, False):
            self.send(load, prefix, context=context, pace=None)


@contextmanager
def fresh_ground() -> Iterator[Ground]:
    """Give a broker of this benchmark's own, gone with all its data at the end."""
    with (
        tempfile.TemporaryDirectory(prefix="monomi-bench-") as folder,
        start_broker(Path(folder) / "kafka") as broker,
    ):
        yield Ground(broker.bootstrap, Path(folder))
