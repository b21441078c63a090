"""The console's web application, put together."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from fastapi import Depends, FastAPI
from fastapi.responses import Response
from starlette.staticfiles import StaticFiles

from alerting.console.api import routes as api
from alerting.console.api.refusals import refuse_in_json
from alerting.console.gate import admit
from alerting.console.routes import absences, alert, alerts, health, sections, streams
from alerting.console.security import LoopbackNamesOnly, SecurityHeaders
from alerting.console.stream import Console

ROUTERS = (
    *(alerts.router, alert.router, streams.router),
    *(sections.router, absences.router, health.router, api.router),
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
    for router in ROUTERS:
        app.include_router(router, dependencies=[Depends(admit)])
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
