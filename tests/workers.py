"""Real workers as processes, and what they left in Kafka."""

from __future__ import annotations

import os
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Self

from kafka import KafkaConsumer, TopicPartition

from tests.processes import eventually, free_port

EAGER_TOML = "warm_up_days = 2\nfirst_risk = 0.97\nlowest_risk = 0.95\n"
"""The policy of tests.lookouts.EAGER, as a file."""


class WorkerProcess:
    """Run `monomi worker` on a deployment of its own: a topic prefix and a data folder."""

    def __init__(
        self,
        bootstrap: str,
        prefix: str,
        folder: Path,
        partitions: int = 4,
        *,
        policy_toml: str = EAGER_TOML,
        **settings: str,
    ) -> None:
        self.bootstrap, self.prefix = bootstrap, prefix
        self.metrics_port = free_port()
        policy = folder / "policy.toml"
        policy.write_text(policy_toml)
        self._log = (folder / "worker.log").open("ab")
        self.log_path = folder / "worker.log"
        environment = {
            **os.environ,
            "MONOMI_BOOTSTRAP": bootstrap,
            "MONOMI_TOPIC_PREFIX": prefix,
            "MONOMI_DATA_DIR": str(folder / "data"),
            "MONOMI_POLICY": str(policy),
            "MONOMI_PARTITIONS": str(partitions),
            "MONOMI_METRICS_PORT": str(self.metrics_port),
            **settings,
        }
        command = [sys.executable, "-m", "monomi.cli", "worker", "--verbose"]
        self.process = subprocess.Popen(
            command, env=environment, stdout=self._log, stderr=subprocess.STDOUT
        )

    def metric(self, name: str) -> float:
        """Return a metric summed over its labels; 0 before the worker serves any."""
        try:
            url = f"http://127.0.0.1:{self.metrics_port}/metrics"
            with urllib.request.urlopen(url, timeout=5) as answer:
                lines = answer.read().decode().splitlines()
        except OSError:
            return 0.0
        rows = (line.rsplit(" ", 1) for line in lines if not line.startswith("#"))
        return sum(float(value) for label, value in rows if label.split("{")[0] == name)

    def wait_until_ready(self) -> None:
        """Wait until its partitions are open."""
        assert eventually(lambda: self.metric("monomi_partitions_open") > 0, timeout_s=60), (
            self.log_path.read_text()
        )

    def wait_until_applied(self, records: int) -> None:
        """Wait until it has applied at least so many records."""
        assert eventually(
            lambda: (
                self.metric("monomi_records_total") >= records
                and self.metric("monomi_held_records") == 0
            ),
            timeout_s=150,
        ), self.log_path.read_text()

    def last_lines(self, count: int) -> str:
        """Return the end of its log."""
        return "\n".join(self.log_path.read_text(errors="replace").splitlines()[-count:])

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self.kill()

    def kill(self) -> None:
        """Kill it as a power cut would; a dead one stays dead."""
        self.process.kill()
        self.process.wait(10)
        self._log.close()

    def stop(self) -> int:
        """Stop it as an operator would, and return its exit code."""
        if self.process.poll() is None:
            self.process.terminate()
        code = self.process.wait(20)
        self._log.close()
        return code


def records_of(bootstrap: str, topic: str) -> Iterator[Any]:
    """Yield all records that stand in a topic, partition by partition."""
    consumer = KafkaConsumer(bootstrap_servers=bootstrap, enable_auto_commit=False)
    try:
        partitions = [TopicPartition(topic, p) for p in consumer.partitions_for_topic(topic) or ()]
        consumer.assign(partitions)
        ends = consumer.end_offsets(partitions)
        consumer.seek_to_beginning(*partitions)
        while any(consumer.position(tp) < ends[tp] for tp in partitions):
            for records in consumer.poll(timeout_ms=500).values():
                yield from records
    finally:
        consumer.close()
