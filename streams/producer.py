"""Send files to Kafka, each line as it stands, at the pace of their event times."""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from pydantic import Field

from streams.line_sender import Headers, LineSender
from streams.outgoing import Outgoing, Source, merge_outgoing
from streams.topics import TopicSettings

Pace = Callable[[float], float]
"""From seconds of event time since the first event to seconds of wall time since then."""

Kept = Callable[[Mapping[str, int]], None]
"""Told now and then up to which line of each file Kafka has taken all, whatever comes."""

Progress = Callable[[int, float | None], None]
"""Told now and then: how many lines are sent, and the event time reached, seconds since 1970."""

_PROGRESS_EVERY_S = 0.1
_KEPT_EVERY = 50_000
"""Lines after which a sender that is asked for it makes sure that Kafka has them."""


class ProducerSettings(TopicSettings):
    """Hold how long Kafka may be away before a record counts as not taken."""

    delivery_timeout_s: float = Field(30.0, ge=1, description="Then `produce` gives up")


@dataclass
class Produced:
    """Say what was sent, when `produce` ended.

    `records` by topic without prefix, each taken by Kafka; `keyless` of them had no JSON or
    no key. `too_long` names the lines that no topic takes, and that were not sent. `reached`
    is the last line sent of each file; `stopped` says that it did not come to the end.
    """

    records: Counter[str] = field(default_factory=Counter)
    keyless: int = 0
    too_long: list[str] = field(default_factory=list)
    reached: dict[str, int] = field(default_factory=dict)
    event_time_s: float | None = None
    seconds: float = 0.0
    stopped: bool = False


def produce(
    sources: Sequence[Source],
    bootstrap: str,
    prefix: str = "",
    *,
    pace: Pace | None = None,
    on_progress: Progress | None = None,
    stop: threading.Event | None = None,
    delivery_timeout_s: float = 30.0,
    reached: Mapping[str, int] | None = None,
    on_kept: Kept | None = None,
    headers: Headers | None = None,
) -> Produced:
    """Send all lines, or those after the lines `reached`; return when Kafka has taken them.

    Context goes first, as fast as it can, then all events merged by event time: at `pace`,
    or as fast as they can without. The topics must stand (`create_topics`). Once `stop` is
    set it sends no more, waits for what is under way, and returns with `stopped`. Raises
    MonomiError `broker_unreachable`, `broker_lost`, and what `open_lines` raises.
    """
    stop = stop or threading.Event()
    done = Produced()
    started = time.monotonic()
    with LineSender(bootstrap, prefix, delivery_timeout_s, headers or []) as sender:
        run = _Run(sender, done, stop, on_progress, on_kept)
        for kind, kind_pace in (("context", None), ("event", pace)):
            chosen = [source for source in sources if source.topic.kind == kind]
            run.send_all(merge_outgoing(chosen, reached) if chosen else (), kind_pace)
    done.seconds = time.monotonic() - started
    return done


def same_speed(speed: float) -> Pace:
    """Return the pace that is `speed` times the events' own."""
    return lambda event_s: event_s / speed


class _Run:
    """One run over the files: keeps the pace and counts."""

    def __init__(
        self,
        sender: LineSender,
        done: Produced,
        stop: threading.Event,
        on_progress: Progress | None,
        on_kept: Kept | None,
    ) -> None:
        self._sender, self._done, self._stop = sender, done, stop
        self._on_progress, self._on_kept = on_progress, on_kept
        self._told_at = 0.0
        self._unkept = 0

    def send_all(self, lines: Iterable[Outgoing], pace: Pace | None) -> None:
        """Send lines when they are due, then wait until Kafka has them."""
        first_s: float | None = None
        begun = time.monotonic()
        for line in lines:
            if pace is not None and line.time_s > float("-inf"):
                if first_s is None:
                    first_s, begun = line.time_s, time.monotonic()
                self._wait_until(begun + pace(max(0.0, line.time_s - first_s)))
            if self._stop.is_set():
                self._done.stopped = True
                break
            self._send(line)
            self._unkept += 1
            if self._on_kept is not None and self._unkept >= _KEPT_EVERY:
                self._keep()
        self._keep()
        self._tell(always=True)

    def _keep(self) -> None:
        self._sender.flush()
        self._unkept = 0
        if self._on_kept is not None:
            self._on_kept(self._done.reached)

    def _wait_until(self, due: float) -> None:
        while (left := due - time.monotonic()) > 0 and not self._stop.is_set():
            self._sender.settle()
            self._tell()
            self._stop.wait(min(left, _PROGRESS_EVERY_S))

    def _send(self, line: Outgoing) -> None:
        done, topic = self._done, line.source.topic
        if len(line.value) > topic.max_value_bytes:
            done.too_long.append(f"{line.source.path}, line {line.number}")
        else:
            self._sender.send(topic.name, line.key, line.value)
            done.records[topic.name] += 1
            done.keyless += line.key is None
        done.reached[line.source.name] = line.number
        if line.time_s > (done.event_time_s or float("-inf")):
            done.event_time_s = line.time_s
        self._tell()

    def _tell(self, always: bool = False) -> None:
        now = time.monotonic()
        if self._on_progress and (always or now - self._told_at > _PROGRESS_EVERY_S):
            self._told_at = now
            self._on_progress(self._done.records.total(), self._done.event_time_s)
