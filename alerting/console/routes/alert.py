"""Routes of one alert: its page, and the steps that people take on it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Annotated, Any, get_args

from fastapi import APIRouter, Depends, Form, Request
from fastapi.responses import RedirectResponse, Response

from alerting.audit.entry import Verb
from alerting.console.alert_page import Draft, alert_values
from alerting.console.asking import TheConsole, TheLanguage, not_there, show
from alerting.console.doorkeeping import address_of
from alerting.console.gate import ThePerson
from alerting.console.people import is_known
from alerting.console.reader import note_hidden, visible
from alerting.life import MAX_TEXT_CHARS, Life
from alerting.store.states import Verdict
from schemas.errors import MonomiError

router = APIRouter(include_in_schema=False)

# Beyond it a form is nobody's: within it the life of alerts says that a text is too long.
Text = Annotated[str, Form(max_length=4 * MAX_TEXT_CHARS)]
Number = Annotated[int, Form(ge=0, lt=2**31)]
PersonId = Annotated[str, Form(max_length=64, pattern=r"^[A-Za-z0-9._:@-]*$")]
_CONFLICTS = frozenset({"changed_meanwhile", "step_not_possible"})
_SEE_OTHER = 303


class AlertDesk:
    """Hold one alert before one person: shows its page, and takes steps for its forms."""

    def __init__(
        self,
        request: Request,
        console: TheConsole,
        language: TheLanguage,
        person: ThePerson,
        alert_id: str,
    ) -> None:
        self.console = console
        self.alert_id = alert_id
        self.by = person.person_id
        self._person = person
        self._request = request
        self._language = language

    async def take(
        self, step: Callable[[Life], Awaitable[Any]], done: str, draft: Draft
    ) -> Response:
        """Take a step and go to the alert's page; where it fails, say why and keep the draft."""
        if not await visible(self.console, self._person, self.alert_id):
            return await self._not_there()
        try:
            await step(
                self.console.office.life.acted_by(self._person.role, address_of(self._request))
            )
        except MonomiError as error:
            return await self.show(draft, error.code)
        return RedirectResponse(
            f"{self._request.url.path.rpartition('/')[0]}?done={done}", _SEE_OTHER
        )

    async def _not_there(self) -> Response:
        await note_hidden(self.console, self._request, self._person, self.alert_id)
        return not_there(self._request, self._language, self._person)

    async def note_view(self) -> None:
        """Let the audit log know that this alert is looked at."""
        door, request, person = self.console.door, self._request, self._person
        if await visible(self.console, person, self.alert_id):
            await door.note(request, person, Verb.VIEW, f"alert:{self.alert_id}")

    async def show(self, draft: Draft, error: str = "") -> Response:
        """Return the page, with what was typed and why it was not recorded."""
        if not await visible(self.console, self._person, self.alert_id):
            return await self._not_there()
        values = await alert_values(
            self.console, self._person, self._language, self.alert_id, draft, error
        )
        status = 200 if not error else 409 if error in _CONFLICTS else 400
        return show(self._request, self._language, self._person, "alert.html", status, **values)


TheDesk = Annotated[AlertDesk, Depends()]


@router.get("/alerts/{alert_id}")
async def alert(desk: TheDesk) -> Response:
    """Show one alert whole: its reasons, what lies around it, and what can be done."""
    await desk.note_view()
    return await desk.show(Draft())


@router.post("/alerts/{alert_id}/acknowledge")
async def acknowledge(desk: TheDesk, version: Number) -> Response:
    """Say that one looks into an open alert."""
    return await desk.take(
        lambda life: life.acknowledge(desk.alert_id, desk.by, version),
        "acknowledged",
        Draft(version=version),
    )


@router.post("/alerts/{alert_id}/resolve")
async def resolve(
    desk: TheDesk,
    version: Number,
    revision: Number,
    verdict: Annotated[str, Form(max_length=20)] = "",
    note: Text = "",
) -> Response:
    """Record a verdict on the revision that one saw."""
    draft = Draft(verdict=verdict, note=note, version=version, revision=revision)
    verdicts: tuple[Verdict, ...] = get_args(Verdict)
    chosen = next((each for each in verdicts if each == verdict), None)
    if chosen is None:
        return await desk.show(draft, "field_missing")
    return await desk.take(
        lambda life: life.resolve(
            desk.alert_id, desk.by, version, revision, chosen, _counted(note)
        ),
        "resolved",
        draft,
    )


@router.post("/alerts/{alert_id}/assign")
async def assign(desk: TheDesk, version: Number, to: PersonId = "") -> Response:
    """Give an alert to one person."""
    draft = Draft(to=to, version=version)
    if not to:
        return await desk.show(draft, "field_missing")
    if not is_known(desk.console.office.desk, to):
        return await desk.show(draft, "person_unknown")
    return await desk.take(
        lambda life: life.assign(desk.alert_id, desk.by, version, to), "assigned", draft
    )


@router.post("/alerts/{alert_id}/comment")
async def comment(desk: TheDesk, text: Text = "") -> Response:
    """Add a comment."""
    return await desk.take(
        lambda life: life.comment(desk.alert_id, desk.by, _counted(text)),
        "commented",
        Draft(text=text),
    )


@router.post("/alerts/{alert_id}/reopen")
async def reopen(desk: TheDesk, version: Number, note: Text = "") -> Response:
    """Open a resolved alert again."""
    return await desk.take(
        lambda life: life.reopen(desk.alert_id, desk.by, version, _counted(note)),
        "reopened",
        Draft(note=note, version=version),
    )


def _counted(text: str) -> str:
    """Return a text with line ends of one character, as people count: browsers send two."""
    return text.replace("\r\n", "\n")
