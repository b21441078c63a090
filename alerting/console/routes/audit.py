"""The route of the audit log, for those who audit."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response

from alerting.audit.entry import Verb
from alerting.audit.reading import entries_before
from alerting.console.asking import TheConsole, TheLanguage, asked_for, show
from alerting.console.gate import ThePerson

_PAGE_ENTRIES = 100

router = APIRouter(include_in_schema=False)

Word = Annotated[str, Query(max_length=200)]


@router.get("/audit")
async def audit(
    request: Request,
    console: TheConsole,
    language: TheLanguage,
    person: ThePerson,
    who: Word = "",
    target: Word = "",
    verb: Word = "",
    before: Annotated[int | None, Query(ge=1, lt=2**62)] = None,
) -> Response:
    """Show what people saw and did, the newest first."""
    viewer = console.pages.viewer(language)
    known = verb if verb in set(Verb) else ""
    entries = await entries_before(
        console.store.database, before, _PAGE_ENTRIES + 1, who=who, target=target, verb=known
    )
    await console.door.note(request, person, Verb.VIEW, "audit", filters=asked_for(request))
    shown = entries[:_PAGE_ENTRIES]
    older = None
    if len(entries) > _PAGE_ENTRIES:
        older = request.url.include_query_params(before=shown[-1].number).query
    return show(
        request,
        language,
        person,
        "audit.html",
        entries=[(entry, viewer.moment(entry.at)) for entry in shown],
        older=older,
        who=who,
        target=target,
        verb=known,
        verbs=tuple(Verb),
    )
