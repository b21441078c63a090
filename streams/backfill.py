"""A backfill: years of logs into state, resumed where it broke off, and followed to its end.

Its records carry a header, by which a worker knows the alerts that they raise for history.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta, tzinfo
from pathlib import Path
from typing import Any

from kafka import KafkaConsumer, TopicPartition
from kafka.admin import KafkaAdminClient

from schemas.errors import MonomiError
from schemas.topics import EVENT_TOPICS
from streams.outgoing import Source, merge_outgoing
from streams.shared_topic import closed_through
from streams.topic_reader import TopicReader
from streams.topics import SHARED_TOPIC

_HEAD_BYTES = 64 * 1024
_CHANGES_STATE = timedelta(days=7)
"""A record farther behind its operator's newest changes no state (contract)."""


class Bookmark:
    """Hold up to which line of each file Kafka has taken all, in a file that is always whole.

    One for these files, by their beginnings and sizes, on this cluster: with other files, or a
    Kafka made anew, a backfill begins at the first line.
    """

    def __init__(
        self, folder: Path, sources: Sequence[Source], bootstrap: str, prefix: str
    ) -> None:
        digest = hashlib.sha256(f"{_cluster_id(bootstrap)}\0{prefix}".encode())
        for source in sources:
            digest.update(f"\0{source.name}\0{source.path.stat().st_size}\0".encode())
            with source.path.open("rb") as file:
                digest.update(file.read(_HEAD_BYTES))
        self._path = folder / f"{digest.hexdigest()[:16]}.json"
        try:
            folder.mkdir(parents=True, exist_ok=True)
            self.reached: dict[str, int] = (
                json.loads(self._path.read_bytes()) if self._path.exists() else {}
            )
        except OSError as error:
            raise _not_writable(folder, error) from None

    def keep(self, reached: Mapping[str, int]) -> None:
        """Note how far it has come; raises MonomiError `folder_not_writable`."""
        self.reached |= reached
        partial = self._path.with_suffix(".partial")
        try:
            partial.write_text(json.dumps(self.reached))
            partial.replace(self._path)
        except OSError as error:
            raise _not_writable(self._path.parent, error) from None


def _not_writable(folder: Path, error: OSError) -> MonomiError:
    return MonomiError(
        "folder_not_writable",
        f"{folder}: cannot be written ({error.strerror}); name another by MONOMI_DATA_DIR",
    )


def _cluster_id(bootstrap: str) -> str:
    admin = KafkaAdminClient(bootstrap_servers=bootstrap)
    try:
        return str(admin.describe_cluster()["cluster_id"])
    finally:
        admin.close()


async def refuse_what_is_past(
    bootstrap: str, prefix: str, sources: Sequence[Source], reached: Mapping[str, int], zone: tzinfo
) -> None:
    """Raise MonomiError `state_is_past` where what is left begins too long before the state.

    Look-ups over seven days behind their operator's newest change no state: a backfill comes
    before the first live look-up.
    """
    events = [source for source in sources if source.topic.kind == "event"]
    lines = merge_outgoing(events, reached) if events else iter(())
    first_s = next((line.time_s for line in lines if line.time_s > 0), None)
    closed = await _closed_day(bootstrap, prefix)
    if first_s is None or closed is None:
        return
    first = datetime.fromtimestamp(first_s, zone).date()
    if first < closed - _CHANGES_STATE:
        raise MonomiError(
            "state_is_past",
            f"the state holds look-ups through {closed}, and these begin on {first}: what is "
            "over 7 days older changes nothing; backfill before the first live look-up, or "
            "under another MONOMI_TOPIC_PREFIX",
        )


async def _closed_day(bootstrap: str, prefix: str) -> date | None:
    reader = TopicReader(bootstrap, [prefix + SHARED_TOPIC])
    await reader.start()
    try:
        days = [closed_through(r.key, r.value) async for r in reader.to_the_end()]
    finally:
        await reader.stop()
    newest = max((day for day in days if day), default=0)
    return date.fromordinal(newest) if newest else None


class Follower:
    """Look at how far the workers are with what stands in the events' topics."""

    def __init__(self, bootstrap: str, prefix: str, group: str) -> None:
        self._consumer: Any = KafkaConsumer(
            bootstrap_servers=bootstrap, group_id=group, enable_auto_commit=False
        )
        names = [prefix + topic.name for topic in EVENT_TOPICS]
        self._partitions = [
            TopicPartition(name, number)
            for name in names
            for number in self._consumer.partitions_for_topic(name) or ()
        ]

    def left(self) -> int:
        """Return how many records no worker has applied for good yet."""
        ends = self._consumer.end_offsets(self._partitions)
        begins = self._consumer.beginning_offsets(self._partitions)
        return sum(
            max(0, ends[tp] - max(begins[tp], self._consumer.committed(tp) or 0))
            for tp in self._partitions
        )

    def close(self) -> None:
        """Disconnect."""
        self._consumer.close()
