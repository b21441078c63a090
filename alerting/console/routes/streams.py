"""The route of the stream."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response
from sse_starlette import EventSourceResponse

from alerting.access.person import Person
from alerting.audit.entry import Verb
from alerting.console.asking import TheConsole, asked_for
from alerting.console.filters import Filters
from alerting.console.gate import ThePerson
from alerting.console.messages import Language
from alerting.console.reader import query_of
from alerting.console.stream import Console, Wish, alert_events

_MOST_DIGITS = 18

router = APIRouter(include_in_schema=False)


@router.get("/stream")
async def stream(
    request: Request,
    console: TheConsole,
    person: ThePerson,
    after: Annotated[int | None, Query(ge=0)] = None,
    changed: Annotated[int | None, Query(ge=0)] = None,
    cards: Language | None = None,
) -> Response:
    """Stream alerts after a row and what people do after a change; without these, from now on.

    The header Last-Event-ID (`row.change`) holds before both: a browser that reconnects by
    itself sends them too, and they are older. `cards` adds each alert's card in a language, and
    whether it matches the list's filters, which are asked for as the list's are.
    """
    last_row, last_change = _place(request.headers.get("last-event-id", ""))
    if last_row is None:  # else it is the one that was open before
        details = {"filters": asked_for(request)}
        await console.door.note(request, person, Verb.VIEW, "stream", **details)
    filters, scope = Filters.of(request.query_params), query_of(person)
    zone = console.pages.zone
    wish = Wish(
        scope=scope,
        after=after if last_row is None else last_row,
        changed=changed if last_change is None else last_change,
        cards=cards,
        filters=filters.narrow(scope, person.person_id, zone),
        counted=filters.counted().narrow(scope, person.person_id, zone) if cards else None,
        reader=person.person_id,
        store=console.store_of(person),
        is_in=lambda: _is_still(console, request, person),
    )
    return EventSourceResponse(alert_events(console, wish), ping=0)


async def _is_still(console: Console, request: Request, person: Person) -> bool:
    """Return whether a stream's reader is signed in as before."""
    return await console.doorkeeper.person(request, at_work=False) == person


def _place(text: str) -> tuple[int | None, int | None]:
    """Return the row and the change in an event's id; None for what it does not say."""
    row, _, change = text.partition(".")
    return _number(row), _number(change)


def _number(text: str) -> int | None:
    fits = text.isascii() and text.isdigit() and len(text) <= _MOST_DIGITS
    return int(text) if fits else None
