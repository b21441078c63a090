"""What a route is given of its asker, and how it answers with a page."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

from fastapi import Depends, Request
from fastapi.responses import HTMLResponse, Response

from alerting.access.person import Person
from alerting.console.messages import LANGUAGES, Language, choose_language
from alerting.console.shell import shell_of
from alerting.console.stream import Console
from alerting.store import Listed

_COOKIE = "monomi_lang"
_COOKIE_MAX_AGE_S = 365 * 24 * 3600
_MOST_ASKED, _MOST_CHARS = 20, 200


def _console(request: Request) -> Console:
    console: Console = request.app.state.console
    return console


def language_of(request: Request) -> Language:
    """Return the language in which a request is answered."""
    return choose_language(
        request.query_params.get("lang"),
        request.cookies.get(_COOKIE),
        request.headers.get("accept-language", ""),
    )


TheConsole = Annotated[Console, Depends(_console)]
TheLanguage = Annotated[Language, Depends(language_of)]


def asked_for(request: Request) -> dict[str, str]:
    """Return what an address asks for, as the audit log keeps it."""
    asked = list(request.query_params.items())[:_MOST_ASKED]
    return {name[:_MOST_CHARS]: value[:_MOST_CHARS] for name, value in asked}


def shown_of(found: Sequence[Listed]) -> dict[str, object]:
    """Return which alerts of a list were shown, as the audit log keeps it: how many, from where.

    The ids of all would fill it; the store says what lies between the first and the last.
    """
    if not found:
        return {"shown": 0}
    first, last = found[0].state.alert_id, found[-1].state.alert_id
    return {"shown": len(found), "first": first, "last": last}


def page(request: Request, language: Language, html: str, status_code: int = 200) -> Response:
    """Return a page, and keep the language where the reader chose one."""
    response = HTMLResponse(html, status_code, {"Vary": "Accept-Language, Cookie"})
    if request.query_params.get("lang") in LANGUAGES:
        response.set_cookie(
            _COOKIE, language, max_age=_COOKIE_MAX_AGE_S, httponly=True, samesite="lax"
        )
    return response


def show(
    request: Request,
    language: Language,
    person: Person,
    template: str,
    status_code: int = 200,
    **values: object,
) -> Response:
    """Return a page in the frame of a signed-in person."""
    frame = shell_of(request, person, language)
    html = _console(request).pages.render(template, language, **frame, **values)
    return page(request, language, html, status_code)


def not_there(request: Request, language: Language, person: Person) -> Response:
    """Return the page that says there is no such thing: the same whether hidden or not there."""
    return show(request, language, person, "not_found.html", 404)
