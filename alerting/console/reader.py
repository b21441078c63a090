"""What one person may see and do: asked here by every route, and nowhere else."""

from __future__ import annotations

from dataclasses import replace

from fastapi import Request

from alerting.access.person import Person
from alerting.audit.entry import Verb
from alerting.console.stream import Console
from alerting.store import AlertQuery


def query_of(person: Person) -> AlertQuery:
    """Return the query of all alerts that a person may see."""
    told = (person.person_id,) if person.role == "supervisor" else ()
    return AlertQuery(told=told, viewer=person.person_id)


async def visible(console: Console, person: Person, alert_id: str) -> bool:
    """Return whether there is such an alert and a person may see it."""
    if "\x00" in alert_id:  # PostgreSQL takes none
        return False
    query = replace(query_of(person), alert_ids=(alert_id,), limit=1)
    return bool(await console.store.states(query))


async def note_hidden(console: Console, request: Request, person: Person, alert_id: str) -> None:
    """Let the audit log know that somebody asked for an alert that is kept from them."""
    if "\x00" not in alert_id and await console.store.state(alert_id) is not None:
        target = f"alert:{alert_id}"
        await console.door.note(request, person, Verb.REFUSED, target, method=request.method)


def may_decide(person: Person) -> bool:
    """Return whether a person's role works on alerts, or only reads them."""
    return person.role in ("supervisor", "privacy_officer")


def may_enter_absences_of(person: Person, person_id: str) -> bool:
    """Return whether a person may say that another, or they themselves, are away."""
    return person.role == "privacy_officer" or (
        person.role == "supervisor" and person.person_id == person_id
    )
