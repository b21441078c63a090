"""docs/contract.md says what `schemas/` and the command line hold, field by field."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from monomi.cli import app
from schemas.files import Label, ScoredLookUp
from schemas.record import Record
from schemas.topics import TOPICS

DOC = (Path(__file__).parent.parent / "docs" / "contract.md").read_text()
RECORDS: dict[str, type[Record]] = {name: topic.record for name, topic in TOPICS.items()} | {
    "labels": Label,
    "scores": ScoredLookUp,
}
SCHEMAS = {name: record.model_json_schema() for name, record in RECORDS.items()}
PARTS = {
    name: part for schema in SCHEMAS.values() for name, part in schema.get("$defs", {}).items()
}
ROW = re.compile(r"^\| `(\w+)` \| (.+?) \| (yes|no(?:: .+?)?) \| \S.* \|$", re.MULTILINE)


EXAMPLES = re.findall(r"^```json ([\w.-]+)\n(.+?)\n```$", DOC, flags=re.MULTILINE | re.DOTALL)


def described() -> dict[str, tuple[str, list[tuple[str, str, str]]]]:
    """Return each heading of a record: what stands in brackets, and its rows."""
    sections = re.split(r"^#{3,4} `([\w.-]+)`(?: \[(\w+)\])?.*$", DOC, flags=re.MULTILINE)[1:]
    return {
        name: (key, ROW.findall(body.split("\n## ")[0]))
        for name, key, body in zip(sections[::3], sections[1::3], sections[2::3], strict=True)
    }


def type_of(schema: dict[str, Any]) -> str:
    """Return a field's type as the page writes it."""
    if "anyOf" in schema:
        return " or ".join(map(type_of, schema["anyOf"]))
    if "$ref" in schema:
        return "`{}`".format(schema["$ref"].rpartition("/")[2])
    if "enum" in schema:
        return " ".join(f"`{value}`" for value in schema["enum"])
    if schema.get("type") == "array" and "items" in schema:
        return f"list of {type_of(schema['items'])}"
    if schema.get("pattern") == "^[A-Za-z0-9._:-]{1,64}$":
        return "id"
    if "propertyNames" in schema:
        return f"object by {type_of(schema['propertyNames'])}"
    words = {"date-time": "time", "date": "date", "boolean": "bool", "integer": "int"}
    kind = schema.get("format") or schema["type"]
    return str({"string": "text", **words}.get(kind, kind))


def rows_of(schema: dict[str, Any]) -> list[tuple[str, str, str]]:
    """Return the rows that the page must have for a record."""

    def need(name: str, field: dict[str, Any]) -> str:
        if name in schema.get("required", ()):
            return "yes"
        default = field.get("default")
        return "no" if default is None else f"no: {json.dumps(default)}"

    fields = schema["properties"].items()
    return [(name, type_of(field), need(name, field)) for name, field in fields]


def test_the_page_has_every_record_and_no_other() -> None:
    """Topics, files, and the parts that they are made of."""
    assert set(described()) == set(RECORDS) | set(PARTS)


@pytest.mark.parametrize("name", [*SCHEMAS, *PARTS])
def test_every_field_stands_with_its_type_and_whether_it_is_required(name: str) -> None:
    """In the order of the schema, with each value of an enumeration."""
    assert described()[name][1] == rows_of((SCHEMAS | PARTS)[name])


@pytest.mark.parametrize("topic", TOPICS.values(), ids=lambda topic: topic.name)
def test_every_topic_stands_with_its_key(topic: Any) -> None:
    """`none` where records have no key."""
    assert described()[topic.name][0] == (topic.key or "none")


def test_its_examples_are_records() -> None:
    """Each line of a block that is named for a record parses as one, with known fields only."""
    records = [RECORDS[name].parse(line) for name, lines in EXAMPLES for line in lines.split("\n")]
    assert len(records) > 1
    assert not any(record.unknown_fields() for record in records)


def test_the_page_lists_the_commands_that_exist() -> None:
    """Each verb of the program, and no verb that is still to come."""
    listed = set(re.findall(r"^\| `monomi (\w+)", DOC, flags=re.MULTILINE))
    verbs = {
        command.name or getattr(command.callback, "__name__", "")
        for command in app.registered_commands
    }
    groups = {
        group.typer_instance.info.name for group in app.registered_groups if group.typer_instance
    }
    assert listed == verbs | groups
