"""Routes of the interface for machines; who may ask is the same as for the pages."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request
from pydantic import Field

from alerting.audit.entry import Verb
from alerting.console.api.bodies import (
    Acknowledge,
    AlertId,
    AlertPage,
    Assign,
    Comment,
    ListedAlert,
    Refusal,
    Reopen,
    Resolve,
    State,
    WholeAlert,
)
from alerting.console.api.times import FilterTime
from alerting.console.asking import TheConsole, asked_for, shown_of
from alerting.console.doorkeeping import address_of
from alerting.console.filters import place_of
from alerting.console.gate import ThePerson
from alerting.console.people import is_known
from alerting.console.place import PLACE, read_place, written_place
from alerting.console.reader import note_hidden, query_of, visible
from alerting.life import Life
from alerting.store import AlertState
from alerting.store.states import Status
from schemas.alerts import Severity
from schemas.errors import MonomiError
from schemas.record import Id

VERSION = "1"
DESCRIPTION_PATH = "/api/openapi.json"
"""Where the interface describes itself; the pages' own routes are not part of it."""

_REFUSED: dict[int | str, dict[str, Any]] = {
    400: {"model": Refusal, "description": "It cannot be done so"},
    401: {"model": Refusal, "description": "Nobody is signed in, or the token is not good"},
    403: {"model": Refusal, "description": "The role does not see this"},
    404: {"model": Refusal, "description": "There is no such alert, or it is not to be seen"},
    422: {"model": Refusal, "description": "What was asked for is malformed"},
}
_CONFLICT: dict[int | str, dict[str, Any]] = {
    409: {"model": Refusal, "description": "Somebody else changed it meanwhile"}
}

Place = Annotated[str, Field(pattern=PLACE)]

router = APIRouter(prefix="/api/v1", responses=_REFUSED, tags=["alerts"])


class Asked:
    """Hold one alert before one who asks for it."""

    def __init__(
        self, request: Request, console: TheConsole, person: ThePerson, alert_id: AlertId
    ) -> None:
        self._request = request
        self.console = console
        self.alert_id = alert_id
        self.by = person.person_id
        self.person = person

    async def see(self) -> None:
        """Raise MonomiError `alert_unknown` where it is not there, or not to be seen."""
        if not await visible(self.console, self.person, self.alert_id):
            await note_hidden(self.console, self._request, self.person, self.alert_id)
            raise MonomiError("alert_unknown", f"there is no alert {self.alert_id}")

    async def take(self, step: Callable[[Life], Awaitable[AlertState]]) -> AlertState:
        """Take a step on it, and return where it stands then."""
        await self.see()
        life = self.console.office.life.acted_by(self.person.role, address_of(self._request))
        return await step(life)

    async def note_view(self) -> None:
        """Let the audit log know that this alert is looked at."""
        target = f"alert:{self.alert_id}"
        await self.console.door.note(self._request, self.person, Verb.VIEW, target)


TheAsked = Annotated[Asked, Depends()]


@router.get("/alerts", response_model=AlertPage)
async def alerts(
    request: Request,
    console: TheConsole,
    person: ThePerson,
    status: Annotated[list[Status], Query()] = [],  # noqa: B006
    severity: Annotated[list[Severity], Query()] = [],  # noqa: B006
    section_id: Id | None = None,
    operator_id: Id | None = None,
    opened_from: FilterTime | None = None,
    opened_before: FilterTime | None = None,
    historic: bool | None = None,
    text: Annotated[str, Query(max_length=200)] = "",
    older: Annotated[Place | None, Query(description="As the page before gave it")] = None,
    limit: Annotated[int, Query(ge=1, le=500)] = 100,
) -> object:
    """List alerts, the one raised last first; what is left out does not narrow."""
    query = replace(
        query_of(person),
        statuses=tuple(status),
        severities=tuple(severity),
        section_id=section_id,
        operator_id=operator_id,
        opened_from=opened_from,
        opened_before=opened_before,
        historic=historic,
        text=text.replace("\x00", ""),
        after=read_place(older),
        limit=limit + 1,
    )
    found = await console.store_of(person).listed(query)
    asked = {"filters": asked_for(request), **shown_of(found[:limit])}
    await console.door.note(request, person, Verb.SEARCH, "alerts", **asked)
    page = [ListedAlert(alert=e.stored.alert, state=_state(e.state)) for e in found[:limit]]
    more = written_place(*place_of(found[limit - 1].state)) if len(found) > limit else None
    return AlertPage(alerts=page, older=more)


@router.get("/alerts/{alert_id}", response_model=WholeAlert)
async def alert(asked: TheAsked) -> object:
    """Give one alert with its revisions, evidence, people and history."""
    await asked.see()
    await asked.note_view()
    store = asked.console.store_of(asked.person)
    state = await store.state(asked.alert_id)
    assert state is not None
    revisions = [each.alert for each in await store.revisions(asked.alert_id)]
    evidence = await store.evidence(asked.alert_id)
    return {
        "alert": next(each for each in revisions if each.revision == state.revision),
        "state": state,
        "revisions": revisions,
        "evidence": None if evidence is None else evidence.evidence,
        "recipients": await store.recipients(asked.alert_id),
        "history": await store.history(asked.alert_id),
    }


@router.post("/alerts/{alert_id}/acknowledge", response_model=State, responses=_CONFLICT)
async def acknowledge(asked: TheAsked, body: Acknowledge) -> object:
    """Say that one looks into an open alert."""
    return await asked.take(lambda life: life.acknowledge(asked.alert_id, asked.by, body.version))


@router.post("/alerts/{alert_id}/assign", response_model=State, responses=_CONFLICT)
async def assign(asked: TheAsked, body: Assign) -> object:
    """Give an alert to one person, who is told."""
    await asked.see()
    if not is_known(asked.console.office.desk, body.to):
        raise MonomiError("person_unknown", f"the directory does not know {body.to}")
    return await asked.take(
        lambda life: life.assign(asked.alert_id, asked.by, body.version, body.to)
    )


@router.post("/alerts/{alert_id}/comment", response_model=State)
async def comment(asked: TheAsked, body: Comment) -> object:
    """Add a comment; it overwrites nothing, so it needs no version."""
    return await asked.take(lambda life: life.comment(asked.alert_id, asked.by, body.text))


@router.post("/alerts/{alert_id}/resolve", response_model=State, responses=_CONFLICT)
async def resolve(asked: TheAsked, body: Resolve) -> object:
    """Record a verdict on the revision that was seen."""
    return await asked.take(
        lambda life: life.resolve(
            asked.alert_id, asked.by, body.version, body.revision, body.verdict, body.note
        )
    )


@router.post("/alerts/{alert_id}/reopen", response_model=State, responses=_CONFLICT)
async def reopen(asked: TheAsked, body: Reopen) -> object:
    """Open a resolved alert again; those who had it are told."""
    return await asked.take(
        lambda life: life.reopen(asked.alert_id, asked.by, body.version, body.note)
    )


def _state(state: AlertState) -> State:
    return State.model_validate(state)
