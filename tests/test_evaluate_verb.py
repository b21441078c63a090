"""The verb that measures alerts: the contract's object, tables for people, bad arguments."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from monomi.verbs.evaluate import evaluate as evaluate_verb
from tests.test_evaluation import alert, case


def run_verb(tmp_path: Path, *arguments: str) -> tuple[int, str, str]:
    """Run the verb over one alert and one case; return exit code, output and errors."""
    events = tmp_path / "alerts.jsonl.gz"
    line = alert("a1", "2014-10-22 12:00", events=("e1",)).to_json(exclude_none=False)
    events.write_bytes(gzip.compress(line + b"\n"))
    labels = tmp_path / "labels.jsonl"
    labels.write_bytes(case().to_json() + b"\n")
    app = typer.Typer()
    app.command()(evaluate_verb)
    result = CliRunner().invoke(app, ["--alerts", str(events), "--labels", str(labels), *arguments])
    return result.exit_code, result.stdout, result.stderr


def test_the_verb_ends_with_the_contracts_object(tmp_path: Path) -> None:
    """`--json`: exactly the contract's fields, budgets as they were given."""
    code, output, _ = run_verb(tmp_path, "--json", "--budget", "2", "--budget", "0.2")
    assert code == 0
    one = {
        "recall": 1.0,
        "precision": 1.0,
        "alerts": 1,
        "median_days_to_find": pytest.approx(2 + 2 / 24),
        "kinds": {"founding": [1, 1]},
    }
    assert json.loads(output.splitlines()[-1]) == {
        "emitted": 1.0,
        "budgets": {"0.2": one, "2": one},
    }


def test_the_verb_prints_tables_for_people(tmp_path: Path) -> None:
    """Every default budget and every kind has its row."""
    code, output, _ = run_verb(tmp_path)
    assert code == 0
    for words in ("1 a week", "5 a day", "founding", "1 of 1", "2.1", "1.00 alerts"):
        assert words in output


def test_the_verb_refuses_a_fractional_budget_as_a_bad_argument(tmp_path: Path) -> None:
    """Exit 2, and the reason."""
    code, _, errors = run_verb(tmp_path, "--budget", "0.5")
    assert code == 2
    assert "0.5 is no budget" in errors
