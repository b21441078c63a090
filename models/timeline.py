"""What an operator did on the last days, look-up by look-up: kept to be shown, judged by never.

A day lies in pages of a few look-ups, each a state record of its own: a look-up rewrites one
small page and not the day, and only the page that is being filled lies in memory.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from struct import Struct
from typing import Protocol

import msgspec

from models.features import LookUp

DAYS_KEPT = 5
"""Days of work: a clock of one working day ends after a long weekend at work, too."""

PAGES_A_DAY = 48
LOOK_UPS_A_PAGE = 8
"""At most 15, for a page begins like a short list of msgpack."""

_VERSION = 1
_PLACE = Struct(">IB")
_EMPTY_PAGE = bytes((_VERSION, 0x90))

Place = tuple[int, int]
"""A day, and a page of it."""


class Pages(Protocol):
    """Hold pages by key."""

    def get(self, key: bytes) -> bytes | None:
        """Return a key's value, None where there is none."""

    def scan(self, prefix: bytes) -> Iterator[tuple[bytes, bytes]]:
        """Yield the keys that begin with a prefix, with their values."""


class Timeline:
    """Hold one operator's look-ups of the newest days on which there are any."""

    def __init__(self, store: Pages, prefix: bytes) -> None:
        """Take the pages that a store holds under a prefix."""
        self._store = store
        self._prefix = prefix
        self._pages: dict[int, int] = {}
        """How many pages a day has."""
        for key, _ in store.scan(prefix):
            day, page = _PLACE.unpack(key[-_PLACE.size :])
            self._pages[day] = max(page + 1, self._pages.get(day, 0))
        self._held: dict[Place, bytearray] = {}
        self._changed: dict[Place, bytearray | None] = {}

    def note(self, look_up: LookUp, day: int, number: int) -> None:
        """Keep a look-up, the day's so manieth by the count from 1, in its order of arrival.

        A full day's first pages are written over.
        """
        page, row = divmod(number - 1, LOOK_UPS_A_PAGE)
        page %= PAGES_A_DAY
        if page >= self._pages.get(day, 0):
            if day not in self._pages and not self._begin(day):
                return
            self._pages[day] = page + 1
        place = (day, page)
        held = self._held.get(place) if row else None
        if held is None:
            held = bytearray((row and self._store.get(self._key(place))) or _EMPTY_PAGE)
            self._held[place] = held
        held[1] += 1
        held += _encode(look_up)
        self._changed[place] = held

    def _begin(self, day: int) -> bool:
        """Make room for a day; False where it lies before all that are kept."""
        if len(self._pages) >= DAYS_KEPT:
            oldest = min(self._pages)
            if day < oldest:
                return False
            for page in range(self._pages.pop(oldest)):
                self._held.pop((oldest, page), None)
                self._changed[oldest, page] = None
        return True

    def of_day(self, day: int, most: int) -> list[LookUp]:
        """Return the newest look-ups of a day, at most so many, the earliest first."""
        kept: list[LookUp] = []
        for page in range(self._pages.get(day, 0)):
            place = (day, page)
            value = self._held.get(place) or self._store.get(self._key(place))
            if value is not None:
                kept += _decode(memoryview(value)[1:])
        return sorted(kept, key=lambda look_up: (look_up.at_s, look_up.event_id))[-most:]

    def changes(self) -> Iterable[tuple[bytes, bytes | None]]:
        """Return each changed key with its value, None where it is forgotten."""
        if not self._changed:
            return ()
        changes = [
            (self._key(place), None if page is None else bytes(page))
            for place, page in self._changed.items()
        ]
        last, page = next(reversed(self._changed.items()))
        self._held = {} if page is None else {last: page}
        self._changed = {}
        return changes

    def _key(self, place: Place) -> bytes:
        return self._prefix + _PLACE.pack(*place)


_encode = msgspec.msgpack.Encoder().encode
_decode = msgspec.msgpack.Decoder(list[LookUp]).decode
