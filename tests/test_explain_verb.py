"""`monomi explain`: what it says is what replay decided, in words and as an object."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any, NamedTuple

import pytest
import typer
from typer.testing import CliRunner

from models.detectors import DETECTOR
from models.joint import EVIDENCE_ABOVE_NATS
from models.recordings import EventFiles, load_context
from models.replay import Replay
from models.weights import builtin_weights
from monomi.verbs.explain import explain
from schemas.alerts import Alert
from schemas.errors import MonomiError
from schemas.files import ScoreLine
from simulation import Ward, WardPlan, simulate_ward, write_ward
from tests.lookouts import CALENDAR, EAGER
from tests.wards import Coverage, Row

Explain = Callable[..., Any]


class Replayed(NamedTuple):
    """Hold a ward, where it lies, and what replay made of it."""

    ward: Ward
    folder: Path
    alerts: list[Alert]
    scores: dict[str, ScoreLine]


@pytest.fixture(scope="module")
def replayed(tmp_path_factory: pytest.TempPathFactory) -> Replayed:
    """Return a simulated fortnight with replay's alerts and scores under an eager policy."""
    folder = tmp_path_factory.mktemp("explained")
    ward = simulate_ward(WardPlan(3, days=14, operators=12, residents=800, untidy=False))
    write_ward(ward, folder)
    (folder / "policy.toml").write_text(
        f"warm_up_days = {EAGER.warm_up_days}\nfirst_risk = {EAGER.first_risk}\n"
        f"lowest_risk = {EAGER.lowest_risk}\n"
    )
    alerts: list[Alert] = []
    scores: list[ScoreLine] = []
    known = load_context(folder / "context", lambda fault: pytest.fail(str(fault)))
    run = Replay(known, EAGER, CALENDAR, alerts.append, scores.append)
    run.run(EventFiles(event_files(folder), lambda fault: pytest.fail(str(fault))))
    return Replayed(ward, folder, alerts, {line.event_id: line for line in scores})


def event_files(folder: Path) -> list[Path]:
    """Return a ward's event files."""
    return sorted(folder.glob("*.jsonl.gz"))


def command(replayed: Replayed, event_id: str, *options: str, files: list[Path]) -> Any:
    """Run `monomi explain`."""
    app = typer.Typer()
    app.command()(explain)
    where = ["--context", str(replayed.folder / "context")]
    where += ["--policy", str(replayed.folder / "policy.toml")]
    return CliRunner().invoke(app, ["--event", event_id, *map(str, files), *where, *options])


@pytest.fixture(scope="module")
def told(replayed: Replayed) -> Explain:
    """Return what the verb prints as JSON for an event."""

    def run(event_id: str, files: list[Path] | None = None) -> Any:
        files = event_files(replayed.folder) if files is None else files
        result = command(replayed, event_id, "--json", files=files)
        assert result.exit_code == 0, result.output
        return json.loads(result.stdout.splitlines()[-1])

    return run


def opening(replayed: Replayed) -> Alert:
    """Return the first alert that a look-up raised as it arrived."""
    return next(
        alert
        for alert in replayed.alerts
        if alert.revision == 1 and alert.opened_at == alert.first_event_at
    )


def explained_later(ward: Ward) -> Row:
    """Return a look-up whose case was opened within the hour after it."""
    coverage = Coverage(ward)
    return next(
        row
        for row in ward.events["access.queries"]
        if row["resident_id"]
        and not coverage.covers(row)
        and coverage.covers(row, timedelta(minutes=30))
    )


def test_a_look_up_that_alerted_is_told_with_its_alert(replayed: Replayed, told: Explain) -> None:
    """The alert, its revision, and the risk and scores that replay gave."""
    alert = opening(replayed)
    arrival = told(alert.event_ids[0])["judged"][0]
    assert arrival["moment"] == "arrival"
    assert arrival["decision"]["code"] == "opened"
    assert (arrival["decision"]["alert_id"], arrival["decision"]["revision"]) == (alert.alert_id, 1)
    assert alert.alert_id in arrival["decision"]["because"]["en"]
    assert (arrival["risk"], arrival["severity"]) == (alert.risk, alert.severity)
    line = replayed.scores[alert.event_ids[0]]
    assert {
        row["detector"]: row["score"]
        for row in arrival["detectors"]
        if row["state"] in ("seen", "nothing", "warming_up")
    } == line.scores
    reasons = {reason.detector: reason.summary.ja for reason in alert.reasons}
    seen = {row["detector"]: row["summary"]["ja"] for row in arrival["detectors"]}
    assert reasons.items() <= seen.items()


def test_every_detector_is_told_whatever_it_sees(replayed: Replayed, told: Explain) -> None:
    """All of them, in both languages, also the ones that see nothing."""
    for judged in told(opening(replayed).event_ids[0])["judged"]:
        if "detectors" in judged:
            assert [row["detector"] for row in judged["detectors"]] == list(DETECTOR)
            assert all(row["summary"]["en"] and row["summary"]["ja"] for row in judged["detectors"])


def test_what_was_found_and_what_speaks_for_the_operator_are_told_apart(
    replayed: Replayed, told: Explain
) -> None:
    """The detectors' nats add up to what was found; relief lowers what it all comes to."""
    weights = builtin_weights()
    for judged in told(opening(replayed).event_ids[0])["judged"]:
        evidence, rows = judged["evidence"], judged["detectors"]
        assert evidence["for"] == pytest.approx(sum(row["nats"] or 0.0 for row in rows))
        begins = EVIDENCE_ABOVE_NATS + weights.base + weights.open
        assert evidence["begins"] == pytest.approx(begins)
        joint = max(0.0, begins + evidence["for"] - evidence["relief"] + evidence["together"])
        assert evidence["joint"] == pytest.approx(joint)
        words = judged["in_words"][0]
        assert f"{evidence['for']:.2f}" in words["en"]
        assert f"{evidence['for']:.2f}" in words["ja"]


def test_a_quiet_look_up_is_told_what_it_would_need(replayed: Replayed, told: Explain) -> None:
    """Its risk and the lowest that alerts."""
    lines = [line for line in replayed.scores.values() if line.readiness == "ready"]
    line = min(lines, key=lambda line: line.risk)
    arrival = told(line.event_id)["judged"][0]
    assert arrival["decision"]["code"] == "below_lowest"
    assert arrival["risk"] == line.risk
    assert "needs 0.95" in arrival["decision"]["because"]["en"]
    assert arrival["decision"]["alert_id"] is None


def test_warming_up_says_until_when(replayed: Replayed, told: Explain) -> None:
    """A risky look-up of the first days is told when warm-up ends."""
    ready = [
        line
        for line in replayed.scores.values()
        if line.readiness == "ready" and line.risk >= EAGER.lowest_risk
    ]
    arrival = told(ready[0].event_id)["judged"][0]
    assert arrival["decision"]["code"] == "warming_up"
    assert arrival["warm_up_until"][:10] in arrival["decision"]["because"]["en"]


def test_a_case_before_the_clock_ended_is_named(replayed: Replayed, told: Explain) -> None:
    """Judged again at the end of the clock, and explained."""
    row = explained_later(replayed.ward)
    judged = told(row["event_id"])["judged"]
    assert judged[-1]["moment"] == "clock"
    assert judged[-1]["decision"]["code"] == "explained"
    case = judged[-1]["case"]
    assert case["opened_at"] > row["occurred_at"]
    assert case["case_id"] in judged[-1]["decision"]["because"]["ja"]


def test_files_that_end_before_the_clock_say_so(
    replayed: Replayed, told: Explain, tmp_path: Path
) -> None:
    """What is still to come is told with its time."""
    row = explained_later(replayed.ward)
    lines = gzip.decompress((replayed.folder / "access.queries.jsonl.gz").read_bytes()).split(b"\n")
    number = next(n for n, line in enumerate(lines) if row["event_id"].encode() in line)
    cut = tmp_path / "cut.jsonl"
    cut.write_bytes(b"\n".join(lines[: number + 1]))
    result = told(row["event_id"], [cut])
    assert [judged["moment"] for judged in result["judged"]] == ["arrival"]
    assert result["still_to_come"]["clock"] > row["occurred_at"]
    shown = command(replayed, row["event_id"], files=[cut])
    assert "The files end before its clock ends" in shown.stdout


def test_reading_stops_where_all_is_told(replayed: Replayed, tmp_path: Path) -> None:
    """A malformed line behind the end of the clock is never reached."""
    rows = gzip.decompress((replayed.folder / "access.queries.jsonl.gz").read_bytes())
    broken = tmp_path / "broken.jsonl"
    broken.write_bytes(rows + b"{\n")
    first = json.loads(rows.split(b"\n", 1)[0])["event_id"]
    last = json.loads(rows.rstrip().rsplit(b"\n", 1)[-1])["event_id"]
    assert "not_json" not in command(replayed, first, files=[broken]).stderr
    assert "not_json" in command(replayed, last, files=[broken]).stderr


def test_tables_speak_the_language_asked_for(replayed: Replayed) -> None:
    """English, Japanese, or both."""
    event_id, files = opening(replayed).event_ids[0], event_files(replayed.folder)
    both = command(replayed, event_id, files=files).stdout
    en = command(replayed, event_id, "--lang", "en", files=files).stdout
    ja = command(replayed, event_id, "--lang", "ja", files=files).stdout
    assert all(name in text for name in DETECTOR for text in (both, en, ja))
    assert ["Opened alert" in text for text in (both, en, ja)] == [True, True, False]
    assert ["作成しました" in text for text in (both, en, ja)] == [True, False, True]


def test_a_context_that_is_not_fed_switches_off_with_its_name(
    replayed: Replayed, tmp_path: Path
) -> None:
    """And a detector that the policy switches off says so too."""
    (tmp_path / "context").mkdir()
    bare = replayed._replace(folder=tmp_path)
    (tmp_path / "policy.toml").write_text('switched_off = ["lookup_frequency"]\n')
    event_id = next(iter(replayed.scores))
    result = command(bare, event_id, "--json", files=event_files(replayed.folder))
    rows = json.loads(result.stdout)["judged"][0]["detectors"]
    states = {row["detector"]: (row["state"], row["summary"]["en"]) for row in rows}
    assert states["lookup_frequency"] == ("switched_off", "Switched off by the policy.")
    assert states["off_hours"][0] == "not_fed"
    assert "directory.sections" in states["off_hours"][1]
    assert states["behaviour"][0] == "warming_up"


def test_an_unknown_event_is_one_sentence(replayed: Replayed) -> None:
    """An id that no file holds, and one that is no look-up's."""
    files = event_files(replayed.folder)
    sign_in = replayed.ward.events["presence.signins"][0]["event_id"]
    for event_id in ("e-none", sign_in):
        error = command(replayed, event_id, files=files).exception
        assert isinstance(error, MonomiError)
        assert error.code == "event_unknown"
        assert event_id in str(error)
