"""The verb that prints the wire contract's JSON Schemas."""

from __future__ import annotations

import json

import pytest
import typer
from typer.testing import CliRunner

from monomi.verbs.schema import schema
from schemas.topics import TOPICS

NAMES = [*TOPICS, "labels", "scores"]
APP = typer.Typer()
APP.command()(schema)


@pytest.mark.parametrize("name", NAMES)
def test_every_record_has_a_schema_by_its_wire_names(name: str) -> None:
    """An object, whose required fields are fields of it, under the names that travel."""
    result = CliRunner().invoke(APP, [name])
    assert result.exit_code == 0
    printed = json.loads(result.stdout)
    assert (printed["$id"], printed["type"]) == (name, "object")
    assert set(printed["required"]) <= set(printed["properties"])
    assert "from_" not in result.stdout


def test_the_schema_of_a_look_up_says_what_the_contract_says() -> None:
    """Required, null, enumerated and bounded fields, as an integrator needs them."""
    printed = json.loads(CliRunner().invoke(APP, ["access.queries"]).stdout)
    assert "operator_id" in printed["required"]
    assert "resident_id" not in printed["required"]
    assert printed["properties"]["action"]["enum"] == [
        "search",
        "view",
        "print",
        "export",
        "update",
    ]
    assert printed["properties"]["occurred_at"]["format"] == "date-time"
    assert {"type": "null"} in printed["properties"]["case_id"]["anyOf"]


def test_without_a_name_all_names_are_listed_one_a_line() -> None:
    """Each with what it holds."""
    lines = CliRunner().invoke(APP, []).stdout.splitlines()
    assert [line.split()[0] for line in lines] == NAMES
    assert all(len(line.split()) > 3 for line in lines)


def test_an_unknown_name_is_exit_2_and_lists_the_names() -> None:
    """A typing error is a bad argument."""
    result = CliRunner().invoke(APP, ["access.query"])
    assert result.exit_code == 2
    assert "presence.signins" in result.stderr
