"""Who gets what from every route: all of them, asked by everybody there is."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from fastapi.routing import APIRoute

from alerting.access.person import ROLES, Person, Role
from alerting.access.sessions import Sessions
from alerting.console.app import ROUTERS, console_app
from alerting.console.gate import ANYBODY, ROUTES
from alerting.console.stream import Console
from alerting.store import AlertStore, Arrival
from tests.offices import operator, quiet_console, section
from tests.sample_alerts import alert

SUBJECT, SUPERVISOR, STRANGER = "op-017", "op-002", "op-777"
TELLING = ("a-1", SUBJECT, "r-8f2c41d09b7e")
"""What no answer may hold for those from whom the alert is kept."""

STEP = {"version": "1", "revision": "1", "verdict": "justified", "note": "", "text": "x", "to": ""}
JSON: Mapping[str, Any] = {
    "acknowledge": {"version": 1},
    "assign": {"version": 1, "to": "op-002"},
    "comment": {"text": "x"},
    "resolve": {"version": 1, "revision": 1, "verdict": "justified"},
    "reopen": {"version": 1},
}
FORM: Mapping[str, Any] = {"data": STEP}
ASKED: Mapping[tuple[str, str], Mapping[str, Any]] = {
    **{
        ("GET", path): {}
        for path in (
            *("/", "/alerts.json", "/alerts/{alert_id}", "/stream", "/sections", "/absences"),
            *("/sections/{section_id}", "/api/v1/alerts", "/api/v1/alerts/{alert_id}", "/audit"),
            *("/home", "/standing", "/sign-in", "/sign-in/provider", "/sign-in/back", "/healthz"),
        )
    },
    **{("POST", f"/alerts/{{alert_id}}/{step}"): FORM for step in JSON},
    **{("POST", f"/api/v1/alerts/{{alert_id}}/{step}"): {"json": b} for step, b in JSON.items()},
    ("POST", "/absences"): FORM,
    ("POST", "/absences/{absence_id}/end"): FORM,
    ("POST", "/sign-in"): {"data": {"name": "nobody", "password": "no password"}},
    ("POST", "/sign-out"): {},
}
"""How this test asks for each route; one that is added must be added here."""


class Desk:
    """Ask a console that holds one alert, as whoever is to ask."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._app = console_app(console, loopback_only=True)
        self._sessions = Sessions(console.store.database, timedelta(hours=1), timedelta(hours=1))

    async def ask(self, method: str, path: str, person: Person | None) -> httpx.Response:
        """Return the answer to one route."""
        cookies = {}
        if person is not None:
            who = person
            secret = await self._console.store.database.write(
                lambda connection: self._sessions.begin(connection, who, None)
            )
            cookies = {"monomi": secret}
        names = {"alert_id": "a-1", "section_id": "resident-affairs", "absence_id": "1"}
        query = {"after": "0", "status": "all"} if path in ("/", "/stream") else {}
        async with httpx.AsyncClient(
            transport=httpx.ASGITransport(self._app),
            base_url="http://localhost",
            cookies=cookies,
            headers={"Sec-Fetch-Site": "same-origin"},
        ) as web:
            asking = asyncio.create_task(
                web.request(method, path.format(**names), params=query, **ASKED[method, path])
            )
            if path == "/stream":
                await asyncio.sleep(0.3)
                self._console.closing = True
                self._console.bell.ring()
            answer = await asking
            self._console.closing = False
            return answer


def answers(
    folder: Path, person: Person | None, only: tuple[tuple[str, str], ...] = tuple(ROUTES)
) -> dict[tuple[str, str], httpx.Response]:
    """Return what a person gets from routes, each asked of a console of its own making."""

    async def run() -> dict[tuple[str, str], httpx.Response]:
        store = await AlertStore.open(str(folder / "alerts.sqlite3"))
        try:
            console = quiet_console(store)
            console.doorkeeper = console.door
            directory = console.office.desk.directory
            directory.sections["resident-affairs"] = section()
            directory.operators[SUBJECT] = operator(SUBJECT, SUPERVISOR)
            directory.known.set()
            await console.office.intake.take([Arrival(alert())])
            desk = Desk(console)
            return {(m, p): await desk.ask(m, p, person) for m, p in only}
        finally:
            await store.close()

    return asyncio.run(run())


def person(person_id: str, role: Role) -> Person:
    """Return a person whose name tells nothing."""
    return Person(person_id, role, "N")


def test_every_route_is_named_and_this_test_knows_how_to_ask_for_it() -> None:
    """A route that the table or this test does not name is found here."""
    there = {
        (method, route.path)
        for router in ROUTERS
        for route in router.routes
        if isinstance(route, APIRoute)
        for method in route.methods or ()
    }
    assert there == set(ROUTES) == set(ASKED)


def test_nobody_gets_nothing(tmp_path: Path) -> None:
    """Without a session every route but the open ones says 401, and tells nothing of an alert."""
    for route, answer in answers(tmp_path, None).items():
        if ROUTES[route] == ANYBODY:
            assert answer.status_code not in (403, 500)
        else:
            assert answer.status_code == 401, route
        assert not [word for word in TELLING if word in answer.text], route


@pytest.mark.parametrize("role", ROLES)
def test_a_role_gets_what_the_table_says(tmp_path: Path, role: Role) -> None:
    """A route that a role is not named for says 403; one that it is named for does not."""
    for route, answer in answers(tmp_path, person("op-500", role)).items():
        admitted = ROUTES[route]
        refused = admitted != ANYBODY and role not in admitted
        assert (answer.status_code == 403) == refused, (route, answer.text[:300])
        assert answer.status_code not in (401, 500) or route[1].startswith("/sign-in")


@pytest.mark.parametrize(
    "kept_from",
    [
        person(STRANGER, "supervisor"),
        person(SUBJECT, "supervisor"),
        person(SUBJECT, "privacy_officer"),
    ],
    ids=("of another section", "the subject", "the subject as privacy officer"),
)
def test_an_alert_is_kept_from_whom_it_must_not_reach(tmp_path: Path, kept_from: Person) -> None:
    """Another section's supervisor and the subject find no trace of it, on any route."""
    for route, answer in answers(tmp_path, kept_from).items():
        if "{alert_id}" in route[1]:
            assert answer.status_code == 404, route
        echoed = (kept_from.person_id, "a-1" if "{alert_id}" in route[1] else "")
        telling = [word for word in TELLING if word not in echoed]
        assert not [word for word in telling if word in answer.text], (route, answer.text[:2000])


def test_its_supervisor_sees_it(tmp_path: Path) -> None:
    """Whom it reached finds it in the list, on its page, in the stream and by the interface."""
    seen = answers(tmp_path, person(SUPERVISOR, "supervisor"))
    for path in ("/", "/alerts.json", "/stream", "/api/v1/alerts"):
        assert "a-1" in seen["GET", path].text, path
    for path in ("/alerts/{alert_id}", "/api/v1/alerts/{alert_id}"):
        assert seen["GET", path].status_code == 200
        assert SUBJECT in seen["GET", path].text


def test_an_analyst_sees_it_under_pseudonyms_alone(tmp_path: Path) -> None:
    """No route tells an analyst whom an alert is about, of whom, or who decided."""
    for route, answer in answers(tmp_path, person("an-1", "analyst")).items():
        hidden = (SUBJECT, "r-8f2c41d09b7e", SUPERVISOR)
        assert not [word for word in hidden if word in answer.text], route
        if route in (("GET", "/"), ("GET", "/alerts.json"), ("GET", "/stream")):
            assert "px-" in answer.text, route
