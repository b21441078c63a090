"""On which line of a TOML text a value stands: tomllib and tomlkit do not say it."""

from __future__ import annotations

import tomllib
from collections import Counter
from functools import lru_cache
from typing import Any, NamedTuple

Place = tuple[str | int, ...]
"""Keys and indexes that lead to a value, as pydantic's `loc`."""


class _Statement(NamedTuple):
    """Hold one table header or one `key = value`, which may span lines."""

    line: int
    text: str
    parsed: dict[str, Any]


def line_of(text: str, place: Place) -> int:
    """Return the line, from 1, on which a place is given, or the nearest above it that is.

    `text` must be TOML. The line is where the statement begins, or where a list's item stands.

    >>> line_of("days = 3\\n[weights]\\nrelation = 9\\n", ("weights", "relation"))
    3
    """
    table: Place = ()
    tables: Counter[Place] = Counter()
    best_depth, line = 0, 1
    for statement in _statements(text):
        is_header = statement.text.lstrip().startswith("[")
        if is_header:
            table = _table_of(statement, tables)
            depth = _shared(table, place)
        elif place[: len(table)] == table:
            depth = len(table) + _depth(statement.parsed, place[len(table) :])
        else:
            continue
        if depth > best_depth:
            best_depth = depth
            own = () if is_header else place[len(table) : depth]
            line = statement.line + _lines_to_item(statement.text, own)
    return line


@lru_cache(maxsize=1)
def _statements(text: str) -> list[_Statement]:
    """Return the statements: each is the fewest lines that are TOML on their own."""
    lines, statements = text.split("\n"), []
    begin = 0
    for end in range(1, len(lines) + 1):
        # Blank lines and comments go with no statement, so that each begins on its own line.
        chunk = "\n".join(lines[begin:end])
        parsed = _parsed(chunk)
        if parsed is None:
            continue
        if parsed:
            statements.append(_Statement(begin + 1, chunk, parsed))
        begin = end
    return statements


def _parsed(chunk: str) -> dict[str, Any] | None:
    try:
        return tomllib.loads(chunk)
    except ValueError:
        return None


def _table_of(header: _Statement, tables: Counter[Place]) -> Place:
    """Return the place of the table that a header opens, with its index among `[[…]]`."""
    path: Place = ()
    inner: Any = header.parsed
    while isinstance(inner, dict) and inner:
        key, inner = next(iter(inner.items()))
        path = (*path, key)
    if isinstance(inner, list):
        tables[path] += 1
        path = (*path, tables[path] - 1)
    return path


def _shared(table: Place, place: Place) -> int:
    """Return how many steps a table and a place have in common."""
    for depth, (own, other) in enumerate(zip(table, place, strict=False)):
        if own != other:
            return depth
    return min(len(table), len(place))


def _depth(value: Any, place: Place) -> int:
    """Return how many steps of a place lead somewhere in a value."""
    for depth, step in enumerate(place):
        try:
            value = value[step]
        except (KeyError, IndexError, TypeError):
            return depth
    return len(place)


def _lines_to_item(text: str, place: Place) -> int:
    """Return how many lines below its statement the first list item on a place stands."""
    index = next((n for n, step in enumerate(place) if isinstance(step, int)), None)
    if index is None:
        return 0
    lines = text.split("\n")
    for end in range(1, len(lines)):
        begun = _parsed("\n".join(lines[:end]) + "\n]")  # the list as far as this line
        if begun is not None and _depth(begun, place[: index + 1]) == index + 1:
            return end - 1
    return len(lines) - 1
