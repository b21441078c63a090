"""What Monomi says of a log, replayed with an empty context: the mean score of each block."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from benchmarks.masquerade.log import BLOCK, Line, Size
from models.calendar import Calendar
from models.context import Context
from models.policy import Policy
from models.replay import Replay, TopicEvent
from schemas.alerts import Alert
from schemas.events import LookUpEvent
from schemas.files import ScoreLine
from schemas.record import format_time

DETECTOR = "out_of_role"
_ALIKE = 0.5
"""The score of a look-up that was not scored: self and others are alike."""
_ZONE = ZoneInfo("Asia/Tokyo")
_BEGINS = datetime(2014, 4, 1, 9, 0, tzinfo=_ZONE)


class Timing(NamedTuple):
    """Say when commands were given: how far apart, and operators together or in turn."""

    apart_s: float
    in_turn: bool = False


def block_scores(lines: Sequence[Line], size: Size, timing: Timing) -> list[float]:
    """Return Monomi's mean score of each test block, operator by operator, in order."""
    sums = {line.operator_id: [0.0] * size.blocks for line in lines}

    def add(line: ScoreLine) -> None:
        score = line.scores[DETECTOR]
        place = int(line.event_id.rpartition("-")[2]) // BLOCK
        sums[line.operator_id][place] += _ALIKE if score is None else score

    calendar = Calendar(_ZONE)
    alerts: list[Alert] = []
    Replay(Context(), Policy(), calendar, alerts.append, add).run(events_of(lines, timing))
    return [
        total / BLOCK for line in lines for total in sums[line.operator_id][size.clean_blocks :]
    ]


def events_of(lines: Sequence[Line], timing: Timing) -> Iterator[TopicEvent]:
    """Yield the log as look-ups of no resident, in the order of their times."""
    apart_s = timing.apart_s
    if timing.in_turn:
        for turn, line in enumerate(lines):
            for n, command in enumerate(line.commands):
                yield _look_up(line, n, command, (turn * len(line.commands) + n) * apart_s)
        return
    for n, commands in enumerate(zip(*(line.commands for line in lines), strict=True)):
        for place, (line, command) in enumerate(zip(lines, commands, strict=True)):
            yield _look_up(line, n, command, (n + place / len(lines)) * apart_s)


def _look_up(line: Line, number: int, command: str, after_s: float) -> TopicEvent:
    at = _BEGINS + timedelta(seconds=after_s)
    event = LookUpEvent(
        event_id=f"{line.operator_id}-{number}",
        at_text=format_time(at),
        operator_id=line.operator_id,
        terminal_id=f"t-{line.operator_id}",
        function=command,
        action="view",
        at_s=at.timestamp(),
    )
    return "access.queries", event
