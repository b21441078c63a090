"""The embedded Kafka: it starts, it explains why it does not, and it never outlives its parent."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from kafka import KafkaAdminClient, KafkaConsumer, KafkaProducer

from schemas.errors import MonomiError
from streams import broker_folder
from streams.broker import Broker, pick_ports, start_broker
from streams.broker_folder import open_folder
from tests.processes import DEADLINE_S, answering, eventually, is_gone, program

MONOMI = [sys.executable, "-m", "monomi.cli"]


@pytest.fixture
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give brokers a temporary folder of the test's own, to see what they leave there."""
    folder = tmp_path / "temporary"
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    return folder


# --- errors of the command


@pytest.fixture
def taken_port() -> Iterator[int]:
    """Give a port on which somebody listens."""
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        yield other.getsockname()[1]


def explained(*arguments: str, **environment: str) -> str:
    """Run `monomi broker`, which must fail, and return the last line on standard error."""
    ended = subprocess.run(
        [*MONOMI, "broker", *arguments],
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        timeout=DEADLINE_S,
    )
    assert (ended.returncode, ended.stdout) == (1, "")
    assert "Traceback" not in ended.stderr
    return ended.stderr.splitlines()[-1]


def test_a_taken_port_is_explained(taken_port: int) -> None:
    """The sentence names the port."""
    line = explained("--port", str(taken_port))
    assert str(taken_port) in line
    assert line.endswith("[port_taken]")


def test_a_data_folder_that_cannot_be_made_is_explained(tmp_path: Path) -> None:
    """Below a regular file there is no folder, not even for root."""
    (tmp_path / "file").touch()
    line = explained("--data-dir", str(tmp_path / "file" / "data"))
    assert line.endswith("[folder_not_writable]")


def test_a_machine_without_a_network_is_explained(tmp_path: Path) -> None:
    """The first download through a proxy that is not there ends in one sentence."""
    line = explained(MONOMI_CACHE_DIR=str(tmp_path), https_proxy="http://127.0.0.1:9", no_proxy="")
    assert line.endswith("[download_failed]")


def test_a_chosen_java_that_does_not_run_is_explained() -> None:
    """MONOMI_JAVA holds or fails; nothing is taken in its place."""
    assert explained(MONOMI_JAVA="/nowhere/java").endswith("[java_missing]")


def test_a_data_folder_in_use_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two brokers never share a folder; when the first lets go, the second may have it."""
    monkeypatch.setattr(broker_folder, "HOLD_TIMEOUT_S", 0.0)
    first = open_folder(tmp_path / "data")
    with pytest.raises(MonomiError) as caught:
        open_folder(tmp_path / "data")
    assert caught.value.code == "folder_in_use"
    first.close(keep_log=False)
    open_folder(tmp_path / "data").close(keep_log=False)


def test_the_two_ports_differ() -> None:
    """A broker on a given port gets another one for its controller."""
    port, _ = pick_ports(None)
    given, controller = pick_ports(port)
    assert given == port
    assert controller != port


# --- a Kafka that does not start

FAKE_KAFKA = """
case "$*" in
  *-version*) {version} ;;
  *StorageTool*) mkdir kafka.unfinished && touch kafka.unfinished/meta.properties ;;
  *) echo x >> {starts}; {start} ;;
esac
"""


@pytest.fixture
def fake_kafka(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], Path]:
    """Have a shell script play Java with Kafka; return the file with a line for each start."""

    def play(start: str) -> Path:
        starts = tmp_path / "starts"
        script = FAKE_KAFKA.format(version=answering("17"), starts=starts, start=start)
        monkeypatch.setenv("MONOMI_JAVA", str(program(tmp_path / "java", script)))
        monkeypatch.setattr("streams.broker.kafka_jars", lambda _settings: [])
        return starts

    return play


def test_a_kafka_that_dies_at_its_start_leaves_its_log(
    fake_kafka: Callable[[str], Path], temporary: Path
) -> None:
    """The error has the telling line and the log's path; of the rest nothing stays."""
    starts = fake_kafka("echo 'ERROR out of luck'; echo bye; exit 1")
    with pytest.raises(MonomiError, match="out of luck") as caught:
        start_broker()
    (left,) = temporary.iterdir()
    assert caught.value.code == "broker_died"
    assert str(left / "broker.log") in caught.value.sentence
    assert not (left / "kafka").exists()
    assert starts.read_text() == "x\n"


def test_a_free_port_taken_meanwhile_is_replaced(
    fake_kafka: Callable[[str], Path], temporary: Path
) -> None:
    """A bind that fails on a port we chose ourselves is tried again with others."""
    bind = """[ "$(wc -l < {starts})" -gt 1 ] || { echo failed to bind to 127.0.0.1; exit 1; }"""
    starts = fake_kafka("true")
    fake_kafka(bind.replace("{starts}", str(starts)) + "; echo Kafka Server started; exec sleep 60")
    with start_broker() as broker:
        assert starts.read_text() == "x\nx\n"
    assert is_gone(broker.pid)
    assert list(temporary.iterdir()) == []


# --- the real Kafka


@pytest.mark.kafka
def test_records_come_back_in_their_order(kafka: Broker) -> None:
    """A producer, a consumer group and a 1.5 MiB record, which the broker compresses, agree."""
    topics = {"round-trip": {"num_partitions": 1, "configs": {"compression.type": "zstd"}}}
    values = [b"first", os.urandom(3 * 2**19), b"last"]
    with KafkaAdminClient(bootstrap_servers=kafka.bootstrap) as admin:
        admin.create_topics(topics, wait_for_metadata=True)
    with KafkaProducer(bootstrap_servers=kafka.bootstrap, max_request_size=2**23) as producer:
        for value in values:
            producer.send("round-trip", value, key=b"op-1")
        producer.flush()
    with KafkaConsumer(
        "round-trip",
        bootstrap_servers=kafka.bootstrap,
        group_id="readers",
        auto_offset_reset="earliest",
    ) as consumer:
        assert [next(consumer).value for _ in values] == values


@pytest.mark.kafka
def test_no_topic_appears_by_being_asked_for(kafka: Broker) -> None:
    """A misspelt topic is an error, not a new topic."""
    with KafkaAdminClient(bootstrap_servers=kafka.bootstrap) as admin:
        admin.describe_topics(["misspelt"])
        assert "misspelt" not in admin.list_topics()


@pytest.mark.kafka
def test_a_killed_parent_takes_kafka_with_it(tmp_path: Path) -> None:
    """After kill -9 of the process that started it, Java and the temporary data are gone."""
    start = (
        "import time; from streams.broker import start_broker; broker = start_broker();"
        "print(broker.pid, broker.log_path, flush=True); time.sleep(600)"
    )
    environment = {**os.environ, "TMPDIR": str(tmp_path)}
    with subprocess.Popen(
        [sys.executable, "-c", start], stdout=subprocess.PIPE, text=True, env=environment
    ) as parent:
        assert parent.stdout is not None
        try:
            pid, log_path = parent.stdout.readline().split()
            assert Path(log_path).exists()
            assert not is_gone(int(pid))
        finally:
            parent.kill()
    assert eventually(lambda: is_gone(int(pid)))
    assert eventually(lambda: list(tmp_path.iterdir()) == [])


@pytest.mark.kafka
def test_a_data_folder_keeps_its_cluster(tmp_path: Path) -> None:
    """`monomi broker` prints its address, ends with 0 on SIGTERM, and finds its topics again."""
    data_dir, port = tmp_path / "保存, 1", pick_ports(None)[0]
    command = [*MONOMI, "broker", "--json", "--port", str(port), "--data-dir", str(data_dir)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as broker:
        assert broker.stdout is not None
        try:
            ready = json.loads(broker.stdout.readline())
            assert ready["bootstrap"] == f"127.0.0.1:{port}"
            with KafkaAdminClient(bootstrap_servers=ready["bootstrap"]) as admin:
                admin.create_topics(["kept"], wait_for_metadata=True)
            cluster = (data_dir / "kafka" / "meta.properties").read_text()
        finally:
            broker.terminate()
    assert broker.returncode == 0
    assert is_gone(ready["pid"])
    with (
        start_broker(data_dir) as again,
        KafkaAdminClient(bootstrap_servers=again.bootstrap) as admin,
    ):
        assert "kept" in admin.list_topics()
        assert (data_dir / "kafka" / "meta.properties").read_text() == cluster
