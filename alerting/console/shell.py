"""The frame around a page: where one can go, who one is, the other language."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from fastapi import Request

from alerting.access.person import Person
from alerting.console.gate import ROUTES
from alerting.console.messages import Language

_PLACES = (
    *(("alerts", "/"), ("sections", "/sections"), ("absences", "/absences")),
    *(("audit", "/audit"), ("standing", "/standing")),
)
_DONE = frozenset(
    (
        *("acknowledged", "assigned", "commented", "resolved", "reopened"),
        *("absence_added", "absence_ended"),
    )
)


def shell_of(request: Request, person: Person, language: Language) -> dict[str, Any]:
    """Return the values of the frame for one request."""
    asked = request.query_params
    kept = [(key, value) for key, value in asked.multi_items() if key not in ("lang", "done")]
    other = "en" if language == "ja" else "ja"
    done = asked.get("done")
    path = request.url.path if request.method == "GET" else _page_behind(request.url.path)
    return {
        "nav": [(name, href, _is_at(path, href)) for name, href in _PLACES if _open(person, href)],
        "person": person,
        "language_href": f"{path}?" + urlencode([*kept, ("lang", other)]),
        "done": done if done in _DONE else None,
    }


def _open(person: Person, path: str) -> bool:
    return person.role in ROUTES[("GET", path)]


def _is_at(path: str, href: str) -> bool:
    if href == "/":
        return path == "/" or path.startswith("/alerts/")
    return path == href or path.startswith(f"{href}/")


def _page_behind(path: str) -> str:
    """Return the page of a form: a step that failed is answered in place of its page."""
    parts = path.split("/")
    return "/".join(parts[:-1]) if parts[1] == "alerts" else f"/{parts[1]}"
