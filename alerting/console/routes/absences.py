"""Routes of absences: who is away and who stands in; enter one, and end one."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Annotated

from fastapi import APIRouter, Depends, Form, Request
from fastapi.responses import RedirectResponse, Response

from alerting.absences import KeptAbsence
from alerting.audit.entry import Verb
from alerting.console.asking import TheConsole, TheLanguage, show
from alerting.console.gate import ThePerson
from alerting.console.people import is_known, today, who_answer
from alerting.console.reader import may_enter_absences_of
from alerting.console.views import Viewer
from alerting.console.wording import day_in_words, read_day
from alerting.routing import Absence
from schemas.errors import MonomiError

router = APIRouter(include_in_schema=False)

PersonId = Annotated[str, Form(max_length=64, pattern=r"^\s*[A-Za-z0-9._:-]*\s*$")]
Day = Annotated[str, Form(max_length=10)]
_SEE_OTHER = 303
_MOST_PAST = 20
_STATUS = {"yours_alone": 403, "changed_meanwhile": 409, "absence_unknown": 404}


class AbsenceDesk:
    """Hold the absences before one person."""

    def __init__(
        self, request: Request, console: TheConsole, language: TheLanguage, person: ThePerson
    ) -> None:
        self.console = console
        self.person = person
        self.absences = console.office.absences
        self.clock = console.office.desk.clock
        self._request = request
        self._language = language

    @property
    def today(self) -> date:
        """Return the day that it is."""
        return today(self.console.office.desk)

    def may_enter(self, person_id: str) -> bool:
        """Return whether this person may enter an absence of that one."""
        return may_enter_absences_of(self.person, person_id)

    async def show(self, typed: dict[str, str], error: str = "") -> Response:
        """Return the page, with what was typed and why it was not entered."""
        viewer = self.console.pages.viewer(self._language)
        known = await self.absences.all()
        people = who_answer(self.console.office.desk, None)
        return show(
            self._request,
            self._language,
            self.person,
            "absences.html",
            _STATUS.get(error, 400) if error else 200,
            groups=self._groups(viewer, known),
            people=people.others,
            anybody=self.person.role == "privacy_officer",
            enters=self.may_enter(self.person.person_id),
            typed=typed,
            error=error,
            today=self.today.isoformat(),
        )

    def _groups(
        self, viewer: Viewer, known: Sequence[KeptAbsence]
    ) -> list[tuple[str, list[dict[str, object]]]]:
        """Return absences now, later and past, each in the order in which they matter."""
        now = [kept for kept in known if kept.absence.covers(self.today)]
        later = [kept for kept in known if kept.absence.starts_on > self.today]
        past = [kept for kept in known if kept.absence.ends_on < self.today][:_MOST_PAST]
        later.sort(key=lambda kept: kept.absence.starts_on)
        groups = (("now", now), ("next", later), ("past", past))
        return [
            (name, [self._row(viewer, each, name) for each in group])
            for name, group in groups
            if group
        ]

    def _row(self, viewer: Viewer, kept: KeptAbsence, group: str) -> dict[str, object]:
        absence, language = kept.absence, viewer.say.language
        return {
            "id": kept.id,
            "version": kept.version,
            "person": viewer.person(absence.person_id),
            "starts": day_in_words(absence.starts_on, language),
            "ends": day_in_words(absence.ends_on, language),
            "deputy": viewer.person(absence.deputy_id),
            "by": viewer.person(kept.changed_by),
            "step": {"now": "end", "next": "cancel"}.get(group, "")
            if self.may_enter(absence.person_id)
            else "",
        }

    async def note(self, change: str, person_id: str, **details: str) -> None:
        """Let the audit log know what was changed."""
        await self.console.door.note(
            self._request,
            self.person,
            Verb.ABSENCE_CHANGE,
            f"person:{person_id}",
            change=change,
            **details,
        )

    def done(self, what: str) -> Response:
        """Return to the page, which says what was done."""
        return RedirectResponse(f"/absences?done={what}", _SEE_OTHER)


TheAbsences = Annotated[AbsenceDesk, Depends()]


@router.get("/absences")
async def absences(desk: TheAbsences) -> Response:
    """Show who is away from when to when, and who stands in."""
    return await desk.show({})


@router.post("/absences")
async def add(
    desk: TheAbsences,
    starts_on: Day = "",
    ends_on: Day = "",
    person_id: PersonId = "",
    deputy_id: PersonId = "",
) -> Response:
    """Enter an absence; who may not enter those of others enters their own."""
    person_id, deputy_id = person_id.strip(), deputy_id.strip()
    if desk.person.role != "privacy_officer":
        person_id = person_id or desk.person.person_id
    typed = {
        "person_id": person_id,
        "deputy_id": deputy_id,
        "starts_on": starts_on,
        "ends_on": ends_on,
    }
    starts, ends = read_day(starts_on), read_day(ends_on)
    if not person_id or starts is None or ends is None:
        return await desk.show(typed, "field_missing")
    if not desk.may_enter(person_id):
        return await desk.show(typed, "yours_alone")
    named = (each for each in (person_id, deputy_id) if each)
    if not all(is_known(desk.console.office.desk, each) for each in named):
        return await desk.show(typed, "person_unknown")
    absence = Absence(person_id, starts, ends, deputy_id or None)
    try:
        await desk.absences.add(absence, desk.person.person_id, desk.clock())
    except MonomiError as error:
        return await desk.show(typed, error.code)
    await desk.note("added", person_id, starts_on=starts_on, ends_on=ends_on, deputy_id=deputy_id)
    return desk.done("absence_added")


@router.post("/absences/{absence_id}/end")
async def end(
    desk: TheAbsences, absence_id: int, version: Annotated[int, Form(ge=0, lt=2**31)]
) -> Response:
    """End an absence: its last day was yesterday; one that has not begun is taken out."""
    kept = next((each for each in await desk.absences.all() if each.id == absence_id), None)
    if kept is None:
        return await desk.show({}, "absence_unknown")
    absence = kept.absence
    if not desk.may_enter(absence.person_id):
        return await desk.show({}, "yours_alone")
    yesterday = desk.today - timedelta(days=1)
    try:
        if absence.starts_on > yesterday:
            await desk.absences.remove(absence_id, version)
        else:
            ended = Absence(absence.person_id, absence.starts_on, yesterday, absence.deputy_id)
            await desk.absences.change(
                absence_id, ended, desk.person.person_id, desk.clock(), version
            )
    except MonomiError as error:
        return await desk.show({}, error.code)
    await desk.note("ended", absence.person_id, starts_on=absence.starts_on.isoformat())
    return desk.done("absence_ended")
