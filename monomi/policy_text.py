"""A policy as TOML for people: every field with its meaning, its bounds, and what differs."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from textwrap import wrap
from typing import Any

from pydantic import BaseModel

from models.closure import Closure
from models.detectors import DETECTOR
from models.policy import Policy
from models.policy_file import allowed_at

_WIDTH = 98
_TABLES = ("severities", "weights", "sections")
_HEAD = (
    "The policy of detection, as `monomi policy show` prints it. What a file leaves out is as "
    "it stands here. `monomi policy check FILE` checks one; `monomi worker --policy FILE` and "
    "`monomi replay … --policy FILE` go by it."
)
_EXAMPLE = """\
# [sections.koseki]
# budget_per_day = 1.0
# clock_working_days = 3
"""


def policy_text(policy: Policy) -> str:
    """Return a policy as commented TOML, which read again is the same policy."""
    default = Policy()
    parts = [_comment(_HEAD)]
    for name in Policy.model_fields:
        if name not in _TABLES:
            parts.append(_field(policy, default, name, name))
    parts.append(_about(Policy, "severities") + "[severities]\n")
    for name in type(policy.severities).model_fields:
        parts.append(_field(policy.severities, default.severities, name, f"severities.{name}"))
    parts.append(_about(Policy, "weights", allowed_at(("weights", ""))) + _weights(policy, default))
    parts.append(_about(Policy, "sections") + ("" if policy.sections else _EXAMPLE))
    parts.extend(_section(policy, section_id) for section_id in policy.sections)
    return "\n".join(parts)


def differing(policy: Policy) -> list[str]:
    """Return the names of what differs from the default policy.

    >>> differing(Policy(alert_days=5, weights={"relation": 2, "behaviour": 1}))
    ['alert_days', 'weights.relation']
    """
    default = Policy()
    names = [
        name
        for name in Policy.model_fields
        if name not in _TABLES and getattr(policy, name) != getattr(default, name)
    ]
    for name in type(policy.severities).model_fields:
        if getattr(policy.severities, name) != getattr(default.severities, name):
            names.append(f"severities.{name}")
    names.extend(
        f"weights.{name}" for name in DETECTOR if policy.weight_of(name) != default.weight_of(name)
    )
    return names + [f"sections.{section_id}" for section_id in policy.sections]


def _field(own: BaseModel, default: BaseModel, name: str, place: str) -> str:
    allowed = ""
    if isinstance(getattr(own, name), float | int) or name == "switched_off":
        allowed = allowed_at(tuple(place.split(".")))
    if name == "switched_off":
        allowed = ", ".join(DETECTOR)
    row = _row(name, getattr(own, name), getattr(default, name), "the default")
    return _about(type(own), name, allowed) + row


def _about(model: type[BaseModel], name: str, allowed: str = "") -> str:
    sentence = model.model_fields[name].description or ""
    return _comment(f"{sentence}; allowed: {allowed}" if allowed else sentence)


def _comment(sentence: str) -> str:
    return "".join(f"# {line}\n" for line in wrap(sentence, _WIDTH, break_on_hyphens=False))


def _weights(policy: Policy, default: Policy) -> str:
    rows = (
        _row(name, policy.weight_of(name), default.weight_of(name), "the default")
        for name in DETECTOR
    )
    return "[weights]\n" + "".join(rows)


def _section(policy: Policy, section_id: str) -> str:
    own = policy.sections[section_id]
    rows = (
        _row(name, getattr(own, name), getattr(policy, name), "elsewhere")
        for name in type(own).model_fields
        if getattr(own, name) is not None
    )
    return f"[sections.{_key(section_id)}]\n" + "".join(rows)


def _row(name: str, value: object, default: object, where: str) -> str:
    mark = "" if value == default else f"  # differs: {where} is {_toml(default)}"
    if name == "closures":
        return f"closures = {''.join(_items(value))}{mark}\n"
    return f"{_key(name)} = {_toml(value)}{mark}\n"


def _items(closures: Any) -> Iterator[str]:
    """Yield a list with each closure on a line of its own."""
    yield "[\n" if closures else "["
    for closure in closures:
        yield f"  {_toml(closure)},\n"
    yield "]"


def _toml(value: object) -> str:
    """Return a value as TOML writes it, which for numbers and texts is as JSON does."""
    if isinstance(value, tuple):
        return f"[{', '.join(map(_toml, value))}]"
    if isinstance(value, Closure):
        if value.date is not None:
            return f"{{date = {value.date}}}"
        return f"{{from = {_toml(value.from_)}, to = {_toml(value.to)}}}"
    return json.dumps(value)


def _key(name: str) -> str:
    return name if re.fullmatch(r"[A-Za-z0-9_-]+", name) else json.dumps(name)
