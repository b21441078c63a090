"""The verb that sends files: its arguments, its words, and how it ends."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from monomi.verbs.produce import produce as produce_verb
from streams.broker import Broker, start_broker
from tests.feeds import event, file_of, read_back, ready
from tests.processes import eventually

PROGRAM = """
import sys, typer
from monomi.verbs.produce import produce
from schemas.errors import MonomiError
app = typer.Typer()
app.command()(produce)
try:
    app()
except MonomiError as error:
    sys.exit(f"monomi: {error}")
"""


@pytest.mark.kafka
def test_the_verb_makes_the_topics_and_ends_with_a_count(
    kafka: Broker, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On an empty Kafka: context and events, by settings from the environment."""
    monkeypatch.setenv("MONOMI_BOOTSTRAP", kafka.bootstrap)
    monkeypatch.setenv("MONOMI_TOPIC_PREFIX", "tp-verb.")
    monkeypatch.setenv("MONOMI_PARTITIONS", "2")
    file_of(tmp_path, "access.queries.jsonl", event(0), event(3600), b"{")
    app = typer.Typer()
    app.command()(produce_verb)
    arguments = [str(tmp_path), "--speed", "1000000", "--progress"]
    result = CliRunner().invoke(app, [*arguments, "--json"])
    assert result.exit_code == 0, result.stderr
    found = json.loads(result.stdout.splitlines()[-1])
    assert found.pop("seconds") > 0
    assert found.pop("records_per_s") > 0
    assert found == {"records": {"access.queries": 3}, "keyless": 1, "too_long": 0}
    assert {r.partition for r in read_back(kafka, "tp-verb.access.queries")} <= {0, 1}
    words = CliRunner().invoke(app, arguments).stdout
    assert "3 records in" in words
    assert "1 of them had no JSON or no key" in words


@pytest.mark.parametrize(
    "arguments",
    [["--speed", "0"], ["--speed", "nan"], ["--speed", "2", "--as-fast-as-possible"], []],
)
def test_bad_arguments_are_exit_2(arguments: list[str], tmp_path: Path) -> None:
    """No speed, two speeds, or a file that is named for no topic."""
    path = file_of(tmp_path, "october.jsonl" if not arguments else "access.queries.jsonl")
    app = typer.Typer()
    app.command()(produce_verb)
    assert CliRunner().invoke(app, [str(path), *arguments]).exit_code == 2


@contextmanager
def running(
    path: Path, bootstrap: str, prefix: str, *arguments: str
) -> Iterator[subprocess.Popen[str]]:
    """Run the verb as a process of its own, which does not outlive the test."""
    environment = os.environ | {"MONOMI_BOOTSTRAP": bootstrap, "MONOMI_TOPIC_PREFIX": prefix}
    with subprocess.Popen(
        [sys.executable, "-c", PROGRAM, str(path), *arguments],
        env=environment,
        cwd=Path(__file__).parent.parent,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        try:
            yield process
        finally:
            process.kill()


@pytest.mark.kafka
def test_ctrl_c_says_where_it_stopped_and_loses_nothing(kafka: Broker, tmp_path: Path) -> None:
    """What was sent before is in Kafka; one sentence; exit 1."""
    prefix = ready(kafka, "tp-stop.")
    path = file_of(tmp_path, "access.queries.jsonl", event(0), event(1800))
    with running(path, kafka.bootstrap, prefix) as process:
        assert eventually(lambda: len(read_back(kafka, f"{prefix}access.queries")) == 1)
        process.send_signal(signal.SIGINT)
        output, errors = process.communicate(timeout=30)
    assert process.returncode == 1
    assert "1 records in" in output
    assert errors == (
        f"monomi: stopped in {path} after line 1; Kafka has all that was sent [stopped]\n"
    )


@pytest.mark.kafka
def test_a_kafka_that_goes_away_is_one_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Once the records that wait have waited too long."""
    monkeypatch.setenv("MONOMI_DELIVERY_TIMEOUT_S", "2")
    path = file_of(tmp_path, "access.queries.jsonl", *(event(n) for n in range(3600)))
    with (
        start_broker() as broker,
        running(path, broker.bootstrap, ready(broker, "gone."), "--speed", "60") as process,
    ):
        assert eventually(lambda: len(read_back(broker, "gone.access.queries")) > 0)
        broker.stop()
        output, errors = process.communicate(timeout=60)
    assert process.returncode == 1
    assert output == ""
    assert errors.startswith("monomi: Kafka at 127.0.0.1:")
    assert errors.count("\n") == 1
    assert "does not take records any more" in errors
