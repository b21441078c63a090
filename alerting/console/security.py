"""Headers that every answer carries, and whose name a loopback console answers to."""

from __future__ import annotations

import ipaddress

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

CONTENT_SECURITY_POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self'",
        "connect-src 'self'",
        "base-uri 'none'",
        "form-action 'self'",
        "frame-ancestors 'none'",
    )
)
MOST_BODY_BYTES = 262_144
"""The longest note, each of its characters written as nine."""

_HEADERS = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}


class SecurityHeaders:
    """Add the security headers, and `no-store` where an answer does not say otherwise."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request with the headers added."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in _HEADERS.items():
                    headers[name] = value
                headers.setdefault("Cache-Control", "no-store")
            await send(message)

        await self._app(scope, receive, send_with_headers)


class LoopbackNamesOnly:
    """Refuse requests by any other name than this machine's own.

    On loopback a web site in the same browser could reach the console by a name of its own that
    it lets point here (DNS rebinding), and show people a sign-in that looks like ours.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request, or refuse it with 421."""
        if scope["type"] == "http" and not is_loopback(_host(Headers(scope=scope))):
            refusal = PlainTextResponse("Ask for this console by localhost.\n", status_code=421)
            await refusal(scope, receive, send)
            return
        await self._app(scope, receive, send)


class SmallBodiesOnly:
    """Refuse bodies larger than any form of ours: they would be read before it is known whose."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request, or refuse it with 411 or 413."""
        if scope["type"] == "http":
            headers = Headers(scope=scope)
            status = None
            if "transfer-encoding" in headers:
                status = 411
            elif int(headers.get("content-length", "0")) > MOST_BODY_BYTES:
                status = 413
            if status is not None:
                sentence = f"A body may have {MOST_BODY_BYTES:,} bytes, and says how many it has.\n"
                await PlainTextResponse(sentence, status)(scope, receive, send)
                return
        await self._app(scope, receive, send)


def is_loopback(host: str) -> bool:
    """Return whether a name or address means this machine alone.

    >>> [is_loopback(host) for host in ("localhost", "127.0.0.1", "::1", "ward.example")]
    [True, True, True, False]
    """
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _host(headers: Headers) -> str:
    """Return the header Host without its port and brackets."""
    host = headers.get("host", "").lower()
    if host.startswith("["):
        return host[1:].partition("]")[0]
    return host.partition(":")[0]
