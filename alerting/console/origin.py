"""No other site's page may act in a signed-in person's name (cross-site request forgery)."""

from __future__ import annotations

from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Receive, Scope, Send

BEARER = "bearer "
_SAFE = frozenset({"GET", "HEAD", "OPTIONS"})


class SameOriginOnly:
    """Refuse requests that change something and come from elsewhere than our own pages.

    Browsers say so themselves (Fetch Metadata), older ones by `Origin`. Who brings no cookie
    acts in nobody's name, and who brings a token acts in its: no browser sends one by itself.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request, or refuse it with 403."""
        if scope["type"] == "http" and scope["method"] not in _SAFE:
            headers = Headers(scope=scope)
            if not is_ours(headers):
                sentence = "Another site's page cannot act here: open the console itself."
                refusal = JSONResponse({"code": "other_site", "sentence": sentence}, 403)
                await refusal(scope, receive, send)
                return
        await self._app(scope, receive, send)


def is_ours(headers: Headers) -> bool:
    """Return whether a request that changes something may be ours.

    >>> is_ours(Headers({"cookie": "monomi=x", "sec-fetch-site": "cross-site"}))
    False
    >>> is_ours(Headers({"authorization": "Bearer monomi_x"}))
    True
    """
    if headers.get("authorization", "")[: len(BEARER)].lower() == BEARER:
        return True  # the door then looks at no cookie
    site, origin = headers.get("sec-fetch-site"), headers.get("origin")
    if site is not None:
        return site == "same-origin"
    if origin is not None:
        return urlsplit(origin).netloc == headers.get("host", "")
    return "cookie" not in headers
