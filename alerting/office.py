"""The office: all parts that deal with alerts, over one store, put together once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Self

from alerting.absences import Absences
from alerting.bell import Bell
from alerting.changes import Chronicle, Deliver, deliver_nothing
from alerting.clock import Clock, now_utc
from alerting.desk import Desk
from alerting.directory import Directory
from alerting.escalation import Escalation
from alerting.feed import AlertFeed
from alerting.intake import Intake
from alerting.life import Life
from alerting.outbox import Dispatcher, Outbox, Send
from alerting.results import ResultTopics
from alerting.settings import ConsoleSettings
from alerting.store import AlertStore
from models.calendar import Calendar
from models.policy import Policy


@dataclass(frozen=True)
class Office:
    """Hold the parts: what people do (`life`, `absences`) and what runs by itself."""

    store: AlertStore
    outbox: Outbox
    desk: Desk
    life: Life
    absences: Absences
    intake: Intake
    feed: AlertFeed
    escalation: Escalation
    dispatcher: Dispatcher
    results: ResultTopics

    @classmethod
    def over(
        cls,
        store: AlertStore,
        settings: ConsoleSettings,
        bell: Bell,
        *,
        policy: Policy | None = None,
        clock: Clock = now_utc,
        deliver: Deliver = deliver_nothing,
        channels: Mapping[str, Send] | None = None,
    ) -> Self:
        """Put the parts together over a store; nothing runs yet.

        `deliver` says what people are sent outside the console, `channels` sends it. The
        policy's closures are days on which nobody's time runs.
        """
        outbox = Outbox(store.database)
        calendar = Calendar(settings.zone, (policy or Policy()).closures)
        desk = Desk(store.database, Directory(), calendar, settings.response, clock)
        chronicle = Chronicle(outbox, deliver)
        intake = Intake(store, desk, chronicle)
        feed = AlertFeed(settings, store, intake, desk.directory, bell)
        results = ResultTopics(settings, lambda: feed.status.topics)
        senders = {**results.senders(), **(channels or {})}
        return cls(
            store=store,
            outbox=outbox,
            desk=desk,
            life=Life(desk, chronicle),
            absences=Absences(store.database),
            intake=intake,
            feed=feed,
            escalation=Escalation(desk, chronicle),
            dispatcher=Dispatcher(outbox, senders, clock),
            results=results,
        )

    async def close(self) -> None:
        """Leave Kafka; the store stays open."""
        await self.feed.close()
        await self.results.close()
