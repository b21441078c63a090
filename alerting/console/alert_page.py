"""The page of one alert: everything on it, read once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup

from alerting.access.person import Person
from alerting.console.around import around
from alerting.console.messages import Language
from alerting.console.people import who_answer
from alerting.console.reader import may_decide
from alerting.console.story import StoryLine, story_of
from alerting.console.stream import Console
from alerting.console.views import Viewer
from alerting.store import AlertState, Listed, Recipient

VERDICTS = ("justified", "misuse", "false_alarm", "undetermined")


@dataclass(frozen=True)
class Draft:
    """Hold what was typed for a step, so that nothing is lost where it is not taken.

    `version` and `revision` are those that its person saw; None where they do not matter.
    """

    verdict: str = ""
    note: str = ""
    text: str = ""
    to: str = ""
    version: int | None = None
    revision: int | None = None


@dataclass(frozen=True)
class Meanwhile:
    """Hold what others did since a person opened the page."""

    lines: Sequence[StoryLine]
    new_evidence: bool


async def alert_values(
    console: Console,
    person: Person,
    language: Language,
    alert_id: str,
    draft: Draft,
    error: str = "",
) -> dict[str, Any]:
    """Return what the template of an alert's page needs; the alert is there.

    `error` is the code of why a step was not taken.
    """
    store, viewer = console.store_of(person), console.viewer_of(person, language)
    state = await store.state(alert_id)
    revisions = await store.revisions(alert_id)
    assert state is not None
    newest = next(each for each in revisions if each.alert.revision == state.revision)
    story = story_of(viewer, await store.history(alert_id))
    stored = await store.evidence(alert_id)
    barred = await console.office.life.barred(alert_id)
    desk = console.office.desk
    return {
        "alert": viewer.alert(Listed(newest, state)),
        "headline": headline(viewer, newest.alert.resident_id, newest.alert.event_count, state),
        "revisions": [viewer.revision(each) for each in revisions],
        "around": around(viewer, desk.calendar, newest.alert, stored.evidence if stored else None),
        "story": story,
        "due": viewer.due(state, "due", ".long"),
        "recipients": [_recipient(viewer, r) for r in await store.recipients(alert_id)],
        "advice": _advice(viewer, [reason.detector for reason in newest.alert.reasons]),
        "decides": may_decide(person) and person.person_id not in barred,
        "party": person.person_id in barred,
        "people": who_answer(desk, state.section_id, barred),
        "verdicts": VERDICTS,
        "draft": draft,
        "meanwhile": _meanwhile(draft, story, state) if error else None,
        "error": error,
        "change": await store.newest_history_row(),
        "row": await store.newest_row(),
    }


def headline(viewer: Viewer, resident_id: str | None, count: int, state: AlertState) -> Markup:
    """Return what happened in one line."""
    key = "headline.resident" if resident_id else "headline.none"
    return viewer.say.marked(
        f"{key}.{'one' if count == 1 else 'other'}",
        operator=viewer.named(state.operator_id),
        resident=viewer.named(resident_id) if resident_id else "",
        count=f"{count:,}",
    )


def _recipient(viewer: Viewer, recipient: Recipient) -> tuple[str, str]:
    """Return who was told, and as what."""
    office = viewer.say(f"recipient.{recipient.office}")
    if recipient.stands_in_for is not None:
        person = viewer.person(recipient.stands_in_for)
        office = viewer.say("recipient.stands_in", person=person)
    return viewer.person(recipient.person_id), office


def _advice(viewer: Viewer, detectors: Sequence[str]) -> list[str]:
    said = (viewer.say.known(f"advice.{detector}", "") for detector in detectors[:3])
    return [words for words in said if words]


def _meanwhile(draft: Draft, story: Sequence[StoryLine], state: AlertState) -> Meanwhile:
    since = [line for line in story if draft.version is not None and line.version > draft.version]
    newer = draft.revision is not None and state.revision > draft.revision
    return Meanwhile(since, newer)
