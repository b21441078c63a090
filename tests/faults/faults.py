"""What may go wrong around a worker: each function does one thing, and leaves it to mend."""

from __future__ import annotations

import os
import random
import shutil
import signal
import time
from collections.abc import Callable

from kafka import KafkaProducer
from kafka.admin import ConfigResource, ConfigResourceType, KafkaAdminClient

from tests.faults.deployment import PARTITIONS, Deployment
from tests.processes import eventually

Fault = Callable[[Deployment, random.Random], None]

POISON = 500
"""So many malformed records come at once."""
_TAKEOVER_S = 60.0
_AT_WORK = 0.7
"""This share of the further kills meets a worker that is at work again."""
_FROZEN_S = 15.0
"""Longer than the group waits for a sign of life (10 s): another has taken over by then."""
_SHARED_S = 4.0
_FULL_S = 30.0


def kill_worker(deployment: Deployment, chance: random.Random) -> None:
    """End the worker as power cuts would, wherever in a batch it is, or amid its recovery."""
    for _ in range(deployment.kills_at_once - 1):
        deployment.first.signal(signal.SIGKILL)
        time.sleep(chance.uniform(0.5, 3.0))  # seen gone, started, and perhaps not ready yet
        if chance.random() < _AT_WORK:
            eventually(deployment.is_ready, _TAKEOVER_S)
            time.sleep(chance.uniform(0.0, 2.0))
    deployment.first.signal(signal.SIGKILL)


def stop_worker(deployment: Deployment, _: random.Random) -> None:
    """End the worker as an operator would."""
    deployment.first.signal(signal.SIGTERM)


def stop_broker(deployment: Deployment, chance: random.Random) -> None:
    """Stop the broker in order, and start it after some seconds."""
    with deployment.without_broker(signal.SIGTERM):
        time.sleep(chance.uniform(0.0, 5.0))


def kill_broker(deployment: Deployment, chance: random.Random) -> None:
    """End the broker at once, and start it after some seconds."""
    with deployment.without_broker(signal.SIGKILL):
        time.sleep(chance.uniform(0.0, 5.0))


def fill_disk(deployment: Deployment, chance: random.Random) -> None:
    """Let the broker's disk run full, which ends it, and make room after some seconds."""
    deployment.disk.fill()
    if not deployment.broker_ends(_FULL_S):
        deployment.disk.make_room()  # it wrote nothing meanwhile: nothing was full
        return
    with deployment.without_broker(signal.SIGTERM):
        deployment.disk.make_room()
        time.sleep(chance.uniform(0.0, 5.0))


def lose_changelog(deployment: Deployment, chance: random.Random) -> None:
    """Let Kafka lose the end of a partition's changelog, which the worker's folder has."""
    with deployment.unattended():
        deployment.first.worker.kill()
        partition = chance.randrange(PARTITIONS)
        with deployment.without_broker(signal.SIGKILL) as logs:
            folder = logs / f"{deployment.prefix}monomi.state-{partition}"
            newest = max(folder.glob("*.log"))
            os.truncate(newest, int(newest.stat().st_size * chance.uniform(0.5, 0.9)))


def jump_clock(deployment: Deployment, chance: random.Random) -> None:
    """Let the worker's clock jump an hour ahead, an hour back, and right again."""
    with deployment.clock.worn():
        _start_again(deployment)
    for ahead_s in (3600, -3600, 0):
        deployment.clock.jump(ahead_s)
        time.sleep(chance.uniform(1.0, 3.0))
    _start_again(deployment)


def _start_again(deployment: Deployment) -> None:
    """Stop the worker in order, and wait until the next one is at its place."""
    restarts = deployment.first.restarts
    deployment.first.signal(signal.SIGTERM)
    eventually(lambda: deployment.first.restarts > restarts and deployment.is_ready(), _TAKEOVER_S)


def delete_store(deployment: Deployment, chance: random.Random) -> None:
    """Kill the worker and take one partition's local store away."""
    with deployment.unattended():
        deployment.first.worker.kill()
        shutil.rmtree(deployment.first.store(chance.randrange(PARTITIONS)))


def corrupt_store(deployment: Deployment, chance: random.Random) -> None:
    """Kill the worker and overwrite the middle of every table of one partition's local store."""
    with deployment.unattended():
        deployment.first.worker.kill()
        for table in deployment.first.store(chance.randrange(PARTITIONS)).glob("*.sst"):
            with table.open("r+b") as file:
                file.seek(table.stat().st_size // 2)
                file.write(chance.randbytes(64))


def move_partitions(deployment: Deployment, _: random.Random) -> None:
    """Let a second worker take half of the partitions mid-batch, and lose it again."""
    with deployment.second() as second:
        eventually(lambda: second.worker.metric("monomi_partitions_open") > 0, _TAKEOVER_S)
        time.sleep(_SHARED_S)


def wake_a_zombie(deployment: Deployment, _: random.Random) -> None:
    """Freeze the worker until a second one has all its partitions, then let it go on."""
    with deployment.second() as second:
        eventually(lambda: second.worker.metric("monomi_partitions_open") > 0, _TAKEOVER_S)
        deployment.first.signal(signal.SIGSTOP)
        try:
            time.sleep(_FROZEN_S)
            eventually(
                lambda: second.worker.metric("monomi_partitions_open") == PARTITIONS, _TAKEOVER_S
            )
        finally:
            deployment.first.signal(signal.SIGCONT)
        time.sleep(_SHARED_S)


def send_poison(deployment: Deployment, chance: random.Random) -> None:
    """Send records that are no look-ups, to every partition."""
    producer = KafkaProducer(bootstrap_servers=deployment.bootstrap)
    topic = f"{deployment.prefix}access.queries"
    for number in range(POISON):
        value = chance.choice((b"", b"\xff\xfe", b"{", b"[]", b'{"event_id": 1}', b"null"))
        producer.send(topic, value + b" " * (number % 7), partition=number % PARTITIONS)
    producer.flush(60)
    producer.close()


def refuse_alerts(deployment: Deployment, chance: random.Random) -> None:
    """Let Kafka take no alert for some seconds: the worker must wait with them, and drop none."""
    _require_replicas(deployment, 2)  # of one: it refuses whoever wants all to have it
    time.sleep(chance.uniform(3.0, 8.0))
    _require_replicas(deployment, 1)


def _require_replicas(deployment: Deployment, number: int) -> None:
    admin = KafkaAdminClient(bootstrap_servers=deployment.bootstrap)
    name, configs = f"{deployment.prefix}alerts", {"min.insync.replicas": str(number)}
    admin.alter_configs([ConfigResource(ConfigResourceType.TOPIC, name, configs)])
    admin.close()


FAULTS: tuple[Fault, ...] = (
    kill_worker,
    kill_broker,
    send_poison,
    delete_store,
    refuse_alerts,
    stop_broker,
    fill_disk,
    lose_changelog,
    wake_a_zombie,
    corrupt_store,
    jump_clock,
    move_partitions,
    stop_worker,
)
"""In turn; a worker is killed again before each next round."""


def is_possible(fault: Fault, deployment: Deployment) -> bool:
    """Return whether this machine allows a fault: a disk of one's own, a clock to bend."""
    if fault is fill_disk:
        return deployment.disk.is_own
    return fault is not jump_clock or deployment.clock.is_movable
