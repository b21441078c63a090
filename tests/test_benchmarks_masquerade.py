"""The benchmark of masquerades: logs as described, honest figures, a command that writes them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from benchmarks.__main__ import app
from benchmarks.masquerade.figures import figures_of
from benchmarks.masquerade.log import BLOCK, Line, Size, make_log
from benchmarks.masquerade.people import Nature
from benchmarks.masquerade.references import reference_scores
from benchmarks.masquerade.replayed import Timing, block_scores, events_of

SIZE = Size(operators=8, strangers=4, clean_blocks=15, blocks=45)
MINUTE = Timing(60.0)


@pytest.fixture(scope="module")
def lines() -> list[Line]:
    return make_log(1, SIZE, Nature())


def masked_of(lines: list[Line]) -> list[bool]:
    return [block for line in lines for block in line.masked[SIZE.clean_blocks :]]


def test_the_first_blocks_are_clean_and_the_same_seed_makes_the_same_log(
    lines: list[Line],
) -> None:
    assert not any(any(line.masked[: SIZE.clean_blocks]) for line in lines)
    assert any(masked_of(lines))
    assert all(len(line.commands) == SIZE.blocks * BLOCK for line in lines)
    assert make_log(1, SIZE, Nature()) == lines
    assert make_log(2, SIZE, Nature()) != lines


@pytest.mark.parametrize("in_turn", [False, True])
def test_events_come_in_order_and_none_is_left_out(lines: list[Line], in_turn: bool) -> None:
    events = [event for _, event in events_of(lines, Timing(60.0, in_turn))]
    assert [e.at_s for e in events] == sorted(e.at_s for e in events)
    assert len({e.event_id for e in events}) == SIZE.operators * SIZE.blocks * BLOCK


def test_figures_count_ties_as_half_and_one_percent_of_own_blocks() -> None:
    assert figures_of([1.0, 1.0], [True, False]) == (0.5, 0.0)
    assert figures_of([1.0, 0.0], [True, False]) == (1.0, 1.0)
    assert figures_of([1.0, 0.0], [False, True]) == (0.0, 0.0)
    own = [float(n) for n in range(200)]  # two of them may be false alarms
    assert figures_of([*own, 197.5, 196.5], [False] * 200 + [True, True]).found == 0.5


def test_other_hands_are_told_by_the_ratio_and_without_its_knowledge_by_monomi(
    lines: list[Line],
) -> None:
    masked = masked_of(lines)
    ratio = figures_of(reference_scores(lines, SIZE, gated=True), masked)
    monomi = figures_of(block_scores(lines, SIZE, MINUTE), masked)
    assert ratio.auc > 0.9
    assert monomi.auc > 0.9
    assert monomi.found > 0.4


def test_the_command_writes_its_figures(tmp_path: Path) -> None:
    path = tmp_path / "new" / "figures.json"
    size = ["--operators", "3", "--blocks", "9"]
    asked = ["masquerade", "--seeds", "1", "--timing", "ten_seconds", *size, "--json", str(path)]
    assert CliRunner().invoke(app, asked).exit_code == 0
    runs = json.loads(path.read_text())["runs"]
    assert [run["method"] for run in runs] == [
        "ratio, gated",
        "ratio, ungated",
        "monomi, ten_seconds",
    ]
    wrong = CliRunner().invoke(app, ["masquerade", "--timing", "never"])
    assert wrong.exit_code == 1
