"""Files of events and context as replay reads them: told apart, put in order, faults named."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from heapq import merge
from pathlib import Path
from typing import NamedTuple

from pydantic_core import PydanticCustomError

from models.context import Context
from models.replay import Event, TopicEvent
from schemas.access import AccessQuery
from schemas.errors import MalformedError, MonomiError
from schemas.lines import SUFFIXES, open_lines
from schemas.presence import Door, SignIn
from schemas.record import parse_time, small_enough
from schemas.topics import CONTEXT_TOPICS, Topic

_KINDS: dict[str, type[Event]] = {
    "access.queries": AccessQuery,
    "presence.doors": Door,
    "presence.signins": SignIn,
}
_TOLD_BY = {
    "function": "access.queries",
    "zone_id": "presence.doors",
    "method": "presence.signins",
}


# A glance at a line's time, to learn cheaply whether a file is in order; a line that hides it
# from the glance is parsed like all others, and at worst stands where it was recorded.
_OCCURRED_AT = re.compile(rb'"occurred_at"\s*:\s*"([^"]+)"')
_EARLIEST = datetime(1970, 1, 1, tzinfo=UTC)


class Fault(NamedTuple):
    """Name one malformed line."""

    path: Path
    number: int
    code: str
    sentence: str


OnFault = Callable[[Fault], None]


class _Placed(NamedTuple):
    """Order one event among all: by time, then topic, then position."""

    at_s: float
    topic: str
    file: int
    number: int
    event: Event


@dataclass
class EventFiles:
    """Yield the events of several files in one order.

    Event-time order, ties by topic, then by position; `as_recorded` keeps each file's own
    order and aligns the files by the newest time that each has reached. A file that is not in
    event-time order is held in memory to be sorted; one that is, is streamed.
    """

    paths: list[Path]
    on_fault: OnFault
    as_recorded: bool = False

    def __iter__(self) -> Iterator[TopicEvent]:
        streams = [self._in_order(path, i) for i, path in enumerate(self.paths)]
        for placed in merge(*streams, key=lambda p: p[:4]):
            yield placed.topic, placed.event

    def _in_order(self, path: Path, file: int) -> Iterator[_Placed]:
        if self.as_recorded:
            return self._as_it_stands(path, file)
        if _is_ordered(path):
            return self._read(path, file)
        return iter(sorted(self._read(path, file), key=lambda p: p[:4]))

    def _as_it_stands(self, path: Path, file: int) -> Iterator[_Placed]:
        reached_s = 0.0
        for placed in self._read(path, file):
            reached_s = max(reached_s, placed.at_s)
            # One topic for all, else a tie would reorder within the file.
            yield placed._replace(at_s=reached_s)

    def _read(self, path: Path, file: int) -> Iterator[_Placed]:
        topic = "access.queries"
        for line in open_lines(path):
            try:
                topic, event = _parsed(line.value, topic)
            except MalformedError as error:
                self.on_fault(Fault(path, line.number, error.code, error.sentence))
                continue
            yield _Placed(event.occurred_at.timestamp(), topic, file, line.number, event)


def _parsed(value: bytes, topic: str) -> tuple[str, Event]:
    """Return a line's topic and event, trying first the topic of the line before."""
    small_enough(value)
    try:
        return topic, _KINDS[topic].parse(value)
    except MalformedError:
        told = _topic_told(value)
        if told in (None, topic):
            raise
        return told, _KINDS[told].parse(value)


def _topic_told(value: bytes) -> str | None:
    try:
        fields = json.loads(value)
    except (ValueError, RecursionError):
        return None
    if not isinstance(fields, dict):
        return None
    return next((topic for field, topic in _TOLD_BY.items() if field in fields), None)


def _is_ordered(path: Path) -> bool:
    """Return whether a file's lines come in event-time order, as far as that can be seen."""
    before = _EARLIEST
    for line in open_lines(path):
        match = _OCCURRED_AT.search(line.value)
        if match is None:
            continue
        try:
            at = parse_time(match[1].decode("ascii", "replace"))
        except PydanticCustomError:
            continue
        if at < before:
            return False
        before = at
    return True


def load_context(folder: Path, on_fault: OnFault) -> Context:
    """Return the context in a folder's files; raises MonomiError `context_missing`.

    A topic without a file is not fed, and switches off the detectors that need it.
    """
    if not folder.is_dir():
        raise MonomiError(
            "context_missing", f"{folder}: no such folder; name the one with directory.*.jsonl"
        )
    context = Context()
    for topic in CONTEXT_TOPICS:
        for suffix in SUFFIXES:
            path = folder / f"{topic.name}{suffix}"
            if path.exists():
                _feed(context, topic, path, on_fault)
    return context


def _feed(context: Context, topic: Topic, path: Path, on_fault: OnFault) -> None:
    for line in open_lines(path):
        try:
            parsed = topic.record.parse(small_enough(line.value))
        except MalformedError as error:
            on_fault(Fault(path, line.number, error.code, error.sentence))
            continue
        context.put(topic.name, topic.key_of(parsed), parsed)
