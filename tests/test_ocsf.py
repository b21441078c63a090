"""The export for a SIEM: OCSF 1.4 Detection Findings, whole, with ids or pseudonyms, and logged."""

from __future__ import annotations

import asyncio
import json
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select
from typer.testing import CliRunner, Result

from alerting.audit.tables import ENTRIES
from alerting.ocsf import detection_finding
from alerting.pseudonyms import Pseudonyms
from alerting.store import AlertStore, Arrival
from alerting.store.states import AlertState, Status
from monomi.cli import app
from schemas.alerts import Alert
from schemas.errors import MonomiError
from tests.sample_alerts import JST, REPEATED, alert, morning

REQUIRED = {
    "": (
        *("activity_id", "category_uid", "class_uid", "finding_info", "metadata"),
        *("severity_id", "time", "type_uid"),
    ),
    "finding_info": ("uid", "title"),
    "finding_info.analytic": ("type_id",),
    "metadata": ("product", "version"),
    "metadata.product": ("name", "vendor_name"),
}
"""What schema.ocsf.io 1.4.0 says is required, by object."""


def state_of(about: Alert, status: Status = "open", **changes: Any) -> AlertState:
    """Return where an alert stands."""
    fields: dict[str, Any] = {
        "alert_id": about.alert_id,
        "revision": about.revision,
        "opened_at": about.opened_at,
        "severity": about.severity,
        "operator_id": about.operator_id,
        "section_id": about.section_id,
        "supervisor_id": about.supervisor_id,
        "convergence_on": None,
        "status": status,
        "escalation": 0,
        "version": 1,
        "assignee_id": None,
        "verdict": None,
        "changed_at": about.updated_at,
        "changed_by": "monomi",
        "due_at": None,
        "routed_at": about.updated_at,
        "historic": False,
    }
    return AlertState(**(fields | changes))


def at(finding: dict[str, Any], place: str) -> dict[str, Any]:
    """Return the object at a place of a finding."""
    for name in filter(None, place.split(".")):
        finding = finding[name]
    return finding


@pytest.mark.parametrize("about", morning(), ids=lambda each: each.alert_id)
def test_a_finding_has_all_that_its_schema_requires(about: Alert) -> None:
    """Numbers that belong together agree."""
    finding = detection_finding(about, state_of(about))
    for place, names in REQUIRED.items():
        assert set(names) <= at(finding, place).keys()
    assert (finding["category_uid"], finding["class_uid"]) == (2, 2004)
    assert finding["type_uid"] == 200_400 + finding["activity_id"]
    assert 0 <= finding["risk_score"] <= 100
    assert isinstance(finding["time"], int)
    # Of these, an object needs one of several attributes.
    assert all("uid" in each["actor"]["user"] for each in finding["evidences"])
    assert all("uid" in each for each in finding.get("resources", []))
    assert json.loads(json.dumps(finding, allow_nan=False)) == finding


@pytest.mark.parametrize(
    ("about", "state", "expected"),
    [
        (alert(), {}, (1, 1, 4, True)),
        (alert(revision=2), {}, (2, 1, 4, True)),
        (alert(), {"status": "acknowledged", "version": 2}, (2, 2, 4, True)),
        (alert(severity="low"), {"historic": True}, (1, 1, 2, False)),
        (
            alert(severity="critical"),
            {"status": "resolved", "verdict": "misuse", "version": 3},
            (3, 4, 5, False),
        ),
    ],
)
def test_an_alerts_life_is_the_findings(
    about: Alert, state: dict[str, Any], expected: tuple[int, int, int, bool]
) -> None:
    """Created, updated, closed; its verdict stands beside the status."""
    finding = detection_finding(about, state_of(about, **state))
    names = ("activity_id", "status_id", "severity_id", "is_alert")
    assert tuple(finding[name] for name in names) == expected
    assert finding.get("status_detail") == state.get("verdict")


def test_pseudonyms_leave_no_id_of_a_person_or_resident() -> None:
    """Nor one in a sentence; the same id has the same name, under another key another."""
    summary = REPEATED.summary.model_copy(update={"en": "op-017 opened r-8f2c41d09b7e for op-002."})
    about = alert(reasons=(REPEATED.model_copy(update={"summary": summary}),))
    one, other = Pseudonyms(b"a" * 32), Pseudonyms(b"b" * 32)
    finding = detection_finding(about, state_of(about), one)
    text = json.dumps(finding)
    assert not [each for each in ("op-017", "op-002", "r-8f2c41d09b7e") if each in text]
    assert finding["evidences"][0]["actor"]["user"]["uid"] == one("op-017") != other("op-017")


def test_the_key_of_pseudonyms_is_made_once_and_for_its_owner(tmp_path: Path) -> None:
    """A file that is none is refused."""
    path = tmp_path / "console" / "pseudonyms.key"
    assert Pseudonyms.load(path)("op-1") == Pseudonyms.load(path)("op-1")
    assert path.stat().st_mode & 0o077 == 0
    path.write_bytes(b"short")
    with pytest.raises(MonomiError, match="pseudonym_key_unusable"):
        Pseudonyms.load(path)


def test_the_verb_exports_every_alert_once_and_logs_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Over several batches, from a day on; the audit log knows who took what."""
    monkeypatch.setattr("alerting.export._BATCH", 2)
    location = str(tmp_path / "alerts.sqlite3")
    days = {f"a-{day}": datetime(2015, 3, day, 12, 0, tzinfo=JST) for day in range(1, 6)}

    async def fill() -> None:
        store = await AlertStore.open(location)
        await store.add([Arrival(alert(name, opened_at=day)) for name, day in days.items()])
        await store.close()

    def run(*arguments: str) -> Result:
        return CliRunner().invoke(
            app,
            ["export", "--store", location, *arguments],
            env={"MONOMI_DATA_DIR": str(tmp_path)},
        )

    async def logged() -> list[tuple[str, str, Any]]:
        store = await AlertStore.open(location)
        rows = await store.database.read(select(ENTRIES).order_by(ENTRIES.c.number))
        await store.close()
        return [(row.verb, row.target, json.loads(row.details)) for row in rows]

    asyncio.run(fill())
    assert run().exit_code == 2
    lines = run("--ocsf", "--since", "2015-03-03", "--pseudonyms").stdout.splitlines()
    uids = [json.loads(line)["finding_info"]["uid"] for line in lines]
    assert uids == ["a-5", "a-4", "a-3"]
    assert "op-017" not in "".join(lines)
    assert "op-017" in run("--ocsf").stdout
    assert asyncio.run(logged()) == [
        (
            "export",
            "alerts",
            {"format": "ocsf", "since": "2015-03-03T00:00:00+09:00", "pseudonyms": True},
        ),
        ("export", "alerts", {"format": "ocsf", "since": None, "pseudonyms": False}),
    ]
