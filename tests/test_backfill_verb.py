"""Years of logs into state: applied as live, told apart as history, resumed where broken off."""

from __future__ import annotations

import json
import uuid
from collections import Counter
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner, Result

from monomi.verbs.backfill import backfill as backfill_verb
from schemas.errors import MonomiError
from simulation import WardPlan, simulate_ward, write_ward
from streams import producer
from streams.backfill import Bookmark
from streams.broker import Broker
from streams.outgoing import BACKFILLED, find_sources
from streams.producer import produce
from tests.beside_replay import applied_look_ups, replayed
from tests.feeds import ready
from tests.processes import eventually
from tests.workers import WorkerProcess, records_of

PARTITIONS = 2


@pytest.fixture(scope="module")
def logs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder of a fortnight's logs and their context."""
    folder = tmp_path_factory.mktemp("logs")
    plan = WardPlan(5, days=14, operators=14, residents=1000, lookups_per_day=20, untidy=False)
    write_ward(simulate_ward(plan), folder)
    return folder


@pytest.fixture
def prefix(kafka: Broker, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """Return the prefix of a deployment of this test's own, which the verb's settings name."""
    prefix = f"t{uuid.uuid4().hex[:8]}."
    monkeypatch.setenv("MONOMI_BOOTSTRAP", kafka.bootstrap)
    monkeypatch.setenv("MONOMI_TOPIC_PREFIX", prefix)
    monkeypatch.setenv("MONOMI_PARTITIONS", str(PARTITIONS))
    monkeypatch.setenv("MONOMI_DATA_DIR", str(tmp_path / "bookmarks"))
    return prefix


def run(folder: Path, *options: str) -> Result:
    app = typer.Typer()
    app.command()(backfill_verb)
    return CliRunner().invoke(app, [str(folder), "--no-progress", "--json", *options])


def told(result: Result) -> dict[str, object]:
    assert result.exit_code == 0, (result.stderr, result.exception)
    found: dict[str, object] = json.loads(result.stdout.splitlines()[-1])
    return found


def sent_ids(bootstrap: str, prefix: str) -> Counter[str]:
    rows = records_of(bootstrap, f"{prefix}access.queries")
    return Counter(json.loads(row.value)["event_id"] for row in rows)


@pytest.mark.kafka
def test_logs_become_state_and_their_alerts_are_marked_as_history(
    kafka: Broker, prefix: str, logs: Path, tmp_path: Path
) -> None:
    """As replay counts them; the command ends when all is applied, and again finds nothing left."""
    ready(kafka, prefix, PARTITIONS)
    with WorkerProcess(kafka.bootstrap, prefix, tmp_path, PARTITIONS):
        found = told(run(logs))
        assert found["applied"] is True
        expected = replayed([logs / "access.queries.jsonl.gz"], logs / "context")
        counted = applied_look_ups(kafka.bootstrap, prefix)
        assert {o: n for o, n in counted.items() if n} == dict(expected.look_ups)
        again = told(run(logs))
        assert again["records"] == {}
        assert again["sent_before"] > 0  # type: ignore[operator]
    alerts = list(records_of(kafka.bootstrap, f"{prefix}alerts"))
    assert alerts
    assert all(dict(alert.headers)["historic"] == b"1" for alert in alerts)


@pytest.mark.kafka
def test_live_look_ups_raise_no_historic_alerts_however_old_a_simulation_is(
    kafka: Broker, prefix: str, logs: Path, tmp_path: Path
) -> None:
    """A compressed simulation is of years ago as well, and its alerts are delivered."""
    ready(kafka, prefix, PARTITIONS)
    produce(find_sources([logs]), kafka.bootstrap, prefix)
    with WorkerProcess(kafka.bootstrap, prefix, tmp_path, PARTITIONS):

        def alerts() -> list[dict[str, bytes]]:
            return [dict(row.headers) for row in records_of(kafka.bootstrap, f"{prefix}alerts")]

        assert eventually(lambda: bool(alerts()), timeout_s=90)
        assert all("historic" not in headers for headers in alerts())


@pytest.mark.kafka
def test_a_backfill_goes_on_where_it_was_broken_off(
    kafka: Broker, prefix: str, logs: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Broken off amid the files, just after a bookmark: each look-up is sent once in all."""
    ready(kafka, prefix, PARTITIONS)
    monkeypatch.setattr(producer, "_KEPT_EVERY", 500)
    keep, kept = Bookmark.keep, []

    def keep_and_break(bookmark: Bookmark, reached: dict[str, int]) -> None:
        keep(bookmark, reached)
        kept.append(dict(reached))
        if str(logs / "access.queries.jsonl.gz") in reached:
            raise MonomiError("broker_lost", "gone, for this test")

    monkeypatch.setattr(Bookmark, "keep", keep_and_break)
    broken = run(logs, "--no-wait")
    assert isinstance(broken.exception, MonomiError)
    monkeypatch.setattr(Bookmark, "keep", keep)
    first = sent_ids(kafka.bootstrap, prefix)
    found = told(run(logs, "--no-wait"))
    assert found["sent_before"] == sum(kept[-1].values()) > 0
    both = sent_ids(kafka.bootstrap, prefix)
    assert 0 < len(first) < len(both)
    assert set(both.values()) == {1}
    assert found["applied"] is False


@pytest.mark.kafka
def test_logs_from_before_the_state_are_refused_in_words(
    kafka: Broker, prefix: str, logs: Path, tmp_path: Path
) -> None:
    """Over seven days behind they would change nothing: said before anything is sent."""
    ready(kafka, prefix, PARTITIONS)
    late = tmp_path / "late"
    write_ward(simulate_ward(WardPlan(6, days=28, operators=10, residents=600)), late)
    with WorkerProcess(kafka.bootstrap, prefix, tmp_path, PARTITIONS):
        assert told(run(late))["applied"] is True
    before = sent_ids(kafka.bootstrap, prefix)
    refused = run(logs)
    assert isinstance(refused.exception, MonomiError)
    assert refused.exception.code == "state_is_past"
    assert sent_ids(kafka.bootstrap, prefix) == before
    assert BACKFILLED in {
        n for r in records_of(kafka.bootstrap, f"{prefix}access.queries") for n, _ in r.headers
    }
