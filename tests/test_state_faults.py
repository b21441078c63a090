"""What can stand in the store's way, on this disk and in Kafka: each told in one sentence."""

from __future__ import annotations

import asyncio
import os
import shutil
import socket
import subprocess
import sys
from pathlib import Path

import pytest
from aiokafka.admin import AIOKafkaAdminClient, NewTopic

from schemas.errors import MonomiError
from streams.broker import Broker
from streams.changelog import Changelog, changelog_topic
from streams.state_folder import Folder, LogPosition, Memory

HOLD = """
import sys, pathlib
from streams.state_folder import Folder, Memory
folder = Folder(pathlib.Path(sys.argv[1]), Memory())
print("held", flush=True)
sys.stdin.read()
"""


@pytest.fixture
def filled(tmp_path: Path) -> Path:
    """Give the path of a folder that holds one key."""
    folder = Folder(tmp_path / "data" / "0", Memory())
    folder.apply([(b"oA", b"1")], LogPosition(5, 0))
    folder.close()
    return folder.path


def test_a_folder_that_another_process_holds_is_refused(filled: Path) -> None:
    """Two workers with one data folder: the second is told so, and nothing is lost."""
    holder = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(filled)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        cwd=Path(__file__).parents[1],
    )
    try:
        assert holder.stdout is not None
        assert holder.stdout.readline() == b"held\n"
        with pytest.raises(MonomiError, match="folder_in_use"):
            Folder(filled, Memory())
    finally:
        holder.communicate()
    folder = Folder(filled, Memory())
    assert folder.get(b"oA") == b"1"
    folder.close()


def test_a_folder_that_cannot_be_written_is_refused(tmp_path: Path) -> None:
    """A data folder that is no folder, or whose disk refuses, is named in the error."""
    (tmp_path / "data").touch()
    with pytest.raises(MonomiError, match="folder_not_writable") as caught:
        Folder(tmp_path / "data" / "0", Memory())
    assert str(tmp_path / "data") in caught.value.sentence


def test_a_damaged_folder_is_emptied_when_it_is_opened(filled: Path) -> None:
    """A folder that RocksDB cannot open begins empty, without a position in its log."""
    (filled / "CURRENT").write_text("nonsense")
    folder = Folder(filled, Memory())
    assert (folder.get(b"oA"), folder.position()) == (None, None)
    folder.close()


def test_damage_found_while_reading_empties_the_folder_at_the_next_start(filled: Path) -> None:
    """A block that turns out damaged under a running worker stops it, and is gone afterwards."""
    folder = Folder(filled, Memory())
    folder.flush()
    folder.close()
    for table in filled.glob("*.sst"):
        table.write_bytes(os.urandom(table.stat().st_size))
    folder = Folder(filled, Memory())
    if folder.position() is not None:  # else the damage showed when the folder was opened
        with pytest.raises(MonomiError, match="state_damaged"):
            folder.get(b"oA")
    folder.close()
    folder = Folder(filled, Memory())
    assert (folder.get(b"oA"), folder.position()) == (None, None)
    folder.close()


@pytest.mark.kafka
def test_a_damaged_folder_is_rebuilt_from_the_log(kafka: Broker, tmp_path: Path) -> None:
    """Whatever happens to the folder, the store has all that was committed."""

    async def test() -> None:
        changelog = Changelog(kafka.bootstrap, "damaged", 1, tmp_path)
        await changelog.start()
        store = await changelog.open_partition(0)
        await store.commit({b"oA": b"1"}, {"t": 1})
        await store.close()
        (tmp_path / "0" / "CURRENT").write_text("nonsense")
        store = await changelog.open_partition(0)
        assert (store.get(b"oA"), store.applied("t")) == (b"1", 1)
        await store.close()

    asyncio.run(test())


@pytest.mark.kafka
def test_a_changelog_that_would_lose_state_is_refused(kafka: Broker, tmp_path: Path) -> None:
    """A topic that deletes by age, or has another number of partitions, is not written to."""

    async def make(app_id: str, partitions: int, policy: str) -> None:
        admin = AIOKafkaAdminClient(bootstrap_servers=kafka.bootstrap)
        await admin.start()
        config = {"cleanup.policy": policy, "message.timestamp.type": "LogAppendTime"}
        topic = NewTopic(changelog_topic(app_id), partitions, 1, topic_configs=config)
        await admin.create_topics([topic])
        await admin.close()
        await Changelog(kafka.bootstrap, app_id, 2, tmp_path).start()

    asyncio.run(make("good", 2, "compact"))
    with pytest.raises(MonomiError, match="changelog_misconfigured"):
        asyncio.run(make("deleting", 2, "delete"))
    with pytest.raises(MonomiError, match="partitions_differ"):
        asyncio.run(make("narrow", 1, "compact"))


def test_a_kafka_that_is_not_there_is_named(tmp_path: Path) -> None:
    """Without a broker the changelog says where it looked for one."""
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))
        bootstrap = f"127.0.0.1:{nobody.getsockname()[1]}"
        with pytest.raises(MonomiError, match="broker_unreachable") as caught:
            asyncio.run(Changelog(bootstrap, "nowhere", 1, tmp_path).start())
    assert bootstrap in caught.value.sentence


@pytest.mark.kafka
def test_progress_is_told_while_a_partition_is_read(kafka: Broker, tmp_path: Path) -> None:
    """A rebuild tells how far it is, to its end."""
    told: list[tuple[int, int, int]] = []

    async def test() -> None:
        changelog = Changelog(
            kafka.bootstrap, "told", 1, tmp_path, progress=lambda *step: told.append(step)
        )
        await changelog.start()
        store = await changelog.open_partition(0)
        await store.commit({b"o%d" % number: b"x" for number in range(50)}, {})
        await store.close()
        shutil.rmtree(tmp_path / "0")
        await (await changelog.open_partition(0)).close()

    asyncio.run(test())
    assert told[-1] == (0, 51, 51)
