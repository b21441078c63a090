"""A policy from its TOML file: every fault with its line, what was given, what is allowed."""

from __future__ import annotations

import json
import re
import tomllib
from functools import cache
from pathlib import Path
from typing import Any

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from models.detectors import DETECTOR
from models.policy import Policy
from models.toml_lines import Place, line_of
from schemas.errors import MonomiError

_SHOWN_CHARACTERS = 60
_TABLE_OF = "a table of "
_KEY = "[key]"
"""What pydantic puts at the end of a place whose key is at fault, not its value."""


class BadPolicyError(MonomiError):
    """Refuse a policy file; `faults` are all of them, in the order of the file."""

    def __init__(self, path: Path, faults: list[str]) -> None:
        sentence, others = faults[0], len(faults) - 1
        if others:
            sentence += f"; and {others} more: `monomi policy check {path}` lists all"
        super().__init__("bad_policy", sentence)
        self.faults = tuple(faults)


def load_policy(path: Path | None) -> Policy:
    """Return the policy in a TOML file, or the default; raises BadPolicyError."""
    if path is None:
        return Policy()
    text = _text_of(path)
    try:
        data = tomllib.loads(text)
    except ValueError as error:
        raise BadPolicyError(path, [_not_toml(path, str(error), text)]) from None
    try:
        # Strict pydantic reads lists and dates as such from JSON only.
        return Policy.model_validate_json(json.dumps(data, default=str), context=tuple(DETECTOR))
    except ValidationError as error:
        rows = sorted(
            (line_of(text, _place(fault)), number, _sentence(fault))
            for number, fault in enumerate(error.errors(include_url=False))
        )
        faults = [f"{path}, line {line}: {sentence}" for line, _, sentence in rows]
        raise BadPolicyError(path, faults) from None


def _text_of(path: Path) -> str:
    try:
        value = path.read_bytes()
    except OSError as error:
        reason = error.strerror or str(error)
        raise BadPolicyError(path, [f"{path}: cannot be read: {reason}"]) from None
    try:
        # Windows editors put a mark before the text and two characters after a line.
        return value.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        line = value.count(b"\n", 0, error.start) + 1
        raise BadPolicyError(path, [f"{path}, line {line}: not UTF-8; save it as such"]) from None


def _not_toml(path: Path, reason: str, text: str) -> str:
    """Return what tomllib says, with its place where all other faults have it."""
    at = re.search(r" \(at (?:line (\d+), column \d+|end of document)\)$", reason)
    if at is None:
        return f"{path}: not TOML: {reason}"
    line = at[1] or len(text.rstrip().split("\n"))
    return f"{path}, line {line}: not TOML: {reason[: at.start()]}"


def _place(fault: ErrorDetails) -> Place:
    return tuple(step for step in fault["loc"] if step != _KEY)


def _sentence(fault: ErrorDetails) -> str:
    """Return what a fault is about, what was given there and what is allowed."""
    place = _place(fault)
    names = [str(step) for step in place if isinstance(step, str)]
    if fault["type"] == "extra_forbidden":
        known = allowed_at(place[:-1]).removeprefix(_TABLE_OF)
        return f"{'.'.join(names)} is unknown; allowed: {known}"
    if fault["type"] == "allowed":
        allowed = fault["msg"]
    elif fault["type"] == "string_pattern_mismatch":
        allowed = "1 to 64 characters of A-Z a-z 0-9 . _ : -"
    elif fault["type"] == "too_long":
        allowed = f"at most {fault['ctx']['max_length']} entries"
    else:
        allowed = allowed_at(place)
    if fault["loc"][-1] == _KEY:
        names.pop()
    verb = "has" if fault["loc"][-1] == _KEY or isinstance(place[-1], int) else "is"
    return f"{'.'.join(names)} {verb} {_given(fault['input'])}; allowed: {allowed}"


def _given(value: object) -> str:
    text = json.dumps(value, ensure_ascii=False, default=str)
    return text if len(text) <= _SHOWN_CHARACTERS else text[:_SHOWN_CHARACTERS] + "…"


@cache
def _schema() -> dict[str, Any]:
    return Policy.model_json_schema()


def allowed_at(place: Place) -> str:
    """Return in words what a policy may hold at a place.

    >>> allowed_at(("budget_per_day",)), allowed_at(("sections", "koseki", "clock_working_days"))
    ('above 0 up to 100', 'a whole number from 1 to 20')
    """
    node = _schema()
    for step in place:
        if isinstance(step, int):
            node = node["items"]
        elif "properties" in node:
            node = node["properties"][step]
        else:  # a table by detector or, of a pattern, by section
            (node,) = node.get("patternProperties", {"": node.get("additionalProperties")}).values()
        node = next((one for one in node.get("anyOf", ()) if one.get("type") != "null"), node)
        if "$ref" in node:
            node = _schema()["$defs"][node["$ref"].rpartition("/")[2]]
    return _in_words(node)


def _in_words(node: dict[str, Any]) -> str:
    if "enum" in node:
        return ", ".join(node["enum"])
    if "properties" in node:
        return _TABLE_OF + ", ".join(node["properties"])
    kind = {"array": "a list", "object": "a table", "string": "a text"}.get(node["type"])
    if kind is not None:
        return "a date YYYY-MM-DD" if node.get("format") == "date" else kind
    least = f"above {node['exclusiveMinimum']}" if "exclusiveMinimum" in node else ""
    most = f"below {node['exclusiveMaximum']}" if "exclusiveMaximum" in node else ""
    least = least or f"from {node['minimum']}"
    most = most or f"{'up ' if least.startswith('above') else ''}to {node['maximum']}"
    whole = "a whole number " if node["type"] == "integer" else ""
    joint = " and " if "above" in least and "below" in most else " "
    return f"{whole}{least}{joint}{most}"
