"""A partition's memory of pairs, and of the days of those that have several."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Protocol

from models.pair_days import OfDay, days_of, with_case, with_look_up
from models.pairs import Pair, decode_pair, encode_pair, pair_key


class Records(Protocol):
    """Hold bytes by key."""

    def get(self, key: bytes) -> bytes | None:
        """Return a key's value, None where there is none."""


class PairMemory:
    """Hold what was changed since the last batch, over a store with the rest."""

    def __init__(self, store: Records) -> None:
        self._store = store
        self._pairs: dict[bytes, Pair] = {}
        self._days: dict[bytes, bytes] = {}

    def pair(self, operator_id: str, resident_id: str) -> Pair | None:
        """Return what is remembered of a pair."""
        key = pair_key(operator_id, resident_id)
        pair = self._pairs.get(key)
        if pair is not None:
            return pair
        value = self._store.get(key)
        return None if value is None else decode_pair(value)

    def days(self, operator_id: str, resident_id: str) -> dict[int, OfDay]:
        """Return the days of a pair, the earliest first."""
        pair = self.pair(operator_id, resident_id)
        if pair is None:
            return {}
        return dict(sorted(days_of(pair, self._record(pair_key(operator_id, resident_id))).items()))

    def look_up(
        self, names: tuple[str, str], pair: Pair | None, day: int, *, covered: bool
    ) -> None:
        """Remember one more look-up of an operator and a resident, by what was known of them."""
        key = pair_key(*names)
        if pair is None:
            self._pairs[key] = Pair(day, day, 1, covered=int(covered))
            return
        if not pair.first_day == day == pair.last_day:
            self._days[key] = with_look_up(pair, self._record(key), day, covered=covered)
        self._pairs[key] = pair.with_look_up(day, covered=covered)

    def explain(self, names: tuple[str, str], pair: Pair, day: int) -> None:
        """Remember that a case has explained a look-up of a day after all."""
        key = pair_key(*names)
        if pair.first_day != pair.last_day:
            self._days[key] = with_case(pair, self._record(key), day)
        self._pairs[key] = pair.with_case()

    def leave_open(self, names: tuple[str, str], pair: Pair, day: int, circumstances: int) -> None:
        """Remember that a look-up of a day stayed unexplained, and under what work."""
        self._pairs[pair_key(*names)] = pair.with_open_day(day, circumstances)

    def changes(self) -> Iterator[tuple[bytes, bytes | None]]:
        """Yield each changed key with its value, once."""
        for key, pair in self._pairs.items():
            yield key, encode_pair(pair)
        for key, record in self._days.items():
            yield _beside(key), record
        self._pairs.clear()
        self._days.clear()

    def _record(self, key: bytes) -> bytes | None:
        record = self._days.get(key)
        return self._store.get(_beside(key)) if record is None else record


def _beside(key: bytes) -> bytes:
    return b"h" + key[1:]
