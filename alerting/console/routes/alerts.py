"""Routes that show the list of alerts, as a page and as JSON."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response

from alerting.audit.entry import Verb
from alerting.console.asking import TheConsole, TheLanguage, asked_for, show, shown_of
from alerting.console.counts import counts_of
from alerting.console.filters import HISTORIC, SEVERITIES, STATUSES, Filters, place_of
from alerting.console.gate import ThePerson
from alerting.console.reader import query_of

PAGE_ALERTS = 50
LISTED_ALERTS = 100

router = APIRouter(include_in_schema=False)


@router.get("/")
async def alerts(
    request: Request, console: TheConsole, language: TheLanguage, person: ThePerson
) -> Response:
    """Show a page of alerts, the newest first, and those that come while it is open."""
    store, zone = console.store_of(person), console.pages.zone
    row = await store.newest_row()  # first: what comes meanwhile is streamed
    change = await store.newest_history_row()
    filters, scope = Filters.of(request.query_params), query_of(person)
    query = filters.narrow(scope, person.person_id, zone)
    found = await store.listed(replace(query, limit=PAGE_ALERTS + 1))
    verb = Verb.SEARCH if filters.narrows else Verb.VIEW
    asked = {"filters": asked_for(request), **shown_of(found[:PAGE_ALERTS])}
    await console.door.note(request, person, verb, "alerts", **asked)
    counted = filters.counted().narrow(scope, person.person_id, zone)
    viewer = console.viewer_of(person, language)
    sections = sorted(console.office.desk.directory.sections)
    return show(
        request,
        language,
        person,
        "alerts.html",
        alerts=[viewer.alert(each) for each in found[:PAGE_ALERTS]],
        older=filters.address(older=place_of(found[-2].state)) if found[PAGE_ALERTS:] else None,
        newest=filters.address(older=None) if filters.older else None,
        filters=filters,
        counts=await counts_of(store, counted),
        statuses=tuple(STATUSES),
        severities=SEVERITIES,
        historics=tuple(HISTORIC),
        sections=[(each, viewer.section(each)) for each in sections],
        without_operator=filters.address(operator=""),
        page_alerts=PAGE_ALERTS,
        row=row,
        change=change,
        state=console.feed.state,
    )


@router.get("/alerts.json")
async def alerts_json(
    request: Request,
    console: TheConsole,
    person: ThePerson,
    limit: Annotated[int, Query(ge=1, le=1000)] = LISTED_ALERTS,
) -> Response:
    """Return the newest alerts, as the stream would."""
    row = await console.store.newest_row()
    current = await console.store_of(person).listed(replace(query_of(person), limit=limit))
    await console.door.note(request, person, Verb.VIEW, "alerts", **shown_of(current))
    listed = ",".join(each.stored.to_json() for each in current)
    return Response(f'{{"row":{row},"alerts":[{listed}]}}', media_type="application/json")
