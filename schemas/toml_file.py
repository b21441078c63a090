"""A settings file in TOML: every fault with its line, what was given, what is allowed."""

from __future__ import annotations

import json
import re
import tomllib
from functools import cache
from pathlib import Path
from typing import Any, ClassVar, TypeVar

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails, PydanticCustomError

from schemas.errors import MonomiError
from schemas.toml_lines import Place, line_of

_SHOWN_CHARACTERS = 60
_TABLE_OF = "a table of "
_KEY = "[key]"
"""What pydantic puts at the end of a place whose key is at fault, not its value."""
_KINDS = {"array": "a list", "object": "a table", "string": "a text", "boolean": "true or false"}
_FORMATS = {"date": "a date YYYY-MM-DD", "path": "the path of a file"}

_Model = TypeVar("_Model", bound=BaseModel)


class BadTomlError(MonomiError):
    """Refuse a settings file; `faults` are all of them, in the order of the file.

    Each kind of file has its own subclass, with its code and the command that lists all faults.
    """

    file_code: ClassVar[str]
    check: ClassVar[str]

    def __init__(self, path: Path, faults: list[str]) -> None:
        sentence, others = faults[0], len(faults) - 1
        if others:
            sentence += f"; and {others} more: `{self.check} {path}` lists all"
        super().__init__(self.file_code, sentence)
        self.faults = tuple(faults)


def allowed(words: str) -> PydanticCustomError:
    """Return the fault of a value for which the schema alone cannot say what is allowed."""
    return PydanticCustomError("allowed", "{words}", {"words": words})


def unshown(words: str) -> PydanticCustomError:
    """Return the same for a value that must not be shown: somebody put a secret there."""
    return PydanticCustomError("unshown", "{words}", {"words": words})


def load_toml(
    path: Path, model: type[_Model], error: type[BadTomlError], context: object = None
) -> _Model:
    """Return what a TOML file holds; raises `error`. Validators get `context`."""
    text = _text_of(path, error)
    try:
        data = tomllib.loads(text)
    except ValueError as fault:
        raise error(path, [_not_toml(path, str(fault), text)]) from None
    try:
        # Strict pydantic reads lists and dates as such from JSON only.
        return model.model_validate_json(json.dumps(data, default=str), context=context)
    except ValidationError as invalid:
        rows = sorted(
            (line_of(text, _place(fault)), number, _sentence(model, fault))
            for number, fault in enumerate(invalid.errors(include_url=False))
        )
        raise error(
            path, [f"{path}, line {line}: {sentence}" for line, _, sentence in rows]
        ) from None


def _text_of(path: Path, error: type[BadTomlError]) -> str:
    try:
        value = path.read_bytes()
    except OSError as fault:
        reason = fault.strerror or str(fault)
        raise error(path, [f"{path}: cannot be read: {reason}"]) from None
    try:
        # Windows editors put a mark before the text and two characters after a line.
        return value.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as fault:
        line = value.count(b"\n", 0, fault.start) + 1
        raise error(path, [f"{path}, line {line}: not UTF-8; save it as such"]) from None


def _not_toml(path: Path, reason: str, text: str) -> str:
    """Return what tomllib says, with its place where all other faults have it."""
    at = re.search(r" \(at (?:line (\d+), column \d+|end of document)\)$", reason)
    if at is None:
        return f"{path}: not TOML: {reason}"
    line = at[1] or len(text.rstrip().split("\n"))
    return f"{path}, line {line}: not TOML: {reason[: at.start()]}"


def _place(fault: ErrorDetails) -> Place:
    return tuple(step for step in fault["loc"] if step != _KEY)


def _sentence(model: type[BaseModel], fault: ErrorDetails) -> str:
    """Return what a fault is about, what was given there and what is allowed."""
    place = _place(fault)
    names = [str(step) for step in place if isinstance(step, str)]
    if fault["type"] == "extra_forbidden":
        known = allowed_at(model, place[:-1]).removeprefix(_TABLE_OF)
        return f"{'.'.join(names)} is unknown; allowed: {known}"
    if fault["type"] == "missing":
        field = _node_at(model, place[:-1])["properties"][place[-1]]
        return f"{'.'.join(names)} is missing: {field['description']}"
    if fault["type"] == "unshown":
        return f"{'.'.join(names)} is wrong; allowed: {fault['msg']}"
    if fault["type"] == "allowed":
        permitted = fault["msg"]
    elif fault["type"] == "string_pattern_mismatch":
        permitted = "1 to 64 characters of A-Z a-z 0-9 . _ : -"
    elif fault["type"] == "too_long":
        permitted = f"at most {fault['ctx']['max_length']} entries"
    else:
        permitted = allowed_at(model, place)
    if fault["loc"][-1] == _KEY:
        names.pop()
    verb = "has" if fault["loc"][-1] == _KEY or isinstance(place[-1], int) else "is"
    return f"{'.'.join(names)} {verb} {_given(fault['input'])}; allowed: {permitted}"


def _given(value: object) -> str:
    text = json.dumps(value, ensure_ascii=False, default=str)
    return text if len(text) <= _SHOWN_CHARACTERS else text[:_SHOWN_CHARACTERS] + "…"


@cache
def _schema(model: type[BaseModel]) -> dict[str, Any]:
    return model.model_json_schema()


def allowed_at(model: type[BaseModel], place: Place) -> str:
    """Return in words what a file of this model may hold at a place."""
    return _in_words(_node_at(model, place))


def _node_at(model: type[BaseModel], place: Place) -> dict[str, Any]:
    """Return the JSON Schema of a place."""
    node = _schema(model)
    for step in place:
        if isinstance(step, int):
            node = node["items"]
        elif "properties" in node:
            node = node["properties"][step]
        else:  # a table by a name, of a pattern or of any
            (node,) = node.get("patternProperties", {"": node.get("additionalProperties")}).values()
        node = next((one for one in node.get("anyOf", ()) if one.get("type") != "null"), node)
        if "$ref" in node:
            node = _schema(model)["$defs"][node["$ref"].rpartition("/")[2]]
    return node


def _in_words(node: dict[str, Any]) -> str:
    if "enum" in node:
        return ", ".join(node["enum"])
    if "properties" in node:
        return _TABLE_OF + ", ".join(node["properties"])
    kind = _FORMATS.get(node.get("format", "")) or _KINDS.get(node["type"])
    if kind is not None:
        return kind
    least = f"above {node['exclusiveMinimum']}" if "exclusiveMinimum" in node else ""
    most = f"below {node['exclusiveMaximum']}" if "exclusiveMaximum" in node else ""
    least = least or f"from {node['minimum']}"
    most = most or f"{'up ' if least.startswith('above') else ''}to {node['maximum']}"
    whole = "a whole number " if node["type"] == "integer" else ""
    joint = " and " if "above" in least and "below" in most else " "
    return f"{whole}{least}{joint}{most}"
