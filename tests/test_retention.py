"""Retention: what is too old goes, with all of its own, and says so in the audit log."""

from __future__ import annotations

import asyncio
import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError
from sqlalchemy import Table, func, select, update
from typer.testing import CliRunner

from alerting.audit.entry import Act, Verb
from alerting.audit.log import append
from alerting.audit.signing import make_keys
from alerting.audit.tables import ENTRIES
from alerting.policy import RetentionPolicy
from alerting.retention import Purged, Retention
from alerting.store import AlertStore, Arrival
from alerting.store.tables import ALERTS, EVIDENCE, HISTORY, OUTBOX, RECIPIENTS, REVISIONS
from monomi.cli import app
from schemas.alerts import Evidence
from tests.audit_logs import SIGNER
from tests.databases import NewStore
from tests.offices import MORNING, Scene, at_work
from tests.sample_alerts import alert

YEARS = timedelta(days=365.25)


async def rows(scene: Scene, table: Table) -> int:
    """Return how many rows a table has."""
    (found,) = await scene.office.store.database.read(select(func.count()).select_from(table))
    return int(found[0])


async def aged(scene: Scene, count: int, **by: Any) -> None:
    """Let alerts arrive, with evidence, and make the first `count` of three as old as said."""
    names = [f"a-{n}" for n in range(3)]
    evidence = [Evidence(alert_id=name, revision=1) for name in names]
    await scene.office.intake.take([Arrival(alert(name)) for name in names], evidence=evidence)
    await scene.office.intake.take([Arrival(alert("a-0", 2))])

    async def work(connection: Any) -> None:
        then = scene.clock() - timedelta(**by)
        for table, column in ((ALERTS, "changed_at"), (REVISIONS, "arrived_at")):
            old = update(table).where(table.c.alert_id.in_(names[:count]))
            await connection.execute(old.values({column: then}))
        old = update(OUTBOX).where(OUTBOX.c.lane.in_(names[:count]))
        await connection.execute(old.values(created_at=then))

    await scene.office.store.database.write(work)


def retention(scene: Scene, **options: Any) -> Retention:
    """Return the retention of a scene's store, by its clock."""
    policy = options.pop("policy", RetentionPolicy())
    return Retention(
        scene.office.store.database, policy, options.pop("signer", None), scene.clock, **options
    )


def test_an_old_alert_goes_with_all_of_its_own_and_the_rest_stays(new_store: NewStore) -> None:
    """Evidence, history, recipients, revisions and letters; the audit log says how many."""

    async def work(scene: Scene) -> None:
        await aged(scene, 2, days=7.1 * 365.25)
        before = [await rows(scene, table) for table in (EVIDENCE, HISTORY, RECIPIENTS)]
        assert before == [3, 3, 3]
        letters = await rows(scene, OUTBOX)
        due = await retention(scene).due()
        assert (due.alerts, due.evidence) == (2, 0)
        purged = await retention(scene).purge()
        assert (purged.alerts, purged.evidence, purged.letters) == (2, 0, due.letters)
        tables = (ALERTS, REVISIONS, EVIDENCE, HISTORY, RECIPIENTS)
        assert [await rows(scene, table) for table in tables] == [1, 1, 1, 1, 1]
        assert await rows(scene, OUTBOX) == letters - purged.letters
        entries = await scene.office.store.database.read(select(ENTRIES).order_by(ENTRIES.c.number))
        assert [(e.verb, e.target, json.loads(e.details)["purged"]) for e in entries] == [
            ("purge", "alerts", 2),
            ("purge", "outbox", purged.letters),
        ]
        assert await retention(scene).purge() == Purged(audit_kept=purged.audit_kept)

    at_work(new_store(), work)


def test_an_alert_that_changed_since_is_kept(new_store: NewStore) -> None:
    """Its time runs from its last change."""

    async def work(scene: Scene) -> None:
        await aged(scene, 3, days=7.1 * 365.25)
        version = await scene.version("a-1")
        await scene.office.life.acknowledge("a-1", "op-002", version)
        await retention(scene).purge()
        assert [s.alert.alert_id for s in await scene.office.store.newest(9)] == ["a-1"]

    at_work(new_store(), work)


def test_more_than_a_batch_goes_in_several_transactions(
    new_store: NewStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each has its own entry, so that one broken off is in the log too."""
    monkeypatch.setattr("alerting.retention._BATCH", 1)

    async def work(scene: Scene) -> None:
        await aged(scene, 3, days=8 * 365.25)
        purged = await retention(scene).purge()
        assert purged.alerts == 3
        assert await rows(scene, ENTRIES) == 3 + purged.letters

    at_work(new_store(), work)


def test_old_audit_entries_go_behind_a_signed_statement(new_store: NewStore) -> None:
    """Without the key they stay, and it is said why."""

    async def work(scene: Scene) -> None:
        await retention(scene).due()
        act = Act("op-1", "supervisor", "", Verb.VIEW, "alert:a-1")
        database = scene.office.store.database
        scene.clock.now = MORNING - 8 * YEARS
        await aged(scene, 1, days=8 * 365.25)
        await retention(scene).purge()
        await database.write(lambda c: append(c, act, MORNING - 7.5 * YEARS))
        await database.write(lambda c: append(c, act, MORNING - 1 * YEARS))
        scene.clock.now = MORNING
        before = await rows(scene, ENTRIES)
        kept = await retention(scene).purge()
        assert kept.audit_kept is not None
        assert await rows(scene, ENTRIES) >= before
        gone = await retention(scene, signer=SIGNER).purge()
        assert (gone.audit_entries, gone.audit_kept) == (before - 1, None)

    at_work(new_store(), work)


def test_the_audit_log_is_never_kept_shorter_than_the_alerts() -> None:
    """It says who looked at them."""
    with pytest.raises(ValidationError, match="audit_years must not be shorter"):
        RetentionPolicy(alerts_years=7, audit_years=5)


def test_the_verb_asks_for_one_of_its_options_and_says_what_it_did(tmp_path: Path) -> None:
    """A dry run deletes nothing."""
    location = str(tmp_path / "alerts.sqlite3")
    make_keys(tmp_path / "audit")
    environment = {"MONOMI_DATA_DIR": str(tmp_path)}

    async def fill() -> None:
        store = await AlertStore.open(location)
        await store.add([Arrival(alert())])
        old = MORNING - 8 * YEARS

        async def age(connection: Any) -> None:
            await connection.execute(update(ALERTS).values(changed_at=old))
            await connection.execute(update(REVISIONS).values(arrived_at=old))

        await store.database.write(age)
        await store.close()

    asyncio.run(fill())

    def run(*arguments: str) -> Any:
        return CliRunner().invoke(app, ["purge", "--store", location, *arguments], env=environment)

    assert run().exit_code == 2
    assert run("--yes", "--dry-run").exit_code == 2
    expected = {
        "alerts": 1,
        "evidence": 0,
        "letters": 0,
        "audit_entries": 0,
        "audit_kept": None,
    }
    for _ in range(2):
        assert json.loads(run("--dry-run", "--json").stdout) == {"dry_run": True, **expected}
    assert json.loads(run("--yes", "--json").stdout) == {"dry_run": False, **expected}
    assert run("--dry-run").stdout.startswith("due: 0 alerts")
