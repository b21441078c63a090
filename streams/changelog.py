"""The changelog: the compacted topic from which a worker's state can always be read again.

One topic, `<app id>.state`, with as many partitions as the sources; each commit of a
`streams.state.PartitionStore` is one record batch in it. A partition that is opened is first
taken over in the log, then its folder on this disk gets what it lacks: nothing after a restart
in place, some after an absence, all on a new machine.

**Former owners.** A worker that froze, was cut off or is slow to learn of a rebalance may still
write to a partition that is another's by now. Kafka refuses it: each partition is written under
a producer name of its own, `<topic>-<partition>`, which Kafka gives to one producer at a time
(`InitProducerId` raises the name's epoch), and the new owner's first record, its claim, tells
the partition so. Whatever stands before the claim is history that no one can add to, and only
then is it read; whatever a former owner sends after it fails there with `partition_fenced`.
The producer is idempotent, but uses no transactions: a batch is atomic by itself, and a
transaction around it would cost two more round trips a commit, and its marks in the log.

What this does not hold: Kafka forgets a producer name after 7 days without a claim
(`transactional.id.expiration.ms`), so an owner claims again each day, at a commit; and a
partition's epochs after a day without a write (`producer.id.expiration.ms`), so a worker frozen
for longer than that may add a batch to a partition where nothing happened since. The new owner
notices at its next commit, as its batch does not lie where its last one ended, and stops with
`changelog_torn`. A worker frozen between its assignment and its claim takes the partition from
its rightful owner, which stops, and is started again.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from aiokafka import TopicPartition
from aiokafka.admin import AIOKafkaAdminClient, NewTopic
from aiokafka.admin.config_resource import ConfigResource, ConfigResourceType
from aiokafka.errors import KafkaError, TopicAlreadyExistsError

from schemas.errors import MonomiError
from streams.changelog_reader import DAY_MS, DELETIONS_KEPT_MS, Progress, catch_up
from streams.changelog_writer import SoleWriter
from streams.state import PartitionStore
from streams.state_folder import Folder, Memory

MAX_COMMIT_BYTES = 8 << 20


def changelog_topic(app_id: str) -> str:
    """Return the changelog's topic; `app_id` carries the deployment's prefix."""
    return f"{app_id}.state"


def changelog_config(max_commit_bytes: int = MAX_COMMIT_BYTES) -> Mapping[str, str]:
    """Return the changelog's settings as Kafka names them.

    A deleted key is out of the log some two weeks later: a week at most until its segment is
    cleaned, and a week in which the deletion itself is kept for folders that have not seen it.
    """
    return {
        "cleanup.policy": "compact",
        "message.timestamp.type": "LogAppendTime",  # by which a folder knows its log again
        "max.message.bytes": str(max_commit_bytes),
        "delete.retention.ms": str(DELETIONS_KEPT_MS),
        "max.compaction.lag.ms": str(7 * DAY_MS),
        "min.cleanable.dirty.ratio": "0.3",
        "segment.bytes": str(64 << 20),
        "segment.ms": str(DAY_MS),
    }


_START_TIMEOUT_S = 30.0
_LOOK_EVERY_S = 0.1
_MUST_BE_SO = ("cleanup.policy", "message.timestamp.type")


class Changelog:
    """Own the changelog topic of a deployment and open its partitions' stores.

    `partitions` is the sources' number of partitions; the store of partition p lies in
    `data_dir / str(p)`. `progress` hears how far a partition is read.
    """

    def __init__(
        self,
        bootstrap: str,
        app_id: str,
        partitions: int,
        data_dir: Path,
        *,
        replication: int = 1,
        max_commit_bytes: int = MAX_COMMIT_BYTES,
        progress: Progress | None = None,
    ) -> None:
        self.topic = changelog_topic(app_id)
        self._bootstrap = bootstrap
        self._partitions = partitions
        self._data_dir = data_dir
        self._replication = replication
        self._max_commit_bytes = max_commit_bytes
        self._progress = progress
        self._memory = Memory()

    async def start(self) -> None:
        """Make the topic where there is none, and see that the one there is can be used.

        Raises MonomiError `broker_unreachable`, `topic_refused`, `partitions_differ`,
        `changelog_misconfigured`.
        """
        admin = AIOKafkaAdminClient(bootstrap_servers=self._bootstrap)
        try:
            async with asyncio.timeout(_START_TIMEOUT_S):
                await admin.start()
                await self._create(admin)
                await self._check_settings(admin)
        except (KafkaError, OSError, TimeoutError) as error:
            raise MonomiError(
                "broker_unreachable",
                f"no Kafka answers at {self._bootstrap} ({error!r}); start it (`monomi broker`), "
                "or set MONOMI_BOOTSTRAP to where it is",
            ) from error
        finally:
            await admin.close()

    async def open_partition(self, partition: int) -> PartitionStore:
        """Take a partition over, bring its folder up to the log's end, and return its store.

        Raises MonomiError `folder_not_writable`, `folder_in_use`, `disk_full`, `state_damaged`,
        `partition_fenced`, `changelog_not_written`, `changelog_unreadable`,
        `changelog_half_written`.
        """
        target = TopicPartition(self.topic, partition)
        folder = Folder(self._data_dir / str(partition), self._memory)
        writer = SoleWriter(self._bootstrap, target, self._max_commit_bytes)
        store = PartitionStore(partition, folder, writer)
        try:
            claimed = await writer.claim()
            await catch_up(self._bootstrap, target, folder, claimed, writer.append, self._progress)
        except BaseException:
            await store.close()
            raise
        return store

    async def _create(self, admin: Any) -> None:
        config = dict(changelog_config(self._max_commit_bytes))
        new = NewTopic(self.topic, self._partitions, self._replication, topic_configs=config)
        answer = await admin.create_topics([new])
        _, code, reason = answer.topic_errors[0]
        if code not in (0, TopicAlreadyExistsError.errno):
            raise MonomiError(
                "topic_refused",
                f"Kafka refuses to make the topic {self.topic}: {reason or code}",
            )

    async def _count_partitions(self, admin: Any) -> int:
        """Return the topic's number of partitions; 0 before all have their leaders."""
        partitions = (await admin.describe_topics([self.topic]))[0]["partitions"]
        return len(partitions) if all(p["leader"] >= 0 for p in partitions) else 0

    async def _check_settings(self, admin: Any) -> None:
        while not (partitions := await self._count_partitions(admin)):
            await asyncio.sleep(_LOOK_EVERY_S)
        if partitions != self._partitions:
            raise MonomiError(
                "partitions_differ",
                f"{self.topic} has {partitions} partitions and the events' topics have "
                f"{self._partitions}: the state of an operator would lie in another partition "
                "than its events. Delete it, and the worker rebuilds its state from the events.",
            )
        asked = ConfigResource(ConfigResourceType.TOPIC, self.topic)
        answer = (await admin.describe_configs([asked]))[0]
        stands = {entry[0]: entry[1] for entry in answer.resources[0][4]}
        for name in _MUST_BE_SO:
            if stands.get(name) != (wanted := changelog_config()[name]):
                raise MonomiError(
                    "changelog_misconfigured",
                    f"{self.topic} has {name}={stands.get(name)}, with which state would be lost: "
                    f"set it to {wanted} (kafka-configs.sh --alter).",
                )
