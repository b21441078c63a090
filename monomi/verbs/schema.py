"""The verb `monomi schema`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from schemas.record import Record


def schema(
    name: Annotated[
        str | None, typer.Argument(help="A topic, `labels` or `scores`; without it, all names.")
    ] = None,
) -> None:
    """Print the JSON Schema of a record."""
    import json

    records = _records()
    if name is None:
        width = max(map(len, records))
        for known, record in records.items():
            typer.echo(f"{known:<{width}}  {_sentence(record)}")
        return
    if name not in records:
        raise typer.BadParameter(f"no record {name}; there are {', '.join(records)}")
    printed = {"$schema": "https://json-schema.org/draft/2020-12/schema", "$id": name}
    typer.echo(json.dumps(printed | records[name].model_json_schema(), indent=2))


def _records() -> dict[str, type[Record]]:
    """Return every record that crosses a process boundary, by its topic or file."""
    from schemas.files import Label, ScoredLookUp
    from schemas.topics import TOPICS

    records = {topic.name: topic.record for topic in TOPICS.values()}
    return records | {"labels": Label, "scores": ScoredLookUp}


def _sentence(record: type[Record]) -> str:
    """Return what a record holds: the first sentence of its docstring, without its topic."""
    first = (record.__doc__ or "").partition("\n")[0]
    return first.partition(" (")[0].rstrip(".")
