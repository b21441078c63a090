"""The office: all parts that deal with alerts, over one store, put together once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

from alerting.absences import Absences
from alerting.bell import Bell
from alerting.changes import Chronicle, Deliver, deliver_nothing
from alerting.channels.file import Channels
from alerting.clock import Clock, now_utc
from alerting.delivery import AddressBook, Delivery, FileAddressBook
from alerting.desk import Desk
from alerting.directory import Directory
from alerting.escalation import Escalation
from alerting.feed import AlertFeed
from alerting.intake import Intake
from alerting.life import Life
from alerting.outbox import Dispatcher, Outbox
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
        channels: Channels | None = None,
        addresses: AddressBook | None = None,
    ) -> Self:
        """Put the parts together over a store; nothing runs yet.

        `channels` reach people outside the console, at their `addresses`, else at those of the
        channels' file; without channels `deliver` says what is written, and nothing sends it.
        The policy's closures are days on which nobody's time runs.
        Raises as `Delivery` does.
        """
        outbox = Outbox(store.database, bell)
        calendar = Calendar(settings.zone, (policy or Policy()).closures)
        desk = Desk(store.database, Directory(), calendar, settings.response, clock)
        delivery = None
        if channels is not None:
            book = addresses or FileAddressBook(channels.people)
            delivery = Delivery(channels, book, store.database, desk.directory, calendar)
        chronicle = Chronicle(outbox, delivery.letters if delivery else deliver)
        intake = Intake(store, desk, chronicle)
        feed = AlertFeed(settings, store, intake, desk.directory, bell)
        results = ResultTopics(settings, lambda: feed.status.topics)
        senders = {**results.senders(), **(delivery.senders() if delivery else {})}
        limits_s = delivery.limits_s() if delivery else {}
        return cls(
            store=store,
            outbox=outbox,
            desk=desk,
            life=Life(desk, chronicle),
            absences=Absences(store.database),
            intake=intake,
            feed=feed,
            escalation=Escalation(desk, chronicle),
            dispatcher=Dispatcher(outbox, senders, clock, limits_s=limits_s),
            results=results,
        )

    async def close(self) -> None:
        """Leave Kafka; the store stays open."""
        await self.feed.close()
        await self.results.close()
