"""Where people get mail."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

from alerting.channels.routes import PersonAddress


class AddressBook(Protocol):
    """Know people's mail addresses and languages."""

    async def address_of(self, person_id: str) -> PersonAddress | None:
        """Return where a person gets mail, None where that is not known."""


class FileAddressBook:
    """Know the addresses in the part `[people]` of the channels file."""

    def __init__(self, people: Mapping[str, PersonAddress]) -> None:
        self._people = people

    async def address_of(self, person_id: str) -> PersonAddress | None:
        """Return where a person gets mail, None where the file does not say."""
        return self._people.get(person_id)
