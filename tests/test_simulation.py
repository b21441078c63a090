"""The simulated ward as files: the contract, the seed, and what small plans leave out."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import msgspec
import pytest

from schemas.errors import MonomiError
from schemas.files import Label
from schemas.record import Record
from schemas.topics import CONTEXT_TOPICS, EVENT_TOPICS
from simulation import WardPlan, simulate_ward, write_ward
from tests.wards import digests, fortnight, long_ward, once, tiny_plan

RECORDS: dict[str, type[Record]] = {
    **{topic.name: topic.record for topic in (*EVENT_TOPICS, *CONTEXT_TOPICS)},
    "labels": Label,
}


@pytest.mark.parametrize("name", list(RECORDS))
@pytest.mark.parametrize("ward", [fortnight, long_ward])
def test_every_record_fits_the_contract(ward: Any, name: str) -> None:
    """A sample of its lines: schema, no unknown field, the fields in the table's order."""
    record = RECORDS[name]
    fields = [field.alias or key for key, field in record.model_fields.items()]
    made = ward()
    rows = (made.events | made.context | {"labels": made.labels})[name]
    assert rows
    for row in rows[:: 1 + len(rows) // 1500]:
        assert list(row) == fields
        assert record.parse(msgspec.json.encode(row)).unknown_fields() == 0


@pytest.mark.parametrize("topic", [topic.name for topic in EVENT_TOPICS])
def test_events_lie_within_the_days_and_an_id_names_one_record(topic: str) -> None:
    """Whatever comes twice is the same record; no time is outside the plan's days."""
    ward = long_ward()
    records: dict[str, Any] = {}
    for row in ward.events[topic]:
        assert records.setdefault(row["event_id"], row) == row
        assert ward.plan.start.isoformat() <= row["occurred_at"][:10]
        assert row["occurred_at"][:10] <= ward.plan.last_day.isoformat()


@pytest.mark.parametrize("topic", [topic.name for topic in EVENT_TOPICS])
def test_a_tidy_plan_has_each_record_once_and_in_order(topic: str) -> None:
    """The same records as the untidy one's, by time."""
    plan = tiny_plan(3)
    tidy = simulate_ward(replace(plan, untidy=False)).events[topic]
    assert tidy == once(tidy)
    untidy = simulate_ward(plan).events[topic]
    assert tidy != untidy
    assert tidy == once(untidy)


@pytest.mark.parametrize("topic", CONTEXT_TOPICS, ids=lambda t: t.name)
def test_context_names_each_key_once(topic: Any) -> None:
    """A context file holds one record of a key."""
    keys = [row[topic.key] for row in long_ward().context[topic.name]]
    assert len(set(keys)) == len(keys)


def test_references_lead_somewhere() -> None:
    """Look-ups, cases and assignments name operators, terminals, residents that exist."""
    ward = long_ward()
    operators = {row["operator_id"] for row in ward.context["directory.operators"]}
    terminals = {row["terminal_id"] for row in ward.context["directory.terminals"]}
    residents = {row["resident_id"] for row in ward.context["directory.residents"]} | {None}
    for row in ward.events["access.queries"]:
        assert row["operator_id"] in operators
        assert row["terminal_id"] in terminals
        assert row["resident_id"] in residents
    for case in ward.context["work.cases"]:
        assert residents.issuperset(case["resident_ids"])
        assert operators.issuperset(case["assigned_to"])


def test_equal_plans_make_identical_files_in_any_process(tmp_path: Path) -> None:
    """Another process, with another hash seed, writes the same bytes."""
    write_ward(simulate_ward(tiny_plan(7)), tmp_path / "here")
    code = (
        "import sys; from pathlib import Path; from simulation import *; from tests.wards "
        "import tiny_plan; write_ward(simulate_ward(tiny_plan(7)), Path(sys.argv[1]))"
    )
    there = tmp_path / "there"
    hash_seed = "1" if os.environ.get("PYTHONHASHSEED") != "1" else "2"
    subprocess.run(
        [sys.executable, "-c", code, str(there)],
        check=True,
        env={**os.environ, "PYTHONHASHSEED": hash_seed},
    )
    assert digests(there) == digests(tmp_path / "here")


def test_another_seed_makes_another_ward() -> None:
    """No record of one seed is found in the other."""
    one, other = simulate_ward(tiny_plan(1)), simulate_ward(tiny_plan(2))
    for topic in one.events:
        ids = {row["event_id"] for row in one.events[topic]}
        assert ids.isdisjoint(row["event_id"] for row in other.events[topic])


@pytest.mark.parametrize(
    "wrong", [{"days": 6}, {"operators": 9}, {"residents": 10}, {"start": date(1900, 1, 1)}]
)
def test_a_plan_out_of_range_is_refused(wrong: Any) -> None:
    """The sentence names what to choose."""
    with pytest.raises(MonomiError, match="Choose"):
        WardPlan(seed=1, **wrong)


def test_progress_reaches_its_end(tmp_path: Path) -> None:
    """Both steps tell their progress upwards, and the last step is the whole."""
    days: list[tuple[int, int]] = []
    lines: list[tuple[int, int]] = []
    ward = simulate_ward(tiny_plan(1), lambda *step: days.append(step))
    write_ward(ward, tmp_path, lambda *step: lines.append(step))
    for steps in (days, lines):
        assert steps == sorted(steps)
        assert steps[-1][0] == steps[-1][1]
