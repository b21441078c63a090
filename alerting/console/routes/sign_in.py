"""Routes of signing in and out."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Form, Request
from fastapi.responses import RedirectResponse, Response

from alerting.access.entrance import Refused
from alerting.console.asking import TheConsole, TheLanguage, page
from alerting.console.doorkeeping import address_of
from alerting.console.gate import HOMES, ThePerson
from alerting.console.messages import Language
from alerting.console.stream import Console
from schemas.errors import MonomiError

_SEE_OTHER = 303
_UNAUTHORIZED, _TOO_MANY, _BAD_GATEWAY = 401, 429, 502
_STATE = "monomi_state"
_STATE_S = 600
_BACK = "/sign-in/back"

router = APIRouter(include_in_schema=False)

Text = Annotated[str, Form(max_length=300)]


@router.get("/sign-in")
async def form(request: Request, console: TheConsole, language: TheLanguage) -> Response:
    """Show the page on which people sign in; who is signed in goes on."""
    if await console.doorkeeper.person(request) is not None:
        return RedirectResponse(safe_place(request.query_params.get("next")), _SEE_OTHER)
    return await _form(request, console, language, "")


@router.post("/sign-in")
async def sign_in(
    request: Request,
    console: TheConsole,
    language: TheLanguage,
    name: Text = "",
    password: Text = "",
) -> Response:
    """Let somebody in, or say that name and password do not fit."""
    door = console.door
    if door.provider is not None:
        return await _form(request, console, language, "", _UNAUTHORIZED)
    let_in = await door.entrance.sign_in(name.strip(), password, address_of(request))
    if isinstance(let_in, Refused):
        if not let_in.wait_s:
            return await _form(request, console, language, "wrong", _UNAUTHORIZED, name)
        refusal = await _form(request, console, language, "too_often", _TOO_MANY, name)
        refusal.headers["Retry-After"] = str(let_in.wait_s)
        return refusal
    response = RedirectResponse(safe_place(request.query_params.get("next")), _SEE_OTHER)
    await door.change(request, response, let_in)
    return response


@router.get("/sign-in/provider")
async def to_provider(request: Request, console: TheConsole, language: TheLanguage) -> Response:
    """Send a browser to the identity provider."""
    provider = console.door.provider
    if provider is None:
        return RedirectResponse("/sign-in", _SEE_OTHER)
    try:
        begun = await provider.begin(_way_back(request, console))
    except MonomiError as error:
        return await _form(request, console, language, error.code, _BAD_GATEWAY)
    response = RedirectResponse(begun.url, _SEE_OTHER)
    response.set_cookie(
        _STATE, begun.state, max_age=_STATE_S, path=_BACK, secure=console.door.https,
        httponly=True, samesite="lax",
    )  # fmt: skip
    return response


@router.get("/sign-in/back")
async def back(request: Request, console: TheConsole, language: TheLanguage) -> Response:
    """Let in whom the identity provider sends back, in the browser that it was begun in."""
    provider, state = console.door.provider, request.cookies.get(_STATE, "")
    if provider is None or not state or state != request.query_params.get("state"):
        return await _form(request, console, language, "identity_refused", _UNAUTHORIZED)
    try:
        person = await provider.finish(state, str(request.url))
    except MonomiError as error:
        if error.code == "identity_without_role":  # others may be anybody's, without end
            await console.door.entrance.refuse(address_of(request), error.code)
        return await _form(request, console, language, error.code, _UNAUTHORIZED)
    response = RedirectResponse("/home", _SEE_OTHER)
    let_in = await console.door.entrance.let_in(person, address_of(request))
    await console.door.change(request, response, let_in)
    response.delete_cookie(_STATE, path=_BACK)
    return response


@router.post("/sign-out")
async def sign_out(request: Request, console: TheConsole, person: ThePerson) -> Response:
    """End the session, here and for every page that is open by it."""
    door = console.door
    await door.entrance.sign_out(person, door.secret_of(request), address_of(request))
    response = RedirectResponse("/sign-in", _SEE_OTHER)
    door.take_back(response)
    return response


@router.get("/home")
async def home(person: ThePerson) -> Response:
    """Go to where a role begins."""
    return RedirectResponse(HOMES.get(person.role, "/"), _SEE_OTHER)


def safe_place(place: str | None) -> str:
    """Return where to go after signing in: a page of this console, and no other site's.

    >>> [safe_place(p) for p in ("/alerts/a-1", "//evil.example", "/\\\\evil.example", "x", None)]
    ['/alerts/a-1', '/home', '/home', '/home', '/home']
    """
    if place is None or not place.startswith("/") or place.startswith(("//", "/\\")):
        return "/home"
    return "/home" if place == "/" or any(ord(c) < 32 for c in place) else place


async def _form(
    request: Request,
    console: Console,
    language: Language,
    error: str,
    status: int = 200,
    name: str = "",
) -> Response:
    html = console.pages.render(
        "sign_in.html",
        language,
        language_href=_other_language(request, language),
        error=error,
        typed_name=name,
        by_provider=console.door.provider is not None,
        nobody=console.door.provider is None and await console.door.accounts.is_empty(),
    )
    return page(request, language, html, status)


def _way_back(request: Request, console: Console) -> str:
    """Return the address that the identity provider sends a browser back to."""
    scheme = "https" if console.door.https else request.url.scheme
    return str(request.url.replace(scheme=scheme, path=_BACK, query=""))


def _other_language(request: Request, language: Language) -> str:
    asked = request.url.include_query_params(lang="en" if language == "ja" else "ja")
    return f"/sign-in?{asked.query}"
