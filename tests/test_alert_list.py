"""The list of alerts: newest first, narrowed by any filter, page by page, nobody's own in it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any, get_args

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import create_engine, inspect, select, text

from alerting.store import AlertQuery, AlertStore, Arrival
from alerting.store.states import STATE
from alerting.store.stored import STORED
from alerting.store.tables import METADATA
from schemas.alerts import Alert, Severity
from schemas.record import Words
from tests.databases import NewStore
from tests.offices import CONVERGED, Scene, at_work
from tests.sample_alerts import REPEATED, alert, morning

OPENED = alert().opened_at


async def names(store: AlertStore, **query: Any) -> list[str]:
    """Return the ids of the alerts that a query lists."""
    return [each.state.alert_id for each in await store.listed(AlertQuery(**query))]


@pytest.mark.parametrize(
    ("query", "listed"),
    [
        ({}, ["a-founding", "a-evening", "a-busy"]),
        ({"limit": 2}, ["a-founding", "a-evening"]),
        ({"severities": ("low", "critical")}, ["a-founding", "a-busy"]),
        ({"section_id": "tax"}, ["a-busy"]),
        ({"operator_id": "op-014"}, ["a-evening"]),
        ({"resident_id": "r-51aa0e6677c2"}, ["a-evening"]),
        ({"text": "CLOSING time"}, ["a-evening"]),
        ({"text": " 照会が６２件 "}, []),
        ({"text": "62件の照会"}, ["a-busy"]),
        ({"text": "６２件の照会"}, ["a-busy"]),
        ({"text": "100%"}, []),
        ({"opened_from": OPENED}, ["a-founding"]),
        ({"opened_before": OPENED}, ["a-evening", "a-busy"]),
        ({"after": (OPENED, "a-founding")}, ["a-evening", "a-busy"]),
        ({"statuses": ("resolved",)}, ["a-busy"]),
        ({"statuses": ("open", "acknowledged")}, ["a-founding", "a-evening"]),
        ({"told": ("op-002",), "severities": ("critical",)}, ["a-founding"]),
        ({"told": ("op-002", "op-001")}, ["a-founding", "a-evening", "a-busy"]),
        ({"told": ("op-999",)}, []),
    ],
)
def test_each_filter_narrows(new_store: NewStore, query: dict[str, Any], listed: list[str]) -> None:
    """Three alerts of a morning, one of them resolved."""

    async def work(scene: Scene) -> list[str]:
        await scene.come(*morning())
        await scene.office.life.resolve("a-busy", "op-002", 1, 1, "justified", "")
        return await names(scene.office.store, **query)

    assert at_work(new_store(), work) == listed


def test_a_search_finds_signs_as_they_are(tmp_path: Path) -> None:
    """Per cent and underscore stand for themselves."""
    words = Words(en="100% of a_b", ja="全件")

    async def work(scene: Scene) -> list[list[str]]:
        reason = REPEATED.model_copy(update={"summary": words})
        await scene.come(alert("signs", reasons=(reason,)), alert("plain"))
        return [await names(scene.office.store, text=t) for t in ("0% o", "a_b", "a%b", "全件")]

    location = str(tmp_path / "alerts.sqlite3")
    assert at_work(location, work) == [["signs"], ["signs"], [], ["signs"]]


def test_nobody_lists_an_alert_that_they_are_a_party_to(new_store: NewStore) -> None:
    """The privacy officer, who sees all, looked up the resident too; so their peers' are gone."""

    async def work(scene: Scene) -> None:
        await scene.come(
            alert("own", operator_id="op-090"),
            alert("mine", operator_id="op-090", reasons=(CONVERGED,)),
            alert("shared", reasons=(CONVERGED,)),
            alert("elsewhere", reasons=(CONVERGED,), resident_id="r-other"),
            alert("other"),
        )
        store = scene.office.store
        assert await names(store, viewer="op-090") == ["other", "elsewhere"]
        await scene.office.life.resolve("mine", "op-001", 1, 1, "justified", "")
        assert await names(store, viewer="op-090") == ["shared", "other", "elsewhere"]

    at_work(new_store(), work)


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    rows=st.lists(
        st.tuples(
            st.integers(0, 3), st.sampled_from(get_args(Severity)), st.sampled_from(("s", "t"))
        ),
        max_size=12,
    ),
    limit=st.integers(1, 4),
    severity=st.sampled_from(get_args(Severity)),
)
def test_pages_one_after_another_are_the_whole_list(
    new_store: NewStore, rows: list[tuple[int, Severity, str]], limit: int, severity: Severity
) -> None:
    """With many alerts of one moment: as sorted and filtered by hand, none twice, none left out."""
    alerts: list[Alert] = [
        alert(
            f"a-{n:02}",
            opened_at=OPENED + timedelta(hours=hours),
            severity=of,
            supervisor_id=f"op-{section}",
        )
        for n, (hours, of, section) in enumerate(rows)
    ]

    async def work(scene: Scene) -> None:
        await scene.come(*alerts)
        for told in ((), ("op-s",)):
            expected = sorted(
                (each.opened_at, each.alert_id)
                for each in alerts
                if each.severity == severity and (not told or each.supervisor_id in told)
            )
            found: list[tuple[Any, str]] = []
            while True:
                query = AlertQuery(
                    told=told,
                    severities=(severity,),
                    limit=limit,
                    after=found[-1] if found else None,
                )
                page = await scene.office.store.listed(query)
                found += [(each.state.opened_at, each.state.alert_id) for each in page]
                if len(page) < limit:
                    break
            assert found == expected[::-1]

    at_work(new_store(), work)


@pytest.mark.parametrize(
    ("query", "index"),
    [
        (AlertQuery(), "ix_alerts_newest"),
        (AlertQuery(told=("op-002",)), "ix_alert_recipients_newest"),
        (AlertQuery(statuses=("open",)), "ix_alerts_status"),
        (AlertQuery(operator_id="op-017"), "ix_alerts_operator"),
        (AlertQuery(resident_id="r-1"), "ix_alerts_resident"),
        (AlertQuery(section_id="tax"), "ix_alerts_section"),
    ],
)
def test_the_list_reads_an_index_instead_of_sorting(
    tmp_path: Path, query: AlertQuery, index: str
) -> None:
    """Ask SQLite how it answers; it does not sort all alerts."""
    path = tmp_path / "alerts.sqlite3"

    async def make() -> None:
        store = await AlertStore.open(str(path))
        await store.add([Arrival(alert())])
        await store.close()

    asyncio.run(make())
    steps = plan_of(path, lambda: query.narrow(select(*STORED, *STATE)))
    assert any(f"INDEX {index}" in step for step in steps), steps
    assert not any("TEMP B-TREE" in step for step in steps), steps


def plan_of(path: Path, query: Callable[[], Any]) -> list[str]:
    """Return the steps in which SQLite answers."""
    engine = create_engine(f"sqlite:///{path}")
    with engine.connect() as connection:
        sql = query().compile(engine, compile_kwargs={"literal_binds": True})
        steps = [row[3] for row in connection.execute(text(f"EXPLAIN QUERY PLAN {sql}"))]
        assert set(inspect(connection).get_table_names()) >= set(METADATA.tables)
        assert connection.scalar(text("PRAGMA journal_mode")) == "wal"
    engine.dispose()
    return steps
