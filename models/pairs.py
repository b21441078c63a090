"""Operator-resident memory: one small record for each pair, for good."""

from __future__ import annotations

from functools import lru_cache
from hashlib import blake2b
from struct import Struct
from zlib import crc32

import msgspec
from msgspec.structs import replace

_RECORD = Struct("<BHHHBHHIB")
PAIR_BYTES, PAIR_KEY_BYTES = _RECORD.size, 13
_VERSION = 2
_MOST_LOOK_UPS, _MOST_COVERED = 0xFFFF, 255
EPOCH_DAY = 719_161  # two days before 1970, in every time zone: 0 stands for no day


class Pair(msgspec.Struct, frozen=True, gc=False):
    """Remember one operator's look-ups of one resident in 17 bytes.

    Days are proleptic ordinals. `open_days` counts distinct days with a look-up that no case
    explained when its clock ended, between `first_open_day` and `last_open_day`;
    `open_circumstances` is a hash of section, function and contract of the last of them, to
    see whether the work has changed since. `covered` counts look-ups that a case explained,
    up to 255: a resident whom this operator has served.
    """

    first_day: int
    last_day: int
    look_ups: int
    open_days: int = 0
    first_open_day: int = 0
    last_open_day: int = 0
    open_circumstances: int = 0
    covered: int = 0

    def with_look_up(self, day: int, *, covered: bool) -> Pair:
        """Return the pair after one more look-up on a day."""
        first, last, look_ups, served = self.first_day, self.last_day, self.look_ups, self.covered
        return Pair(
            first if first < day else day,
            last if last > day else day,
            look_ups + 1 if look_ups < _MOST_LOOK_UPS else look_ups,
            self.open_days,
            self.first_open_day,
            self.last_open_day,
            self.open_circumstances,
            served + 1 if covered and served < _MOST_COVERED else served,
        )

    def with_case(self) -> Pair:
        """Return the pair after a case has explained a look-up after all."""
        return replace(self, covered=min(self.covered + 1, _MOST_COVERED))

    def with_open_day(self, day: int, circumstances: int) -> Pair:
        """Return the pair after a look-up stayed unexplained; one day counts once.

        Clocks need not end in the order of their look-ups: a day before the newest counts not.
        """
        if self.open_days and day <= self.last_open_day:
            return self
        return replace(
            self,
            open_days=min(self.open_days + 1, 255),
            first_open_day=self.first_open_day or day,
            last_open_day=day,
            open_circumstances=circumstances,
        )


@lru_cache(maxsize=1 << 14)
def pair_key(operator_id: str, resident_id: str) -> bytes:
    """Return the 13-byte key of a pair; 96 bits of hash keep ten billion pairs apart."""
    return b"p" + blake2b(f"{operator_id}\0{resident_id}".encode(), digest_size=12).digest()


def circumstances(section_id: str | None, function: str, contract_day: int) -> int:
    """Return a hash of the work under which a look-up was made, never 0."""
    return crc32(f"{section_id}\0{function}\0{contract_day}".encode()) or 1


def encode_pair(pair: Pair) -> bytes:
    """Return a pair as its state record."""
    first_open, last_open = pair.first_open_day, pair.last_open_day
    return _RECORD.pack(
        _VERSION,
        pair.first_day - EPOCH_DAY,
        pair.last_day - EPOCH_DAY,
        pair.look_ups,
        pair.open_days,
        first_open - EPOCH_DAY if first_open else 0,
        last_open - EPOCH_DAY if last_open else 0,
        pair.open_circumstances,
        pair.covered,
    )


def decode_pair(value: bytes) -> Pair:
    """Return the pair in a state record."""
    _, first, last, look_ups, opens, first_open, last_open, where, served = _RECORD.unpack(value)
    return Pair(
        first + EPOCH_DAY,
        last + EPOCH_DAY,
        look_ups,
        opens,
        first_open + EPOCH_DAY if first_open else 0,
        last_open + EPOCH_DAY if last_open else 0,
        where,
        served,
    )
