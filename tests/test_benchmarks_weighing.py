"""The benchmark `weigh`: what a ward teaches, and the weights that come of several."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import msgspec
import numpy as np
import pytest
from typer.testing import CliRunner, Result

from benchmarks.__main__ import app
from benchmarks.detection.wards import HELD_OUT, TAUGHT, AskedWard, Size, ward_folder
from benchmarks.weighing.lessons import lesson_of
from models.detectors import DETECTORS
from models.training import Lesson
from models.weights import Weights
from schemas.files import Label
from schemas.lines import read_records

TINY = Size(64, 16, 1200)
OWN = AskedWard("own", 101, TINY)
COLUMN = {detector.name: place for place, detector in enumerate(DETECTORS)}


@pytest.fixture(scope="module")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return where the wards of these tests are kept."""
    return tmp_path_factory.mktemp("wards")


@pytest.fixture(scope="module")
def lesson(cache: Path) -> Lesson:
    """Return what a tiny ward of the product's simulator teaches."""
    return lesson_of(cache, OWN)


def run(cache: Path, out: Path, *options: str) -> Result:
    """Run `benchmarks weigh` on one tiny ward of each making."""
    days, operators, residents = map(str, TINY)
    size = ["--days", days, "--operators", operators, "--residents", residents]
    where = ["--cache", str(cache), "--out", str(out), "--seeds", "1", "--jobs", "1"]
    return CliRunner().invoke(app, ["weigh", *size, *where, *options])


def test_a_lesson_has_a_row_for_each_judgement_and_a_column_for_each_detector(
    lesson: Lesson,
) -> None:
    """Numbers that can be reckoned with, and some of every kind."""
    rows = len(lesson.case)
    assert lesson.evidence.shape == (rows, len(DETECTORS))
    assert len(lesson.relief) == len(lesson.open) == rows > 1000
    assert np.isfinite(lesson.evidence).all()
    assert (lesson.evidence >= 0.0).all()
    assert (lesson.evidence.max(axis=0) > 0.0).sum() > len(DETECTORS) / 2


def test_a_lesson_says_whose_case_a_judgement_is_of(cache: Path, lesson: Lesson) -> None:
    """By the ward's labels; honest work is of none, and is most of all."""
    labels = list(read_records(ward_folder(cache, OWN) / "labels.jsonl", Label))
    cases = set(lesson.case.tolist()) - {-1}
    assert cases
    assert cases <= set(range(len(labels)))
    assert (lesson.case < 0).mean() > 0.9
    for place in cases:
        # On arrival, when its sign-in had time to come, and when its clock ended.
        assert (lesson.case == place).sum() <= 3 * len(labels[place].event_ids)


def test_what_needs_a_look_up_without_a_case_is_nothing_where_one_explains_it(
    lesson: Lesson,
) -> None:
    """As the scorer joins it: relief and these detectors speak of open look-ups alone."""
    assert lesson.open.any()
    assert not lesson.open.all()
    covered = ~lesson.open
    assert (lesson.relief[covered] == 0.0).all()
    assert (lesson.relief[lesson.open] != 0.0).any()
    for name in ("unexplained", "repeat_access", "target_skew"):
        assert (lesson.evidence[covered, COLUMN[name]] == 0.0).all()


def test_a_ward_that_is_kept_teaches_the_same_again(cache: Path, lesson: Lesson) -> None:
    """To the byte: weights can be made again."""
    again = lesson_of(cache, OWN)
    assert all(a.tobytes() == b.tobytes() for a, b in zip(lesson, again, strict=True))


def test_weights_are_learned_on_the_makings_that_are_not_left_out(
    cache: Path, tmp_path: Path
) -> None:
    """Written as the product reads them, under the names of what taught them."""
    out = tmp_path / "new" / "weights.json"
    result = run(cache, out, "--without", "own")
    assert result.exit_code == 0, result.output
    weights = msgspec.json.decode(out.read_bytes(), type=Weights)
    taught = weights.learned_on.split(";")[0].split(", ")
    assert taught == [making for making in TAUGHT if making != "own"]
    assert [f"{making} 101: " in result.stderr for making in TAUGHT] == [False, True, True, True]
    assert list(weights.curves) == list(COLUMN)
    for curve in weights.curves.values():
        assert all(low < high for low, high in pairwise(curve.values))
    assert weights.relief.nats(0.0) == 0.0


@pytest.mark.parametrize("making", [*HELD_OUT, "nowhere"])
def test_what_is_never_learned_from_cannot_be_left_out(
    cache: Path, tmp_path: Path, making: str
) -> None:
    """The sentence names the makings there are; nothing is written."""
    result = run(cache, tmp_path / "weights.json", "--without", making)
    assert result.exit_code == 2
    assert all(name in result.output for name in TAUGHT)
    assert not list(tmp_path.iterdir())
