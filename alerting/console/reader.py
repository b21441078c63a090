"""What one person may see and do: asked here by every route, and nowhere else."""

from __future__ import annotations

from dataclasses import replace

from alerting.access.person import Person
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


def may_decide(person: Person) -> bool:
    """Return whether a person's role works on alerts, or only reads them."""
    return person.role in ("supervisor", "privacy_officer")


def may_enter_absences_of(person: Person, person_id: str) -> bool:
    """Return whether a person may say that another, or they themselves, are away."""
    return person.role == "privacy_officer" or (
        person.role == "supervisor" and person.person_id == person_id
    )
