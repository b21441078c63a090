"""What is signed of the log: that it stood so at a time, and that entries were purged."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Self

from alerting.audit.entry import instant
from alerting.audit.signing import PublicKeys, Signer


@dataclass(frozen=True)
class Head:
    """Hold the number and hash of the newest entry; 0 and GENESIS of none."""

    number: int
    hash: str


@dataclass(frozen=True)
class Checkpoint:
    """Say that the log's newest entry at a time was this one."""

    number: int
    hash: str
    at: datetime
    key_id: str
    signature: str

    @classmethod
    def signed(cls, head: Head, at: datetime, signer: Signer) -> Self:
        """Return the checkpoint of a head."""
        signature = signer.sign("checkpoint", _checkpoint(head.number, head.hash, at))
        return cls(head.number, head.hash, at, signer.key_id, signature)

    def holds(self, keys: PublicKeys) -> bool:
        """Return whether one of the keys signed it."""
        statement = _checkpoint(self.number, self.hash, self.at)
        return keys.hold("checkpoint", statement, self.key_id, self.signature)


@dataclass(frozen=True)
class Purge:
    """Say that entries `first` to `last` were purged, between `previous` and `hash`."""

    first: int
    last: int
    previous: str
    hash: str
    at: datetime
    key_id: str
    signature: str

    @classmethod
    def signed(cls, first: int, last: Head, previous: str, at: datetime, signer: Signer) -> Self:
        """Return the statement that stands for purged entries."""
        statement = _purge(first, last.number, previous, last.hash, at)
        signature = signer.sign("purge", statement)
        return cls(first, last.number, previous, last.hash, at, signer.key_id, signature)

    def holds(self, keys: PublicKeys) -> bool:
        """Return whether one of the keys signed it."""
        statement = _purge(self.first, self.last, self.previous, self.hash, self.at)
        return keys.hold("purge", statement, self.key_id, self.signature)


def _checkpoint(number: int, hash_: str, at: datetime) -> dict[str, Any]:
    return {"number": number, "hash": hash_, "at": instant(at)}


def _purge(first: int, last: int, previous: str, hash_: str, at: datetime) -> dict[str, Any]:
    return {"first": first, "last": last, "previous": previous, "hash": hash_, "at": instant(at)}
