"""The route of how the console stands, for those who keep it running: no alert is on it."""

from __future__ import annotations

from fastapi import APIRouter, Request
from fastapi.responses import Response

from alerting.console.asking import TheConsole, TheLanguage, show
from alerting.console.gate import ThePerson

_MOST = 1000

router = APIRouter(include_in_schema=False)


@router.get("/standing")
async def standing(
    request: Request, console: TheConsole, language: TheLanguage, person: ThePerson
) -> Response:
    """Show how the feed stands, and how many letters wait or were given up."""
    feed, outbox = console.feed, console.office.outbox
    waiting, failed = await outbox.waiting(_MOST), await outbox.failed(_MOST)
    figures = (
        ("partitions", feed.partitions),
        ("stored", feed.stored),
        ("repeated", feed.repeated),
        ("malformed", feed.malformed),
        ("waiting", _at_most(len(waiting))),
        ("failed", _at_most(len(failed))),
    )
    return show(request, language, person, "standing.html", state=feed.state, figures=figures)


def _at_most(count: int) -> str:
    return f"{count:,}" if count < _MOST else f"{_MOST:,}+"
