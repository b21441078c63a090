"""Make the deployment's topics as the topic table says."""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Mapping
from typing import TYPE_CHECKING

from aiokafka.admin import AIOKafkaAdminClient, NewTopic
from aiokafka.errors import KafkaError
from pydantic import Field

from schemas.errors import MonomiError
from schemas.settings import Settings
from schemas.topics import EVENT_TOPICS, TOPICS

if TYPE_CHECKING:
    from aiokafka.protocol.api import Response

SHARED_TOPIC = "monomi.shared"
"""Where partitions hand on their days: of the monitor's inside, so not in the topic table."""

MAX_SHARED_BYTES = 8 << 20
REACH_TIMEOUT_S = 5.0
CREATE_TIMEOUT_S = 60.0
_LOOK_EVERY_S = 0.1
_TOPIC_ALREADY_EXISTS = 36
_WANTED = {name: topic.config() for name, topic in TOPICS.items()} | {
    SHARED_TOPIC: {"cleanup.policy": "compact", "max.message.bytes": str(MAX_SHARED_BYTES)}
}


class TopicSettings(Settings):
    """Hold how many partitions the events' topics get when they are made."""

    partitions: int = Field(8, ge=1, le=1000, description="Of new topics of events and alerts")


async def create_topics(bootstrap: str, prefix: str, partitions: int, replication: int = 1) -> int:
    """Create what is missing of the topic table; return the events' number of partitions.

    Topics that stand are left as they are, and where some of the events' do, the others get
    their number of partitions. Several processes may do it at once. Returns when every topic
    has its leaders. Raises MonomiError `broker_unreachable` (within REACH_TIMEOUT_S),
    `partitions_differ`, `topic_refused`, `topics_slow`.
    """
    admin = AIOKafkaAdminClient(bootstrap_servers=bootstrap)
    try:
        await _reach(admin, bootstrap)
        async with asyncio.timeout(CREATE_TIMEOUT_S):
            made = await _made(admin, prefix, replication)
            standing = await _shown(admin, prefix, made)
            spread = _event_partitions(standing, prefix) or partitions
            missing = [
                _new_topic(prefix, name, spread, replication)
                for name in _WANTED
                if name not in made
            ]
            if missing:
                _check(await admin.create_topics(missing))
            standing = await _shown(admin, prefix, _WANTED)
        # Again: another process may have made some of them with another number.
        return _event_partitions(standing, prefix) or partitions
    except TimeoutError:
        raise MonomiError(
            "topics_slow",
            f"Kafka at {bootstrap} has not made the topics in {CREATE_TIMEOUT_S:.0f} s; "
            "look at its log",
        ) from None
    except (KafkaError, OSError):
        raise _unreachable(bootstrap) from None
    finally:
        await admin.close()


async def _reach(admin: AIOKafkaAdminClient, bootstrap: str) -> None:
    try:
        async with asyncio.timeout(REACH_TIMEOUT_S):
            await admin.start()
    except (TimeoutError, ValueError):  # ValueError: no number where the port should be
        raise _unreachable(bootstrap) from None


def _unreachable(bootstrap: str) -> MonomiError:
    return MonomiError(
        "broker_unreachable",
        f"no Kafka answers at {bootstrap}; start it (`monomi broker`), or set "
        "MONOMI_BOOTSTRAP to where it is",
    )


def _new_topic(prefix: str, name: str, spread: int, replication: int) -> NewTopic:
    return NewTopic(
        name=prefix + name,
        num_partitions=spread if name in TOPICS and TOPICS[name].spread else 1,
        replication_factor=replication,
        topic_configs=dict(_WANTED[name]),
    )


async def _made(admin: AIOKafkaAdminClient, prefix: str, replication: int) -> set[str]:
    """Return which topics of ours exist, as Kafka's controller knows it.

    What a broker shows of a topic that has just been made lags behind.
    """
    response = await admin.create_topics(
        [_new_topic(prefix, name, 1, replication) for name in _WANTED], validate_only=True
    )
    return {
        topic.removeprefix(prefix)
        for topic, code, _ in response.topic_errors
        if code == _TOPIC_ALREADY_EXISTS
    }


async def _shown(admin: AIOKafkaAdminClient, prefix: str, names: Collection[str]) -> dict[str, int]:
    """Return the partitions of each topic of ours, once all of `names` have their leaders."""
    while not (standing := await _partition_counts(admin, prefix)).keys() >= set(names):
        await asyncio.sleep(_LOOK_EVERY_S)
    return standing


async def _partition_counts(admin: AIOKafkaAdminClient, prefix: str) -> dict[str, int]:
    """Return the partitions of each topic of ours that stands and has all its leaders."""
    return {
        topic["topic"].removeprefix(prefix): len(topic["partitions"])
        for topic in await admin.describe_topics()
        if topic["topic"].startswith(prefix)
        and topic["topic"].removeprefix(prefix) in _WANTED
        and topic["partitions"]
        and all(partition["leader"] >= 0 for partition in topic["partitions"])
    }


def _event_partitions(standing: Mapping[str, int], prefix: str) -> int | None:
    counts = {t.name: standing[t.name] for t in EVENT_TOPICS if t.name in standing}
    if len(set(counts.values())) > 1:
        shown = ", ".join(f"{prefix}{name} has {count}" for name, count in counts.items())
        raise MonomiError(
            "partitions_differ",
            f"the events' topics must have the same number of partitions, but {shown}; add "
            "partitions to the smaller (kafka-topics.sh --alter), or set another "
            "MONOMI_TOPIC_PREFIX",
        )
    return next(iter(counts.values()), None)


def _check(response: Response) -> None:
    for name, code, message in response.topic_errors:
        if code not in (0, _TOPIC_ALREADY_EXISTS):
            raise MonomiError(
                "topic_refused", f"Kafka refuses to make the topic {name}: {message or code}"
            )
