"""Walking the chain: the first entry that does not hold, and why. No database, no file."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass

from alerting.audit.entry import GENESIS, Entry
from alerting.audit.signing import PublicKeys
from alerting.audit.statements import Checkpoint, Head, Purge


class BrokenError(Exception):
    """Say at which entry the log does not hold, and why."""

    def __init__(self, number: int, reason: str) -> None:
        super().__init__(f"entry {number}: {reason}")
        self.number = number
        self.reason = reason


@dataclass(frozen=True)
class Span:
    """Hold what was found to hold: entries seen and purged, checkpoints that agree."""

    entries: int
    purged: int
    checkpoints: int
    head: Head

    def __str__(self) -> str:
        entries = "1 entry" if self.entries == 1 else f"{self.entries:,} entries"
        purged = f" and {self.purged:,} purged" if self.purged else ""
        agree = (
            "1 checkpoint agrees"
            if self.checkpoints == 1
            else (f"{self.checkpoints:,} checkpoints agree")
        )
        return f"{entries}{purged}, up to number {self.head.number:,}; {agree}"


class Walk:
    """Go through the log from its first entry to its head; any step may raise BrokenError.

    `purges` stand for entries that are gone on purpose; without `keys` none is believed. Of
    `checkpoints` each is held against its entry. The walk may begin in the middle: after `start`.
    """

    def __init__(
        self,
        purges: Iterable[Purge] = (),
        checkpoints: Iterable[Checkpoint] = (),
        keys: PublicKeys | None = None,
        start: Head | None = None,
    ) -> None:
        self._at = start or Head(0, GENESIS)
        self._purges = deque(sorted(purges, key=lambda purge: purge.first))
        self._checkpoints = deque(sorted(checkpoints, key=lambda checkpoint: checkpoint.number))
        self._keys = keys
        self._entries = self._purged = self._agreed = 0
        self._compare()

    def step(self, entry: Entry) -> None:
        """Take the next entry; they come in the order of their numbers."""
        self._pass_purges()
        expected = self._at.number + 1
        if entry.number < expected:
            raise BrokenError(entry.number, "it stands where entries were purged, or twice")
        if entry.number > expected:
            raise BrokenError(expected, _missing(expected, entry.number - 1))
        if entry.hash_after(self._at.hash) != entry.hash:
            raise BrokenError(entry.number, "it was changed, or is not where it was written")
        self._at = Head(entry.number, entry.hash)
        self._entries += 1
        self._compare()

    def end(self, head: Head | None) -> Span:
        """Say that there are no more entries, and hold the log's own head against the walk."""
        self._pass_purges()
        last = self._at.number
        if self._purges:
            raise BrokenError(last + 1, _missing(last + 1, self._purges[0].first - 1))
        if self._checkpoints:
            newest = self._checkpoints[-1]
            raise BrokenError(
                last + 1,
                f"the end was cut off: a checkpoint of {newest.at.isoformat()} saw entry "
                f"{newest.number}",
            )
        recorded = head or Head(0, GENESIS)
        if recorded.number > last:
            raise BrokenError(last + 1, _missing(last + 1, recorded.number))
        if recorded != self._at:
            raise BrokenError(max(last, 1), "the log's own record of its end is another")
        return Span(self._entries, self._purged, self._agreed, self._at)

    def _pass_purges(self) -> None:
        while self._purges and self._purges[0].first == self._at.number + 1:
            purge = self._purges.popleft()
            if self._keys is None:
                raise BrokenError(
                    purge.first, "it was purged, which only the public key can confirm"
                )
            if not purge.holds(self._keys) or purge.last < purge.first:
                raise BrokenError(purge.first, "the record of its purge is not signed by our key")
            if purge.previous != self._at.hash:
                raise BrokenError(
                    max(self._at.number, 1), "it is not what stood before the purged entries"
                )
            self._at = Head(purge.last, purge.hash)
            self._purged += purge.last - purge.first + 1
            self._compare()

    def _compare(self) -> None:
        """Hold all checkpoints up to here against the walk; inside a purge, their signatures."""
        while self._checkpoints and self._checkpoints[0].number <= self._at.number:
            checkpoint = self._checkpoints.popleft()
            when, number = checkpoint.at.isoformat(), max(checkpoint.number, 1)
            if self._keys is None or not checkpoint.holds(self._keys):
                raise BrokenError(number, f"the checkpoint of {when} is not signed by our key")
            if checkpoint.number < self._at.number:
                continue
            if checkpoint.hash != self._at.hash:
                raise BrokenError(
                    number,
                    f"the checkpoint of {when} saw another here: it, or one before it, was "
                    "rewritten",
                )
            self._agreed += 1


def _missing(first: int, last: int) -> str:
    return "it is missing" if first >= last else f"it and all up to {last} are missing"
