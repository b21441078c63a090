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
from models.replay import TopicEvent
from schemas.errors import MalformedError, MonomiError
from schemas.events import EVENT_DECODERS, Event
from schemas.lines import SUFFIXES, open_blocks, open_lines
from schemas.record import parse_time, small_enough
from schemas.topics import CONTEXT_TOPICS, Topic

_TOLD_BY = {
    "function": "access.queries",
    "zone_id": "presence.doors",
    "method": "presence.signins",
}


# A glance at a line's time, to learn cheaply whether a file is in order; a line that hides it
# from the glance is parsed like all others, and at worst stands where it was recorded.
_OCCURRED_AT = re.compile(rb'"occurred_at"\s*:\s*"([^"\n]+)"')
_EARLIEST = datetime(1970, 1, 1, tzinfo=UTC)


class Fault(NamedTuple):
    """Name one malformed line."""

    path: Path
    number: int
    code: str
    sentence: str


OnFault = Callable[[Fault], None]


_Placed = tuple[float, str, int, int, Event]
"""An event behind what orders it among all: its time, then topic, file and line."""


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
        # No two have the same file and line, so that events are never compared.
        for _, topic, _, _, event in merge(*streams):
            yield topic, event

    def _in_order(self, path: Path, file: int) -> Iterator[_Placed]:
        if self.as_recorded:
            return self._as_it_stands(path, file)
        if _is_ordered(path):
            return self._read(path, file)
        return iter(sorted(self._read(path, file)))

    def _as_it_stands(self, path: Path, file: int) -> Iterator[_Placed]:
        reached_s = 0.0
        for at_s, topic, _, number, event in self._read(path, file):
            reached_s = max(reached_s, at_s)
            yield reached_s, topic, file, number, event

    def _read(self, path: Path, file: int) -> Iterator[_Placed]:
        number, topic = 0, "access.queries"
        for block in open_blocks(path):
            # A line of another kind, or one in doubt, sends its block line by line.
            events = EVENT_DECODERS[topic].plain_lines(block)
            if events is not None:
                for event in events:
                    number += 1
                    yield event.at_s, topic, file, number, event
                continue
            for value in block.split(b"\n"):
                number += 1
                if not value or value.isspace():
                    continue
                try:
                    topic, event = _parsed(value, topic)
                except MalformedError as error:
                    self.on_fault(Fault(path, number, error.code, error.sentence))
                    continue
                yield event.at_s, topic, file, number, event


def _parsed(value: bytes, topic: str) -> tuple[str, Event]:
    """Return a line's topic and event, trying first the topic of the line before."""
    event = EVENT_DECODERS[topic].plain(value)
    if event is not None:
        return topic, event
    small_enough(value)
    for other, decoder in EVENT_DECODERS.items():
        # What is plain for one topic lacks a field that each other one requires.
        event = decoder.plain(value)
        if event is not None:
            return other, event
    try:
        return topic, EVENT_DECODERS[topic].decode(value)
    except MalformedError:
        told = _topic_told(value)
        if told in (None, topic):
            raise
        return told, EVENT_DECODERS[told].decode(value)


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
    newest = _EARLIEST
    for block in open_blocks(path):
        texts = _OCCURRED_AT.findall(block)
        if _sort_as_times(texts):
            if texts != sorted(texts):
                return False
            texts = [texts[0], texts[-1]]
        for at in filter(None, map(_time_glanced, texts)):
            if at < newest:
                return False
            newest = at
    return True


def _sort_as_times(texts: list[bytes]) -> bool:
    """Return whether the order of the texts is that of their times: all have one `+hh:mm`.

    Fractions of any length sort well before a sign, which is less than a digit and a point.
    """
    if not texts or texts[0][-6:-5] not in (b"+", b"-"):
        return False
    joined = b'"'.join([*texts, b""])
    alike = joined.count(texts[0][-6:] + b'"') == len(texts) and b"t" not in joined
    return alike and None not in (_time_glanced(texts[0]), _time_glanced(texts[-1]))


def _time_glanced(text: bytes) -> datetime | None:
    try:
        return parse_time(text.decode("ascii", "replace"))
    except PydanticCustomError:
        return None


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
