"""Lines of files on their way to Kafka: whose topic, which key, which event time."""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from operator import attrgetter
from pathlib import Path
from typing import Any

import msgspec

from schemas.errors import MonomiError
from schemas.lines import SUFFIXES, open_lines
from schemas.topics import CONTEXT_TOPICS, EVENT_TOPICS, Topic

PRODUCED = {topic.name: topic for topic in (*CONTEXT_TOPICS, *EVENT_TOPICS)}
"""The topics that files may fill; results are written by the monitor and the console alone."""

BACKFILLED = "backfill"
"""The header of a record that `monomi backfill` sends: what it raises is history."""

_MAX_KEY_CHARS = 1000
_MAX_HELD = 1000
_BEFORE_ALL = float("-inf")


@dataclass(frozen=True)
class Source:
    """Name one file and the topic that it fills; `name` is the path as text."""

    path: Path
    topic: Topic
    name: str = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "name", str(self.path))


@dataclass(slots=True)
class Outgoing:
    """Hold one line as it stands; `key` is None where the line has none that could be one.

    `time_s` is its event time in seconds since 1970, and minus infinity before the first.
    """

    source: Source
    number: int
    value: bytes
    key: bytes | None
    time_s: float


def find_sources(paths: Iterable[Path], topic: str | None = None) -> list[Source]:
    """Return the files to produce, context first, in the order of the topic table.

    A folder stands for the files in it that are named for a topic, and for those of its
    `context/`. With `topic` every given file goes there. Raises MonomiError `topic_unknown`,
    `file_missing`, `folder_empty`.
    """
    sources: list[Source] = []
    for path in paths:
        if path.is_dir():
            sources += _in_folder(path)
        elif not path.exists():
            raise MonomiError("file_missing", f"{path}: no such file; check its name")
        else:
            sources.append(Source(path, _topic_named(topic or _topic_of(path), path)))
    order = list(PRODUCED)
    return sorted(sources, key=lambda source: order.index(source.topic.name))


def read_outgoing(source: Source) -> Iterator[Outgoing]:
    """Yield a file's lines in its order; raises what `open_lines` raises.

    A time ahead of the next line's counts as that one, so that a single mistyped year does
    not hold up all that follows; a line without a time goes with the one before it.
    """
    decode = _head_decoder(source.topic)
    held: list[Outgoing] = []  # a line with a time, and those after it that have none
    last_s = _BEFORE_ALL
    for number, value in open_lines(source.path):
        key, time_s = _key_and_time(decode, value)
        if held and (time_s is not None or len(held) == _MAX_HELD):
            if time_s is not None and time_s < last_s:
                for line in held:
                    line.time_s = time_s
            yield from held
            held = []
        if time_s is not None:
            last_s = time_s
        held.append(Outgoing(source, number, value, key, last_s))
    yield from held


def merge_outgoing(
    sources: Sequence[Source], reached: Mapping[str, int] | None = None
) -> Iterator[Outgoing]:
    """Yield the lines of all files by event time, each file's in its own order.

    Of a file named in `reached`, those after that line.
    """
    files = [_after(source, (reached or {}).get(source.name, 0)) for source in sources]
    return files[0] if len(files) == 1 else heapq.merge(*files, key=attrgetter("time_s"))


def _after(source: Source, number: int) -> Iterator[Outgoing]:
    lines = read_outgoing(source)
    return (line for line in lines if line.number > number) if number else lines


def count_lines(sources: Iterable[Source]) -> int | None:
    """Return how many lines the files have, None where one can be read only once (a pipe).

    Reads them to the end, so that a file that is cut off shows before anything is sent.
    """
    count = 0
    for source in sources:
        if not source.path.is_file():
            return None
        count += sum(1 for _ in open_lines(source.path))
    return count


def _in_folder(folder: Path) -> list[Source]:
    names = {name + suffix: topic for name, topic in PRODUCED.items() for suffix in SUFFIXES}
    found = [
        Source(path, names[path.name])
        for place in (folder, folder / "context")
        for path in sorted(place.glob("*.jsonl*"))
        if path.name in names
    ]
    if not found:
        raise MonomiError(
            "folder_empty", f"{folder}: no file in it has a topic's name (access.queries.jsonl …)"
        )
    return found


def _topic_of(path: Path) -> str:
    for suffix in SUFFIXES:
        if path.name.endswith(suffix):
            return path.name.removesuffix(suffix)
    return path.name


def _topic_named(name: str, path: Path) -> Topic:
    if name not in PRODUCED:
        raise MonomiError(
            "topic_unknown",
            f"{path}: {name} is no topic that files fill; name the file for its topic or give "
            f"--topic, one of {', '.join(PRODUCED)}",
        )
    return PRODUCED[name]


def _head_decoder(topic: Topic) -> msgspec.json.Decoder[Any]:
    """Return what reads of a line only what sending needs, whatever its type."""
    head = msgspec.defstruct(
        "Head",
        [("key", Any, None), ("occurred_at", Any, None)],
        rename={"key": topic.key} if topic.key else None,
    )
    return msgspec.json.Decoder(head)


def _key_and_time(
    decode: msgspec.json.Decoder[Any], value: bytes
) -> tuple[bytes | None, float | None]:
    try:
        head = decode.decode(value)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return None, None
    key, occurred_at = head.key, head.occurred_at
    try:
        moment = datetime.fromisoformat(occurred_at) if type(occurred_at) is str else None
    except ValueError:
        moment = None
    time_s = moment.timestamp() if moment is not None and moment.tzinfo is not None else None
    is_key = type(key) is str and 0 < len(key) <= _MAX_KEY_CHARS
    return key.encode() if is_key else None, time_s
