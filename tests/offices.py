"""Offices without Kafka for the tests of routing, life and escalation, with a clock by hand."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import TypeVar
from zoneinfo import ZoneInfo

from alerting.access.person import Person
from alerting.bell import Bell
from alerting.changes import Change
from alerting.console.rendering import Pages
from alerting.console.stream import Console
from alerting.feed import FeedStatus
from alerting.office import Office
from alerting.outbox import Dispatcher, Letter
from alerting.settings import ConsoleSettings
from alerting.store import AlertStore, Arrival, Recipient
from benchmarks.pictures.ground import Doorkeeper, console_before
from schemas.alerts import Alert
from schemas.directory import Assignment, Operator, Section, Weekday
from schemas.record import Words
from tests.sample_alerts import JST, alert

T = TypeVar("T")

MORNING = datetime(2015, 3, 4, 10, 0, tzinfo=JST)
"""A Wednesday."""

_OPEN = ("08:30", "17:15")
WEEKDAYS: dict[Weekday, tuple[str, str]] = {
    "mon": _OPEN,
    "tue": _OPEN,
    "wed": _OPEN,
    "thu": _OPEN,
    "fri": _OPEN,
}

CONVERGED = alert().reasons[0].model_copy(update={"detector": "convergence"})


@dataclass
class HandClock:
    """A clock that stands until it is moved."""

    now: datetime = MORNING

    def __call__(self) -> datetime:
        return self.now

    def pass_by(self, **span: float) -> None:
        """Let time pass, named as timedelta names it."""
        self.now += timedelta(**span)


@dataclass
class Told:
    """Note who was told of what, and send a letter for each."""

    of: list[tuple[str, str, str]] = field(default_factory=list)

    def __call__(self, change: Change, recipient: Recipient) -> Iterable[Letter]:
        after = change.after
        self.of.append((after.alert_id, change.kind, recipient.person_id))
        key = f"{after.alert_id}/{after.version}/{recipient.person_id}"
        yield Letter("mail", key, f"{change.kind} {after.alert_id}")


def section(section_id: str = "resident-affairs", head_id: str | None = "op-001") -> Section:
    """Return a section that is open on weekdays from 8:30 to 17:15."""
    name = Words(en=section_id, ja=section_id)
    return Section(section_id=section_id, name=name, head_id=head_id, hours=WEEKDAYS)


def operator(operator_id: str, supervisor_id: str, ends_on: date | None = None) -> Operator:
    """Return an operator with one assignment since 2010."""
    assignment = Assignment(
        section_id="resident-affairs",
        role="clerk",
        employment="permanent",
        functions=("juminhyo.inquiry",),
        supervisor_id=supervisor_id,
        starts_on=date(2010, 4, 1),
        ends_on=ends_on,
    )
    return Operator(operator_id=operator_id, assignments=(assignment,))


@asynccontextmanager
async def office_at(location: str, clock: HandClock, told: Told) -> AsyncIterator[Office]:
    """Open an office over a store, its directory one section with its head."""
    store = await AlertStore.open(location)
    settings = ConsoleSettings(bootstrap="127.0.0.1:9")
    office = Office.over(store, settings, Bell(), clock=clock, deliver=told)
    office.desk.directory.sections["resident-affairs"] = section()
    try:
        yield office
    finally:
        await store.close()


def quiet_console(
    store: AlertStore, feed: FeedStatus | None = None, zone: str = "Asia/Tokyo"
) -> Console:
    """Return a console over a store whose feed is the test."""
    bell = Bell()
    office = Office.over(store, ConsoleSettings(bootstrap="127.0.0.1:9"), bell)
    officer = Doorkeeper(Person("local", "privacy_officer", "local"))
    pages = Pages(ZoneInfo(zone))
    return console_before(office, bell, feed or FeedStatus("live"), pages, officer)


@dataclass
class Scene:
    """What a test of one office holds."""

    office: Office
    clock: HandClock
    told: Told

    async def come(self, *alerts: Alert) -> None:
        """Let alerts arrive in one batch."""
        await self.office.intake.take([Arrival(each) for each in alerts])

    async def kinds(self, alert_id: str = "a-1") -> list[str]:
        """Return what happened to an alert."""
        return [row.kind for row in await self.office.store.history(alert_id)]

    async def recipients(self, alert_id: str = "a-1") -> list[str]:
        """Return who was told of an alert, in order."""
        return [each.person_id for each in await self.office.store.recipients(alert_id)]

    async def version(self, alert_id: str = "a-1") -> int:
        """Return the version that somebody who looks now would see."""
        state = await self.office.store.state(alert_id)
        assert state is not None
        return state.version

    async def sent(self, destination: str) -> list[str]:
        """Send what waits, and return the payloads that went to a destination."""
        got: list[str] = []

        async def take(letter: Letter) -> None:
            got.append(letter.payload)

        dispatcher = Dispatcher(self.office.outbox, {destination: take}, self.clock, at_once=100)
        while await dispatcher.send_due():
            pass
        return got


def at_work(location: str, work: Callable[[Scene], Awaitable[T]]) -> T:
    """Do one piece of work in an office over a store."""

    async def run() -> T:
        clock, told = HandClock(), Told()
        async with office_at(location, clock, told) as office:
            return await work(Scene(office, clock, told))

    return asyncio.run(run())
