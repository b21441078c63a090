"""From letters to messages, when they are sent: what is true then, to whom it may go then."""

from __future__ import annotations

import logging
from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from functools import partial

from sqlalchemy.ext.asyncio import AsyncConnection

from alerting.changes import Change
from alerting.channels.file import Channels
from alerting.channels.message import Audience, Message, alert_message, digest_message
from alerting.delivery.address_book import AddressBook
from alerting.delivery.letters import AlertLetter, letters_for, read_payload
from alerting.delivery.matter import MOST_IN_A_DIGEST, Matter, collected, matters_for
from alerting.directory import Directory
from alerting.errors import DeliveryError
from alerting.outbox import Letter, Send
from alerting.store import Database, Recipient
from models.calendar import Calendar
from schemas.record import Words

_BESIDE_CHANNEL_S = 5.0
"""What a letter may take beside its channel: its alert is looked up."""

_log = logging.getLogger(__name__)


class Delivery:
    """Say what people are sent, and send it.

    Raises MonomiError `secret_missing`, `secret_unusable` or `ca_unusable` where a channel cannot
    be opened.
    """

    def __init__(
        self,
        file: Channels,
        book: AddressBook,
        database: Database,
        directory: Directory,
        calendar: Calendar,
    ) -> None:
        self._file = file
        self._book = book
        self._database = database
        self._directory = directory
        self._calendar = calendar
        self._channels = {name: file.open(name) for name in file.by_name()}

    def letters(self, change: Change, recipient: Recipient) -> Iterable[Letter]:
        """Return what one who is told of a change is sent."""
        return letters_for(change, recipient, self._file.routes, self._calendar)

    def senders(self) -> Mapping[str, Send]:
        """Return by channel what sends its letters."""
        return {name: partial(self._send, name) for name in self._channels}

    def limits_s(self) -> Mapping[str, float]:
        """Return by channel within how many seconds a letter is sent, or was not."""
        channels = self._file.by_name()
        return {name: each.longest_s + _BESIDE_CHANNEL_S for name, each in channels.items()}

    async def _send(self, channel: str, letter: Letter) -> None:
        """Send one letter; raises DeliveryError."""
        content = read_payload(letter.payload)

        async def work(connection: AsyncConnection) -> list[Matter]:
            if isinstance(content, AlertLetter):
                ids: Collection[str] = (content.alert_id,)
            else:
                ids = await collected(connection, content, self._file.routes.digest)
            return await matters_for(connection, ids, content.to)

        matters = await self._database.look(work)
        if not matters:
            # Withdrawn, purged, resolved before the digest, or about the addressee by now.
            _log.info("letter %s is nobody's any more and was not sent", letter.key)
            return
        audience, receiver = await self._audience(channel, content.to)
        key = f"{channel}/{letter.key}"
        if isinstance(content, AlertLetter):
            (matter,) = matters
            message = alert_message(
                key,
                matter.alert,
                self._section(matter),
                audience,
                receiver=receiver,
                residents=matter.residents,
            )
            message = replace(message, occasion=content.occasion)
        else:
            message = self._digest(key, matters, audience, receiver)
        await self._channels[channel].send(await self._kept_from(message, matters))

    def _digest(
        self, key: str, matters: list[Matter], audience: Audience, receiver: str | None
    ) -> Message:
        rows = [(matter.alert, self._section(matter)) for matter in matters[-MOST_IN_A_DIGEST:]]
        residents = {resident for matter in matters for resident in matter.residents}
        return digest_message(key, rows, audience, receiver=receiver, residents=residents)

    def _section(self, matter: Matter) -> Words | None:
        section = self._directory.sections.get(matter.state.section_id or "")
        return section.name if section else None

    async def _audience(self, channel: str, to: str) -> tuple[Audience, str | None]:
        """Return for whom a message is made, and their address where they are one person."""
        audience = self._file.audience(channel, self._calendar.zone)
        if to.startswith("@"):
            return audience, None
        address = await self._book.address_of(to)
        if address is None:
            why = f"no mail address of {to} is known: add it, then try again"
            raise DeliveryError(why, permanent=True)
        return replace(audience, language=address.language), address.mail

    async def _kept_from(self, message: Message, matters: Iterable[Matter]) -> Message:
        """Return the message with the addresses of all parties to its alerts, who must not get it.

        A team's mailbox may list them, and two people may share one.
        """
        barred = sorted({person for matter in matters for person in matter.barred})
        addresses = [await self._book.address_of(person) for person in barred]
        return replace(
            message, not_to=frozenset(each.mail.casefold() for each in addresses if each)
        )
