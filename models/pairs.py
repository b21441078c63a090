"""Operator-resident memory: one small record for each pair, for good."""

from __future__ import annotations

from hashlib import blake2b
from struct import Struct
from typing import NamedTuple
from zlib import crc32

_RECORD = Struct("<BHHIBHI")
_VERSION = 1
_EPOCH_DAY = 719_161  # two days before 1970, in every time zone: 0 stands for no day
_MOST = 0xFFFF_FFFF


class Pair(NamedTuple):
    """Remember one operator's look-ups of one resident in 16 bytes.

    Days are proleptic ordinals. `open_days` counts distinct days with a look-up that no case
    explained when its clock ended; `open_circumstances` is a hash of section, function and
    contract of the last of them, to see whether the work has changed since.
    """

    first_day: int
    last_day: int
    look_ups: int
    open_days: int = 0
    last_open_day: int = 0
    open_circumstances: int = 0

    def with_look_up(self, day: int) -> Pair:
        """Return the pair after one more look-up on a day."""
        return self._replace(
            first_day=min(self.first_day, day),
            last_day=max(self.last_day, day),
            look_ups=self.look_ups + 1,
        )

    def with_open_day(self, day: int, circumstances: int) -> Pair:
        """Return the pair after a look-up stayed unexplained; one day counts once.

        Clocks need not end in the order of their look-ups: a day before the newest counts not.
        """
        if self.open_days and day <= self.last_open_day:
            return self
        return self._replace(
            open_days=self.open_days + 1,
            last_open_day=day,
            open_circumstances=circumstances,
        )


def pair_key(operator_id: str, resident_id: str) -> bytes:
    """Return the 13-byte key of a pair; 96 bits of hash keep ten billion pairs apart."""
    return b"p" + blake2b(f"{operator_id}\0{resident_id}".encode(), digest_size=12).digest()


def circumstances(section_id: str | None, function: str, contract_day: int) -> int:
    """Return a hash of the work under which a look-up was made, never 0."""
    return crc32(f"{section_id}\0{function}\0{contract_day}".encode()) or 1


def encode_pair(pair: Pair) -> bytes:
    """Return a pair as its state record."""
    return _RECORD.pack(
        _VERSION,
        pair.first_day - _EPOCH_DAY,
        pair.last_day - _EPOCH_DAY,
        min(pair.look_ups, _MOST),
        min(pair.open_days, 255),
        pair.last_open_day - _EPOCH_DAY if pair.last_open_day else 0,
        pair.open_circumstances,
    )


def decode_pair(value: bytes) -> Pair:
    """Return the pair in a state record."""
    _, first, last, look_ups, open_days, last_open, where = _RECORD.unpack(value)
    return Pair(
        first + _EPOCH_DAY,
        last + _EPOCH_DAY,
        look_ups,
        open_days,
        last_open + _EPOCH_DAY if last_open else 0,
        where,
    )
