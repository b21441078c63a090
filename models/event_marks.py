"""Event ids of the last seven days: what says that a record was applied before."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import lru_cache
from hashlib import blake2b
from struct import Struct

REMEMBERED_DAYS = 7
_LETTERS = {"access.queries": b"q", "presence.signins": b"s", "presence.doors": b"d"}
_DAY = Struct(">I")
_MARK_BYTES = 8


class EventMarks:
    """Hold one operator's applied event ids as hashes, by topic and day."""

    def __init__(self, kept: Iterable[tuple[bytes, bytes]]) -> None:
        """Take what `changes` yielded before."""
        self._days = {(k[-5:-4], _DAY.unpack(k[-4:])[0]): bytearray(value) for k, value in kept}
        self._marks: dict[bytes, set[bytes]] = {letter: set() for letter in _LETTERS.values()}
        self._newest = dict.fromkeys(_LETTERS.values(), 0)
        for (letter, day), marks in self._days.items():
            self._marks[letter].update(_split(marks))
            self._newest[letter] = max(self._newest[letter], day)
        self._changed: set[tuple[bytes, int]] = set()

    def remembers(self, topic: str, event_id: str) -> bool:
        """Return whether an event was applied within the last seven days."""
        return _mark_of(event_id) in self._marks[_LETTERS[topic]]

    def remember(self, topic: str, event_id: str, day: int) -> None:
        """Remember an applied event; forget those of its topic of over seven days ago."""
        letter, mark = _LETTERS[topic], _mark_of(event_id)
        place = (letter, day)
        marks = self._days.get(place)
        if marks is None:
            marks = self._days[place] = bytearray()
        marks += mark
        self._marks[letter].add(mark)
        self._changed.add(place)
        if day > self._newest[letter]:
            self._newest[letter] = day
            self._forget_before(letter, day - REMEMBERED_DAYS)

    def _forget_before(self, letter: bytes, first_day: int) -> None:
        for old in [place for place in self._days if place[0] == letter and place[1] < first_day]:
            self._marks[letter].difference_update(_split(self._days.pop(old)))
            self._changed.add(old)

    def changes(self) -> Iterator[tuple[bytes, bytes | None]]:
        """Yield the end of each changed key with its value, None where it is forgotten."""
        for letter, day in sorted(self._changed):
            marks = self._days.get((letter, day))
            yield letter + _DAY.pack(day), None if marks is None else bytes(marks)
        self._changed.clear()


@lru_cache(maxsize=256)
def _mark_of(event_id: str) -> bytes:
    return blake2b(event_id.encode(), digest_size=_MARK_BYTES).digest()


def _split(marks: bytearray) -> list[bytes]:
    size = _MARK_BYTES
    return [bytes(marks[place : place + size]) for place in range(0, len(marks), size)]
