"""`monomi simulate` on the command line."""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import Any

import pytest
import typer
from typer.testing import CliRunner

from monomi.verbs.simulate import simulate
from schemas.errors import MonomiError
from schemas.topics import CONTEXT_TOPICS, EVENT_TOPICS
from tests.wards import digests


def command(*arguments: str) -> Any:
    """Run `monomi simulate`."""
    app = typer.Typer()
    app.command()(simulate)
    return CliRunner().invoke(app, arguments)


SIZE = ("--seed", "1", "--days", "14", "--operators", "10", "--residents", "600",
        "--lookups-per-day", "2")  # fmt: skip


def test_the_command_writes_the_contracts_files_and_counts_them(tmp_path: Path) -> None:
    """Files of the contract's names; the last line of `--json` counts their records."""
    result = command("--out", str(tmp_path / "ward"), *SIZE, "--json")
    assert result.exit_code == 0, result.output
    counts = json.loads(result.stdout.splitlines()[-1])
    expected = {"labels.jsonl"}
    expected |= {f"{topic.name}.jsonl.gz" for topic in EVENT_TOPICS}
    expected |= {f"context/{topic.name}.jsonl" for topic in CONTEXT_TOPICS}
    assert set(digests(tmp_path / "ward")) == expected
    with gzip.open(tmp_path / "ward" / "access.queries.jsonl.gz") as file:
        assert sum(1 for _ in file) == counts["events"]["access.queries"]
    labels = (tmp_path / "ward" / "labels.jsonl").read_text().splitlines()
    assert len(labels) == counts["labels"] == sum(k["cases"] for k in counts["kinds"].values())
    assert "left out" in result.stderr


def test_the_command_closes_with_a_summary(tmp_path: Path) -> None:
    """Without `--json` tables name the records and the kinds of misuse."""
    result = command("--out", str(tmp_path), *SIZE)
    assert result.exit_code == 0, result.output
    assert "access.queries" in result.stdout
    assert "shared_id" in result.stdout or "family" in result.stdout


@pytest.mark.parametrize(
    "wrong", [("--days", "0"), ("--operators", "3"), ("--start", "1800-01-01")]
)
def test_the_command_refuses_bad_sizes_as_bad_arguments(
    wrong: tuple[str, str], tmp_path: Path
) -> None:
    """They are faults of the command line: exit code 2."""
    assert command("--out", str(tmp_path), "--seed", "1", *wrong).exit_code == 2


def test_a_folder_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    """The error comes before any simulating, with its code."""
    (tmp_path / "file").touch()
    error = command("--out", str(tmp_path / "file" / "ward"), *SIZE).exception
    assert isinstance(error, MonomiError)
    assert error.code == "folder_not_writable"
