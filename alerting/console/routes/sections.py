"""Routes of sections: what waits in each, and a section's day and month."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Request
from fastapi.responses import Response

from alerting.access.person import Person
from alerting.audit.entry import Verb
from alerting.console.asking import TheConsole, TheLanguage, asked_for, not_there, show
from alerting.console.filters import SEVERITIES, Filters
from alerting.console.gate import ThePerson
from alerting.console.month import Month, chart_of, day_of, verdicts_of, who_of
from alerting.console.people import today
from alerting.console.reader import query_of
from alerting.console.stream import Console
from alerting.console.views import Viewer
from alerting.console.wording import midnight
from alerting.store import AlertQuery, AlertStore, Listed
from alerting.store.states import Status
from alerting.working_time import open_on
from schemas.alerts import Severity

MOST_ALERTS = 3000
"""Of one section's month; beyond it the newest are shown, and the page says so."""

_MOST_COUNTED = 20_000
_TODO: tuple[Status, ...] = ("open", "acknowledged")
_LISTED = 50
_LATELY = timedelta(days=30)

router = APIRouter(include_in_schema=False)


@dataclass(frozen=True)
class SectionRow:
    """Hold one section, and how many of its alerts wait."""

    id: str
    name: str
    head: str
    open: int
    acknowledged: int
    waiting: Sequence[tuple[Severity, int]]
    lately: int


@router.get("/sections")
async def sections(
    request: Request, console: TheConsole, language: TheLanguage, person: ThePerson
) -> Response:
    """Show all sections, with what is to be done in each."""
    desk, viewer = console.office.desk, console.viewer_of(person, language)
    store = console.store_of(person)
    await console.door.note(request, person, Verb.VIEW, "sections")
    todo = replace(_scope(person), statuses=_TODO)
    waiting = await store.counts(todo, "section_id", "status", "severity")
    by_status, by_severity = _summed(waiting, 1), _summed(waiting, 2)
    since = midnight(today(desk), console.pages.zone) - _LATELY
    lately = await store.counts(replace(_scope(person), opened_from=since), "section_id")
    known = desk.directory.sections
    names = {each for each, *_ in (*waiting, *lately) if each} | set(known)
    rows = [
        SectionRow(
            id=name,
            name=viewer.section(name),
            head=viewer.person(known[name].head_id) if name in known else "",
            open=by_status[name, "open"],
            acknowledged=by_status[name, "acknowledged"],
            waiting=[
                (severity, count)
                for severity in SEVERITIES
                if (count := by_severity[name, severity])
            ],
            lately=lately.get((name,), 0),
        )
        for name in sorted(names)
    ]
    rows.sort(key=lambda row: (-row.open, -row.acknowledged, row.id))
    return show(request, language, person, "sections.html", sections=rows)


@router.get("/sections/{section_id}")
async def section(
    request: Request,
    console: TheConsole,
    language: TheLanguage,
    person: ThePerson,
    section_id: str,
) -> Response:
    """Show a section's month, or one day of it."""
    scope, store = replace(_scope(person), section_id=section_id), console.store_of(person)
    known = console.office.desk.directory.sections.get(section_id)
    if known is None and ("\x00" in section_id or not await _has_any(store, scope)):
        return not_there(request, language, person)
    asked = request.query_params
    target = f"section:{section_id}"
    await console.door.note(request, person, Verb.VIEW, target, filters=asked_for(request))
    newest = await _newest_day(store, scope, console)
    month = Month.of(asked.get("month"), asked.get("day"), newest)
    viewer = console.viewer_of(person, language)
    return show(
        request,
        language,
        person,
        "section.html",
        section=viewer.section(section_id),
        head=viewer.person(known.head_id) if known else "",
        month=month,
        span=month.words(viewer),
        here=f"/sections/{section_id}",
        **await _month_values(console, store, viewer, scope, month),
    )


async def _month_values(
    console: Console, store: AlertStore, viewer: Viewer, scope: AlertQuery, month: Month
) -> dict[str, Any]:
    """Return what a month or its chosen day holds, as the page shows it."""
    zone = console.pages.zone
    whole = replace(
        scope,
        opened_from=midnight(month.first, zone),
        opened_before=midnight(month.next, zone),
        limit=MOST_ALERTS,
    )
    states = await store.states(whole)
    chosen = [s for s in states if month.chosen in (None, day_of(s, viewer))]
    here = f"/sections/{scope.section_id}"
    desk = console.office.desk
    known = desk.directory.sections.get(scope.section_id or "")
    chart, text = chart_of(
        viewer,
        month,
        states,
        lambda day: not open_on(desk.calendar, known, day.toordinal()),
        lambda day: f"{here}?day={day}",
    )
    filters = Filters(
        status="all",
        section=scope.section_id or "",
        starts_on=month.chosen or month.first,
        ends_on=month.chosen or month.days[-1],
    )
    return {
        "chart": chart,
        "chart_text": text,
        "capped": len(states) == MOST_ALERTS,
        "most": MOST_ALERTS,
        "who": who_of(viewer, chosen),
        "verdicts": verdicts_of(viewer, chosen),
        "alerts": [viewer.alert(each) for each in await _listed(store, scope, month, zone)],
        "in_list": filters.address(),
        "about": lambda operator_id: filters.address(operator=operator_id),
    }


def _summed(counts: Mapping[tuple[Any, ...], int], by: int) -> Counter[tuple[str, str]]:
    """Return the counts by section and the column at one place."""
    summed: Counter[tuple[str, str]] = Counter()
    for key, count in counts.items():
        summed[key[0], key[by]] += count
    return summed


def _scope(person: Person) -> AlertQuery:
    """Return what a person may see, without what a backfill found."""
    return replace(query_of(person), historic=False, limit=_MOST_COUNTED)


async def _has_any(store: AlertStore, scope: AlertQuery) -> bool:
    return bool(await store.states(replace(scope, limit=1)))


async def _newest_day(store: AlertStore, scope: AlertQuery, console: Console) -> date:
    """Return the day of a section's newest alert, today where it has none."""
    newest = await store.states(replace(scope, limit=1))
    if not newest:
        return today(console.office.desk)
    return newest[0].opened_at.astimezone(console.pages.zone).date()


async def _listed(
    store: AlertStore, scope: AlertQuery, month: Month, zone: ZoneInfo
) -> list[Listed]:
    """Return all alerts of the chosen day, or those of the month that are not resolved."""
    ends = month.next if month.chosen is None else month.chosen + timedelta(days=1)
    query = replace(
        scope,
        statuses=_TODO if month.chosen is None else (),
        opened_from=midnight(month.chosen or month.first, zone),
        opened_before=midnight(ends, zone),
        limit=_LISTED,
    )
    return await store.listed(query)
