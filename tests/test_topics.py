"""Making topics: on the real Kafka, and where there is none."""

from __future__ import annotations

import asyncio
import socket

import pytest
from aiokafka.admin import AIOKafkaAdminClient, NewTopic
from aiokafka.admin.config_resource import ConfigResource, ConfigResourceType

from schemas.errors import MonomiError
from schemas.topics import EVENT_TOPICS, TOPICS
from streams import topics
from streams.broker import Broker
from streams.topics import SHARED_TOPIC, create_topics


async def partition_counts(bootstrap: str, prefix: str) -> dict[str, int]:
    """Return the partitions of each topic whose name begins with `prefix`."""
    admin = AIOKafkaAdminClient(bootstrap_servers=bootstrap)
    await admin.start()
    try:
        found = await admin.describe_topics()
    finally:
        await admin.close()
    return {
        topic["topic"].removeprefix(prefix): len(topic["partitions"])
        for topic in found
        if topic["topic"].startswith(prefix)
    }


async def configs_of(bootstrap: str, topic: str) -> dict[str, str]:
    """Return a topic's settings as Kafka has them."""
    admin = AIOKafkaAdminClient(bootstrap_servers=bootstrap)
    await admin.start()
    try:
        (response,) = await admin.describe_configs(
            [ConfigResource(ConfigResourceType.TOPIC, topic)]
        )
    finally:
        await admin.close()
    return {entry[0]: entry[1] for entry in response.resources[0][4]}


async def make_by_hand(bootstrap: str, **partitions: int) -> None:
    """Create topics with these numbers of partitions."""
    admin = AIOKafkaAdminClient(bootstrap_servers=bootstrap)
    await admin.start()
    try:
        await admin.create_topics([NewTopic(n, count, 1) for n, count in partitions.items()])
    finally:
        await admin.close()


@pytest.mark.kafka
def test_topics_are_made_once_when_several_processes_make_them(kafka: Broker) -> None:
    """Three at once, and one more afterwards who wants another number: all get the first's."""

    async def make() -> list[int]:
        counts = await asyncio.gather(
            *(create_topics(kafka.bootstrap, "tt-once.", 3) for _ in range(3))
        )
        return [*counts, await create_topics(kafka.bootstrap, "tt-once.", 7)]

    assert asyncio.run(make()) == [3, 3, 3, 3]
    counts = asyncio.run(partition_counts(kafka.bootstrap, "tt-once."))
    wanted = {topic.name: 3 if topic.spread else 1 for topic in TOPICS.values()}
    assert counts == wanted | {SHARED_TOPIC: 1}


@pytest.mark.kafka
@pytest.mark.parametrize("name", ["access.queries", "directory.residents", "access.dead-letters"])
def test_topics_are_kept_as_the_table_says(kafka: Broker, name: str) -> None:
    """Kafka has every setting of the table."""
    asyncio.run(create_topics(kafka.bootstrap, "tt-config.", 2))
    found = asyncio.run(configs_of(kafka.bootstrap, f"tt-config.{name}"))
    wanted = TOPICS[name].config()
    assert {key: found[key] for key in wanted} == wanted


@pytest.mark.kafka
def test_missing_topics_of_events_get_the_number_of_those_that_stand(kafka: Broker) -> None:
    """A half-made deployment is completed, whatever number is asked for."""
    asyncio.run(make_by_hand(kafka.bootstrap, **{"tt-half.presence.doors": 2}))
    assert asyncio.run(create_topics(kafka.bootstrap, "tt-half.", 5)) == 2
    counts = asyncio.run(partition_counts(kafka.bootstrap, "tt-half."))
    assert {counts[topic.name] for topic in EVENT_TOPICS} == {2}


@pytest.mark.kafka
def test_events_with_different_numbers_of_partitions_are_refused(kafka: Broker) -> None:
    """An operator's records would lie in different partitions; the sentence names them."""
    uneven = {"tt-uneven.access.queries": 4, "tt-uneven.presence.signins": 2}
    asyncio.run(make_by_hand(kafka.bootstrap, **uneven))
    with pytest.raises(MonomiError, match=r"queries has 4, .*signins has 2") as caught:
        asyncio.run(create_topics(kafka.bootstrap, "tt-uneven.", 4))
    assert caught.value.code == "partitions_differ"


@pytest.mark.parametrize("bootstrap", ["127.0.0.1:1", "nowhere.invalid:9092", "127.0.0.1:port"])
def test_no_kafka_is_one_sentence(bootstrap: str) -> None:
    """Refused, unknown or mistyped: it says where it looked and what to do."""
    with pytest.raises(MonomiError, match=rf"no Kafka answers at {bootstrap}; start") as caught:
        asyncio.run(create_topics(bootstrap, "", 1))
    assert caught.value.code == "broker_unreachable"


def test_a_server_that_never_answers_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    """A port that is open and silent does not hold the command."""
    monkeypatch.setattr(topics, "REACH_TIMEOUT_S", 0.2)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        bootstrap = f"127.0.0.1:{silent.getsockname()[1]}"
        with pytest.raises(MonomiError) as caught:
            asyncio.run(create_topics(bootstrap, "", 1))
    assert caught.value.code == "broker_unreachable"
