"""One day of one partition, as all partitions and replay add it up."""

from __future__ import annotations

from collections.abc import Iterable
from math import log1p

import msgspec

from models.tally import PEAK_BIN_LN, Key, Tally, count_into, keep_lowest

VECTORS_A_COHORT = 32


class CohortDay(msgspec.Struct, array_like=True):
    """Sum the tallies of one cohort on one day; `operators` counts those who were active."""

    operators: int = 0
    look_ups: int = 0
    of_residents: int = 0
    unexplained: int = 0
    slots: dict[int, int] = msgspec.field(default_factory=dict)
    functions: dict[str, int] = msgspec.field(default_factory=dict)
    repeats: dict[int, int] = msgspec.field(default_factory=dict)
    evidence: dict[int, int] = msgspec.field(default_factory=dict)
    oddness: dict[int, int] = msgspec.field(default_factory=dict)
    peaks: list[dict[int, int]] = msgspec.field(default_factory=lambda: [{}, {}, {}, {}])
    vectors: list[tuple[int, bytes]] = msgspec.field(default_factory=list)

    def add_tally(self, tally: Tally) -> None:
        """Add one operator's day."""
        self.operators += 1 if tally.look_ups else 0
        self._add_counts(tally)
        if tally.look_ups:
            for histogram, peak in zip(self.peaks, tally.peaks, strict=True):
                count_into(histogram, int(log1p(peak) / PEAK_BIN_LN))

    def add_day(self, other: CohortDay) -> None:
        """Add another partition's sum of the same cohort and day."""
        self.operators += other.operators
        self._add_counts(other)
        for histogram, more in zip(self.peaks, other.peaks, strict=True):
            _merge(histogram, more)

    def _add_counts(self, other: Tally | CohortDay) -> None:
        self.look_ups += other.look_ups
        self.of_residents += other.of_residents
        self.unexplained += other.unexplained
        _merge(self.slots, other.slots)
        _merge(self.functions, other.functions)
        _merge(self.repeats, other.repeats)
        _merge(self.evidence, other.evidence)
        _merge(self.oddness, other.oddness)
        for item in other.vectors:
            keep_lowest(self.vectors, item, VECTORS_A_COHORT)


class Contribution(msgspec.Struct, array_like=True):
    """Hold a partition's day: its cohorts, and each supervisor's candidates by risk bin."""

    day: int
    cohorts: dict[str, CohortDay] = msgspec.field(default_factory=dict)
    supervisors: dict[str, dict[int, int]] = msgspec.field(default_factory=dict)

    def add_tallies(self, tallies: Iterable[Tally]) -> None:
        """Add operators' days."""
        for tally in tallies:
            self.cohorts.setdefault(tally.cohort, CohortDay()).add_tally(tally)
            book = self.supervisors.setdefault(tally.supervisor_id or "", {})
            for risk_bin in tally.candidates.values():
                count_into(book, risk_bin)

    def merge(self, other: Contribution) -> None:
        """Add another partition's contribution to the same day."""
        for key, day in other.cohorts.items():
            self.cohorts.setdefault(key, CohortDay()).add_day(day)
        for supervisor_id, bins in other.supervisors.items():
            _merge(self.supervisors.setdefault(supervisor_id, {}), bins)


def _merge(into: dict[Key, int], more: dict[Key, int]) -> None:
    for key, count in more.items():
        into[key] = into.get(key, 0) + count


encode_contribution = msgspec.msgpack.Encoder().encode
decode_contribution = msgspec.msgpack.Decoder(Contribution).decode
