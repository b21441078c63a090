"""How the console stands."""

from __future__ import annotations

from fastapi import APIRouter
from fastapi.responses import JSONResponse, Response

from alerting.console.asking import TheConsole

router = APIRouter(include_in_schema=False)


@router.get("/healthz")
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
