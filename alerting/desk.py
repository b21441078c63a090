"""The desk: whom an alert goes to now, who is kept from it, and how long people have."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import and_, delete, or_
from sqlalchemy.ext.asyncio import AsyncConnection

from alerting.absences import absences_on
from alerting.clock import Clock, now_utc
from alerting.directory import Directory
from alerting.policy import ResponsePolicy
from alerting.routing import chain
from alerting.store import AlertState, Database, Recipient, Stored
from alerting.store.sharing import sharers_of
from alerting.store.tables import RECIPIENTS
from alerting.working_time import after_working_time
from models.calendar import Calendar

Routes = dict[str, tuple[Recipient, ...]]
"""By alert: whom it goes to first, and after each escalation."""


@dataclass(frozen=True)
class Desk:
    """Hold what decides who is told of an alert, and until when they may wait."""

    database: Database
    directory: Directory
    calendar: Calendar
    policy: ResponsePolicy = field(default_factory=ResponsePolicy)
    clock: Clock = now_utc

    async def routes(
        self, connection: AsyncConnection, states: Collection[AlertState], at: datetime
    ) -> Routes:
        """Return where alerts go at this moment."""
        day = at.astimezone(self.calendar.zone).date()
        organisation = self.directory.organisation(await absences_on(connection, day))
        sharers = await sharers_of(connection, states)
        return {s.alert_id: chain(s, sharers[s.alert_id], organisation, day) for s in states}

    def acknowledge_by(self, state: AlertState, since: datetime) -> datetime | None:
        """Return when an alert that nobody acknowledges goes on to others; None: never."""
        times = self.policy.of(state.severity)
        return self._after(state, since, times.acknowledge, times.around_the_clock)

    def resolve_by(self, state: AlertState, since: datetime) -> datetime | None:
        """Return when an acknowledged alert that nobody resolves comes back; None: never."""
        times = self.policy.of(state.severity)
        return self._after(state, since, times.resolve, times.around_the_clock)

    def is_news(self, stored: Stored, at: datetime) -> bool:
        """Return whether people are to be told of an alert, and their time runs.

        Not of what a backfill raised, nor of alerts that a new store reads out of an old topic.
        Without `detected_at` that cannot be known, and they are told.
        """
        alert = stored.alert
        if stored.historic:
            return False
        if alert.detected_at is None:
            return True
        return at - alert.detected_at <= timedelta(days=self.policy.told_for_days)

    def _after(
        self, state: AlertState, since: datetime, time: timedelta, around_the_clock: bool
    ) -> datetime | None:
        if state.historic:
            return None
        if around_the_clock:
            return since + time
        section = self.directory.sections.get(state.section_id or "")
        return after_working_time(self.calendar, section, since, time)

    async def tell(
        self,
        connection: AsyncConnection,
        told: Iterable[tuple[AlertState, Recipient]],
        at: datetime,
    ) -> None:
        """Add recipients; who is one already stays as they are."""
        rows = [
            {
                "alert_id": state.alert_id,
                "person_id": recipient.person_id,
                "office": recipient.office,
                "stands_in_for": recipient.stands_in_for,
                "since": at,
                "opened_at": state.opened_at,
            }
            for state, recipient in told
        ]
        if rows:
            await connection.execute(
                self.database.insert(RECIPIENTS).on_conflict_do_nothing(
                    index_elements=[RECIPIENTS.c.alert_id, RECIPIENTS.c.person_id]
                ),
                rows,
            )

    async def withdraw(
        self, connection: AsyncConnection, pairs: Collection[tuple[str, str]]
    ) -> None:
        """Take recipients away: pairs of alert and person."""
        these = [
            and_(RECIPIENTS.c.alert_id == alert_id, RECIPIENTS.c.person_id == person_id)
            for alert_id, person_id in pairs
        ]
        if these:
            await connection.execute(delete(RECIPIENTS).where(or_(*these)))


def named(recipient: Recipient) -> dict[str, str | None]:
    """Return a recipient as the history's details name one."""
    details = {"to": recipient.person_id, "office": recipient.office}
    if recipient.stands_in_for is not None:
        details["stands_in_for"] = recipient.stands_in_for
    return {**details}
