"""An alert's history in words: who did what, and what they wrote."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from alerting.console.views import Moment, Viewer
from alerting.store import MONITOR, HistoryRow


@dataclass(frozen=True)
class StoryLine:
    """Hold one change in words; `note` is what its person wrote."""

    version: int
    kind: str
    at: Moment
    words: str
    note: str


def story_of(viewer: Viewer, rows: Iterable[HistoryRow]) -> list[StoryLine]:
    """Return the changes of an alert's life in words, the last first."""
    return [_line(viewer, row) for row in reversed(list(rows))]


def _line(viewer: Viewer, row: HistoryRow) -> StoryLine:
    details, say = row.details, viewer.say
    severity, verdict = details.get("severity"), details.get("verdict")
    by = details.get("acknowledged_by") if row.kind == "came_back" else row.by
    words = say(
        _key(row),
        by=viewer.person(by),
        to=_recipient(viewer, details),
        severity=say(f"severity.{severity}") if severity else "",
        verdict=say(f"verdict.{verdict}") if verdict else "",
        from_whom=say("and").join(map(viewer.person, details.get("from", ()))),
    )
    note = details.get("note") or details.get("text") or ""
    return StoryLine(row.version, row.kind, viewer.moment(row.at), words, str(note))


def _key(row: HistoryRow) -> str:
    if row.kind == "opened" and row.details.get("news") is False:
        return "story.opened.quiet"
    if row.kind == "reopened" and row.by == MONITOR:
        return "story.reopened.evidence"
    if row.kind == "withdrawn" and row.details.get("to"):
        return "story.withdrawn.to"
    return f"story.{row.kind}"


def _recipient(viewer: Viewer, details: Mapping[str, Any]) -> str:
    person, absent = viewer.person(details.get("to")), details.get("stands_in_for")
    if absent is None:
        return person
    return viewer.say("story.stands_in", person=person, absent=viewer.person(absent))
