"""The console's routes."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

from fastapi import APIRouter, Depends, FastAPI, Query, Request
from fastapi.responses import HTMLResponse, JSONResponse, Response
from sse_starlette import EventSourceResponse
from starlette.staticfiles import StaticFiles

from alerting.console.messages import LANGUAGES, Language, choose_language
from alerting.console.security import LoopbackNamesOnly, SecurityHeaders
from alerting.console.stream import Console, alert_events

LISTED_ALERTS = 100
_STATIC = Path(__file__).parent / "static"
_COOKIE = "monomi_lang"
_COOKIE_MAX_AGE_S = 365 * 24 * 3600

_routes = APIRouter()


def console_app(console: Console, *, loopback_only: bool) -> FastAPI:
    """Return the web application over a store and its feed.

    With `loopback_only` it answers to this machine's own names alone.
    """
    # No pages of documentation: FastAPI's take their scripts from elsewhere.
    app = FastAPI(title="Monomi", docs_url=None, redoc_url=None, openapi_url=None)
    app.state.console = console
    app.include_router(_routes)
    app.mount("/static", _Static(directory=_STATIC), name="static")
    if loopback_only:
        app.add_middleware(LoopbackNamesOnly)
    app.add_middleware(SecurityHeaders)
    return app


class _Static(StaticFiles):
    """Serve files that a browser keeps but asks about each time."""

    def file_response(self, *args: Any, **kwargs: Any) -> Response:
        """Return a file's answer, which the browser may keep if it asks again."""
        response = super().file_response(*args, **kwargs)
        response.headers["Cache-Control"] = "no-cache"
        return response


def _console(request: Request) -> Console:
    console: Console = request.app.state.console
    return console


def _language(request: Request) -> Language:
    return choose_language(
        request.query_params.get("lang"),
        request.cookies.get(_COOKIE),
        request.headers.get("accept-language", ""),
    )


TheConsole = Annotated[Console, Depends(_console)]
TheLanguage = Annotated[Language, Depends(_language)]


def _page(request: Request, language: Language, html: str, status_code: int = 200) -> Response:
    """Return a page, and keep the language where the reader chose one."""
    response = HTMLResponse(html, status_code, {"Vary": "Accept-Language, Cookie"})
    if request.query_params.get("lang") in LANGUAGES:
        response.set_cookie(
            _COOKIE, language, max_age=_COOKIE_MAX_AGE_S, httponly=True, samesite="lax"
        )
    return response


@_routes.get("/")
async def alerts(request: Request, console: TheConsole, language: TheLanguage) -> Response:
    """Show the newest alerts, and those that come while the page is open."""
    row = await console.store.newest_row()  # first: what comes meanwhile is streamed
    current = await console.store.newest(LISTED_ALERTS)
    html = console.pages.alerts(language, current, row, console.feed.state)
    return _page(request, language, html)


@_routes.get("/alerts.json")
async def alerts_json(
    console: TheConsole, limit: Annotated[int, Query(ge=1, le=1000)] = LISTED_ALERTS
) -> Response:
    """Return the newest alerts, as the stream would."""
    row = await console.store.newest_row()
    current = await console.store.newest(limit)
    listed = ",".join(stored.to_json() for stored in current)
    return Response(f'{{"row":{row},"alerts":[{listed}]}}', media_type="application/json")


@_routes.get("/alerts/{alert_id}")
async def alert(
    request: Request, console: TheConsole, language: TheLanguage, alert_id: str
) -> Response:
    """Show one alert whole: its reasons, look-ups and revisions."""
    revisions = await console.store.revisions(alert_id)
    if not revisions:
        return _page(request, language, console.pages.not_found(language), 404)
    return _page(request, language, console.pages.alert(language, revisions))


@_routes.get("/stream")
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


@_routes.get("/healthz")
async def healthz(console: TheConsole) -> Response:
    """Say how the feed stands; the console itself is well where it answers."""
    feed = console.feed
    return JSONResponse(
        {
            "status": "ok" if feed.state == "live" else "degraded",
            "row": await console.store.newest_row(),
            "feed": {
                "state": feed.state,
                "partitions": feed.partitions,
                "stored": feed.stored,
                "repeated": feed.repeated,
                "malformed": feed.malformed,
            },
        }
    )
