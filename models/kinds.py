"""Classes of residents and blocks, as profiles and cohorts count them: by hash and by mark."""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple
from zlib import crc32


@lru_cache(maxsize=1 << 16)
def class_hash(name: str) -> int:
    """Return the hash by which a profile counts a class of residents or a block; 16 bits do."""
    return crc32(name.encode()) & 0xFFFF


class Kind(NamedTuple):
    """Name one class of residents with its hash and the mark by which a cohort counts it."""

    name: str
    key: int
    mark: str


@lru_cache(maxsize=4096)
def kinds_of(classes: tuple[str, ...]) -> tuple[Kind, ...]:
    """Return a resident's classes as detectors ask for them; a ward has few sets of them."""
    return tuple(Kind(name, class_hash(name), "u.k." + name) for name in classes)
