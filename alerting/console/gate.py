"""The gate: which roles may ask for each route, and who asks."""

from __future__ import annotations

from typing import Annotated, Final, Literal, Protocol

from fastapi import Depends, Request
from starlette.exceptions import HTTPException

from alerting.access.person import ROLES, Person, Role
from alerting.audit.entry import Verb

ANYBODY: Final = "anybody"

Admitted = frozenset[Role] | Literal["anybody"]

SEE_ALERTS: Admitted = frozenset({"supervisor", "privacy_officer", "analyst"})
"""A route of theirs shows a supervisor what reached them, an analyst pseudonyms alone."""

DECIDE: Admitted = frozenset({"supervisor", "privacy_officer"})
"""Who takes steps on the alerts that they see."""

AUDIT: Admitted = frozenset({"auditor"})
OPERATE: Admitted = frozenset({"operations"})
SIGNED_IN: Admitted = frozenset(ROLES)

ROUTES: dict[tuple[str, str], Admitted] = {
    ("GET", "/"): SEE_ALERTS,
    ("GET", "/alerts.json"): SEE_ALERTS,
    ("GET", "/alerts/{alert_id}"): SEE_ALERTS,
    ("GET", "/stream"): SEE_ALERTS,
    ("POST", "/alerts/{alert_id}/acknowledge"): DECIDE,
    ("POST", "/alerts/{alert_id}/assign"): DECIDE,
    ("POST", "/alerts/{alert_id}/comment"): DECIDE,
    ("POST", "/alerts/{alert_id}/resolve"): DECIDE,
    ("POST", "/alerts/{alert_id}/reopen"): DECIDE,
    ("GET", "/sections"): SEE_ALERTS,
    ("GET", "/sections/{section_id}"): SEE_ALERTS,
    ("GET", "/absences"): DECIDE,
    ("POST", "/absences"): DECIDE,
    ("POST", "/absences/{absence_id}/end"): DECIDE,
    ("GET", "/api/v1/alerts"): SEE_ALERTS,
    ("GET", "/api/v1/alerts/{alert_id}"): SEE_ALERTS,
    ("POST", "/api/v1/alerts/{alert_id}/acknowledge"): DECIDE,
    ("POST", "/api/v1/alerts/{alert_id}/assign"): DECIDE,
    ("POST", "/api/v1/alerts/{alert_id}/comment"): DECIDE,
    ("POST", "/api/v1/alerts/{alert_id}/resolve"): DECIDE,
    ("POST", "/api/v1/alerts/{alert_id}/reopen"): DECIDE,
    ("GET", "/audit"): AUDIT,
    ("GET", "/standing"): OPERATE,
    ("GET", "/home"): SIGNED_IN,
    ("GET", "/sign-in"): ANYBODY,
    ("POST", "/sign-in"): ANYBODY,
    ("GET", "/sign-in/provider"): ANYBODY,
    ("GET", "/sign-in/back"): ANYBODY,
    ("POST", "/sign-out"): SIGNED_IN,
    ("GET", "/healthz"): ANYBODY,
}
"""Every route and who may ask for it; one that is not named here answers nobody."""

HOMES: dict[Role, str] = {"auditor": "/audit", "operations": "/standing"}
"""Where a role begins whose place is not the list."""


class Doorkeeper(Protocol):
    """Tell who asks."""

    async def person(self, request: Request, *, at_work: bool = True) -> Person | None:
        """Return who is signed in, None where nobody is.

        `at_work`: it is a person's own request, and no look of a page that lies open.
        """
        ...


class NotForRole(HTTPException):
    """Refuse what a role does not see."""


class SignInFirst(Exception):  # noqa: N818  # no error: it leads to another page
    """Send a browser to the sign-in, and back to where it wanted to go."""


async def admit(request: Request) -> None:
    """Let a request through, and leave its person in its state; else answer 401 or 403."""
    admitted = ROUTES.get((request.method, request.scope["route"].path), frozenset())
    if admitted == ANYBODY:
        return
    console = request.app.state.console
    doorkeeper: Doorkeeper = console.doorkeeper
    person = await doorkeeper.person(request, at_work=_at_work(request))
    if person is None:
        if request.method == "GET" and wants_page(request):
            raise SignInFirst
        raise HTTPException(401, "sign in first", {"WWW-Authenticate": "Bearer"})
    request.state.person = person
    if person.role not in admitted:
        target = f"{request.method} {request.url.path}"
        await console.door.note(request, person, Verb.REFUSED, target)
        raise NotForRole(403, "your role does not see this")


def wants_page(request: Request) -> bool:
    """Return whether a browser asks that shows the answer to a person."""
    return "text/html" in request.headers.get("accept", "")


def _at_work(request: Request) -> bool:
    """Return whether a person asks, and not a page that lies open on an empty desk."""
    by_hand = request.headers.get("sec-fetch-mode", "navigate") == "navigate"
    return by_hand and request.url.path != "/stream"


def _person(request: Request) -> Person:
    person: Person = request.state.person
    return person


ThePerson = Annotated[Person, Depends(_person)]
"""Who asks, in a route that not anybody may ask for."""
