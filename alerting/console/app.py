"""The console's web application, put together."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from fastapi import Depends, FastAPI, Request
from fastapi.responses import RedirectResponse, Response
from starlette.staticfiles import StaticFiles

from alerting.console.api import routes as api
from alerting.console.api.refusals import refuse_http, refuse_in_json
from alerting.console.asking import language_of, show
from alerting.console.gate import NotForRole, SignInFirst, admit, wants_page
from alerting.console.origin import SameOriginOnly
from alerting.console.routes import (
    absences,
    alert,
    alerts,
    audit,
    health,
    sections,
    sign_in,
    standing,
    streams,
)
from alerting.console.security import LoopbackNamesOnly, SecurityHeaders, SmallBodiesOnly
from alerting.console.stream import Console

ROUTERS = (
    *(alerts.router, alert.router, streams.router),
    *(sections.router, absences.router, health.router, api.router),
    *(sign_in.router, audit.router, standing.router),
)
"""All routes there are; `gate.ROUTES` says who may ask for each."""

_STATIC = Path(__file__).parent / "static"


def console_app(console: Console, *, loopback_only: bool) -> FastAPI:
    """Return the web application over a store and its feed.

    With `loopback_only` it answers to this machine's own names alone.
    """
    # No pages of documentation: FastAPI's take their scripts from elsewhere.
    app = FastAPI(
        title="Monomi",
        version=api.VERSION,
        docs_url=None,
        redoc_url=None,
        openapi_url=api.DESCRIPTION_PATH,
    )
    app.state.console = console
    refuse_in_json(app)
    app.add_exception_handler(SignInFirst, _to_sign_in)
    app.add_exception_handler(NotForRole, _not_for_role)
    for router in ROUTERS:
        app.include_router(router, dependencies=[Depends(admit)])
    app.mount("/static", _Static(directory=_STATIC), name="static")
    app.add_middleware(SameOriginOnly)
    app.add_middleware(SmallBodiesOnly)
    if loopback_only:
        app.add_middleware(LoopbackNamesOnly)
    app.add_middleware(SecurityHeaders)
    return app


async def _to_sign_in(request: Request, _: Exception) -> Response:
    """Send a browser to the sign-in, and from there to where it wanted to go."""
    place = request.url.path + (f"?{request.url.query}" if request.url.query else "")
    return RedirectResponse(f"/sign-in?{urlencode({'next': place})}", 303)


async def _not_for_role(request: Request, error: Exception) -> Response:
    """Tell a person on a page, and a program by a code, that their role does not see this."""
    if not wants_page(request):
        return await refuse_http(request, error)
    person = request.state.person
    return show(request, language_of(request), person, "not_for_role.html", 403)


class _Static(StaticFiles):
    """Serve files that a browser keeps but asks about each time."""

    def file_response(self, *args: Any, **kwargs: Any) -> Response:
        """Return a file's answer, which the browser may keep if it asks again."""
        response = super().file_response(*args, **kwargs)
        response.headers["Cache-Control"] = "no-cache"
        return response
