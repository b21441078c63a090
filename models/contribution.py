"""One day of one partition, as all partitions and replay add it up."""

from __future__ import annotations

from collections.abc import Iterable
from math import log1p

import msgspec

from models.tally import PEAK_BIN_LN, Key, Tally, count_into, keep_lowest

VECTORS_A_COHORT = 32
_MOST_RESIDENTS = 20_000


class CohortDay(msgspec.Struct, array_like=True):
    """Sum the tallies of one cohort on one day; `operators` counts those who were active.

    `joint` histograms operators' highest joint evidence: a burst of four hundred look-ups is
    one happening.
    """

    operators: int = 0
    look_ups: int = 0
    open: int = 0
    covered: int = 0
    slots: dict[int, int] = msgspec.field(default_factory=dict)
    functions: dict[str, int] = msgspec.field(default_factory=dict)
    repeats: dict[int, int] = msgspec.field(default_factory=dict)
    marks: dict[str, int] = msgspec.field(default_factory=dict)
    joint: dict[int, int] = msgspec.field(default_factory=dict)
    peaks: list[dict[int, int]] = msgspec.field(default_factory=lambda: [{} for _ in range(6)])
    vectors: list[tuple[int, bytes]] = msgspec.field(default_factory=list)

    def add_tally(self, tally: Tally) -> None:
        """Add one operator's day."""
        self._add_counts(tally)
        count_into(self.joint, tally.joint)
        if tally.look_ups:
            self.operators += 1
            for histogram, peak in zip(self.peaks, tally.peaks, strict=True):
                count_into(histogram, int(log1p(peak) / PEAK_BIN_LN))

    def add_day(self, other: CohortDay) -> None:
        """Add another partition's sum of the same cohort and day."""
        self.operators += other.operators
        self._add_counts(other)
        _merge(self.joint, other.joint)
        for histogram, more in zip(self.peaks, other.peaks, strict=True):
            _merge(histogram, more)

    def _add_counts(self, other: Tally | CohortDay) -> None:
        self.look_ups += other.look_ups
        self.open += other.open
        self.covered += other.covered
        _merge(self.slots, other.slots)
        _merge(self.functions, other.functions)
        _merge(self.repeats, other.repeats)
        _merge(self.marks, other.marks)
        for item in other.vectors:
            keep_lowest(self.vectors, item, VECTORS_A_COHORT)


class Contribution(msgspec.Struct, array_like=True):
    """Hold a partition's day: its cohorts, each supervisor's candidates by risk bin, and how
    many operators looked at each resident whom no case explained (by hash).
    """

    day: int
    cohorts: dict[str, CohortDay] = msgspec.field(default_factory=dict)
    supervisors: dict[str, dict[int, int]] = msgspec.field(default_factory=dict)
    residents: dict[int, int] = msgspec.field(default_factory=dict)

    def add_tallies(self, tallies: Iterable[Tally]) -> None:
        """Add one operator's day."""
        seen: set[int] = set()
        for tally in tallies:
            self.cohorts.setdefault(tally.cohort, CohortDay()).add_tally(tally)
            book = self.supervisors.setdefault(tally.supervisor_id or "", {})
            for risk_bin in tally.candidates.values():
                count_into(book, risk_bin)
            seen.update(tally.residents)
        for resident in seen:
            count_into(self.residents, resident)
        self._keep_lowest_residents()

    def merge(self, other: Contribution) -> None:
        """Add another partition's contribution to the same day."""
        for key, day in other.cohorts.items():
            self.cohorts.setdefault(key, CohortDay()).add_day(day)
        for supervisor_id, bins in other.supervisors.items():
            _merge(self.supervisors.setdefault(supervisor_id, {}), bins)
        _merge(self.residents, other.residents)
        self._keep_lowest_residents()

    def _keep_lowest_residents(self) -> None:
        """Bound the residents; also of a sum, lest it depend on the number of partitions."""
        if len(self.residents) > _MOST_RESIDENTS:
            for resident in sorted(self.residents)[_MOST_RESIDENTS:]:
                del self.residents[resident]


def _merge(into: dict[Key, int], more: dict[Key, int]) -> None:
    for key, count in more.items():
        into[key] = into.get(key, 0) + count


encode_contribution = msgspec.msgpack.Encoder().encode
decode_contribution = msgspec.msgpack.Decoder(Contribution).decode
