"""The book of all partitions' days, from which snapshots are cut."""

from __future__ import annotations

from collections.abc import Iterable

from models.contribution import Contribution
from models.shared import SharedState, Snapshot

_BASES_KEPT = 8


class Ledger:
    """Collect contributions and fold those that all partitions have closed.

    `bases` are the newest complete folds, oldest first, more than one because a partition
    that restarts may still stand before the newest cut. A day that a partition closes after
    the others went on without it is folded in its place at the next cut.
    """

    def __init__(self, partitions: int, bases: Iterable[SharedState] = ()) -> None:
        self.bases = sorted(bases, key=lambda base: base.through_day) or [SharedState()]
        self._marks = dict.fromkeys(range(partitions), 0)
        self._days: dict[int, dict[int, Contribution]] = {}
        self._cuts: dict[int, Snapshot] = {}

    def add(self, partition: int, contribution: Contribution) -> None:
        """Take a partition's day; the same day again replaces it, for it is the same."""
        if contribution.day > self.bases[0].through_day:
            self._days.setdefault(contribution.day, {})[partition] = contribution

    def close(self, partition: int, through_day: int) -> None:
        """Note that a partition has given all its days through this one."""
        self._marks[partition] = max(self._marks[partition], through_day)

    @property
    def closed_first(self) -> int:
        """Return the newest day that any partition has closed; 0 where none has."""
        return max(self._marks.values(), default=0)

    def lacking(self, through_day: int) -> list[int]:
        """Return the partitions that have not closed a day."""
        return [partition for partition, mark in self._marks.items() if mark < through_day]

    def snapshot(self, through_day: int) -> Snapshot:
        """Return the snapshot through a day; one that lacks partitions says so in its name."""
        cut = self._cuts.get(through_day)
        if cut is not None:
            return cut
        missing = len(self.lacking(through_day))
        state = self._fold(through_day)
        cut = Snapshot(state, missing=missing)
        if not missing:
            self._cuts[through_day] = cut
            for old in sorted(self._cuts)[:-_BASES_KEPT]:
                del self._cuts[old]
            self._keep_base(state)
        return cut

    def _fold(self, through_day: int) -> SharedState:
        state = max(
            (base for base in self.bases if base.through_day <= through_day),
            key=lambda base: base.through_day,
            default=self.bases[0],
        )
        for day in sorted(d for d in self._days if state.through_day < d <= through_day):
            total = Contribution(day)
            for partition in sorted(self._days[day]):
                total.merge(self._days[day][partition])
            state = state.folded(total)
        return state

    def _keep_base(self, state: SharedState) -> None:
        if state.through_day <= self.bases[-1].through_day:
            return
        self.bases = [*self.bases, state][-_BASES_KEPT:]
        for day in [d for d in self._days if d <= self.bases[0].through_day]:
            del self._days[day]
