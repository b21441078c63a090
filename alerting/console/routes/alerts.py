"""Routes that show alerts."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response
from sse_starlette import EventSourceResponse

from alerting.console.asking import TheConsole, TheLanguage, page
from alerting.console.messages import Language
from alerting.console.stream import alert_events

LISTED_ALERTS = 100

router = APIRouter()


@router.get("/")
async def alerts(request: Request, console: TheConsole, language: TheLanguage) -> Response:
    """Show the newest alerts, and those that come while the page is open."""
    row = await console.store.newest_row()  # first: what comes meanwhile is streamed
    current = await console.store.newest(LISTED_ALERTS)
    html = console.pages.alerts(language, current, row, console.feed.state)
    return page(request, language, html)


@router.get("/alerts.json")
async def alerts_json(
    console: TheConsole, limit: Annotated[int, Query(ge=1, le=1000)] = LISTED_ALERTS
) -> Response:
    """Return the newest alerts, as the stream would."""
    row = await console.store.newest_row()
    current = await console.store.newest(limit)
    listed = ",".join(stored.to_json() for stored in current)
    return Response(f'{{"row":{row},"alerts":[{listed}]}}', media_type="application/json")


@router.get("/alerts/{alert_id}")
async def alert(
    request: Request, console: TheConsole, language: TheLanguage, alert_id: str
) -> Response:
    """Show one alert whole: its reasons, look-ups and revisions."""
    revisions = await console.store.revisions(alert_id)
    if not revisions:
        return page(request, language, console.pages.not_found(language), 404)
    return page(request, language, console.pages.alert(language, revisions))


@router.get("/stream")
async def stream(
    request: Request,
    console: TheConsole,
    after: Annotated[int | None, Query(ge=0)] = None,
    cards: Language | None = None,
) -> Response:
    """Stream alerts after a row; without one, from now on.

    The header Last-Event-ID holds before `after`: a browser that reconnects by itself sends
    both, and `after` is the older. `cards` adds each alert's card in a language.
    """
    last = request.headers.get("last-event-id", "")
    if last.isascii() and last.isdigit() and len(last) <= 18:
        after = int(last)
    return EventSourceResponse(alert_events(console, after, cards), ping=0)
