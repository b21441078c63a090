"""The directory as the console needs it: who works where, and who answers for whom."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field

from alerting.routing import Absence, Organisation
from schemas.directory import Operator, Section
from schemas.errors import MalformedError
from schemas.topics import TOPICS

OPERATORS, SECTIONS = "directory.operators", "directory.sections"


@dataclass
class Directory:
    """Hold the newest record of each key of the topics that routing needs."""

    operators: dict[str, Operator] = field(default_factory=dict)
    sections: dict[str, Section] = field(default_factory=dict)
    known: asyncio.Event = field(default_factory=asyncio.Event)
    """Set once the topics were read to their ends: an empty directory misleads."""

    def take(self, topic: str, key: bytes | None, value: bytes | None) -> None:
        """Take one record; without a value its key is deleted.

        Raises MalformedError where it is none, and changes nothing.
        """
        name = _text(key)
        if value is None:
            table: dict[str, Operator] | dict[str, Section]
            table = self.operators if topic == OPERATORS else self.sections
            table.pop(name, None)
        elif topic == OPERATORS:
            operator = Operator.parse(value)
            _same(topic, name, operator)
            self.operators[name] = operator
        else:
            section = Section.parse(value)
            _same(topic, name, section)
            self.sections[name] = section

    def become(self, other: Directory) -> None:
        """Take over all that another holds, at once: it was read anew, and is known now."""
        self.operators, self.sections = other.operators, other.sections
        self.known.set()

    def organisation(self, absences: Sequence[Absence]) -> Organisation:
        """Return the organisation as routing asks it."""
        return Organisation(self.operators, self.sections, absences)


def _text(key: bytes | None) -> str:
    try:
        return (key or b"").decode()
    except UnicodeDecodeError:
        raise MalformedError("key_mismatch", "a key that is no UTF-8") from None


def _same(topic: str, name: str, record: Operator | Section) -> None:
    if TOPICS[topic].key_of(record) != name:
        raise MalformedError("key_mismatch", "the key is not the record's id")
