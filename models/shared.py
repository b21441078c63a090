"""What operators share: cohorts, seasons and budgets, folded day by day into named snapshots.

Nothing here changes during a day. Each partition's day is a Contribution of whole numbers; a
snapshot is the fold of all contributions through a day, in the order of the days, and is
named by its content: the same days give the same name on any number of partitions.
"""

from __future__ import annotations

from datetime import date
from functools import cached_property
from hashlib import blake2b
from math import log
from typing import TypeVar

import msgspec

from models.cohort import CohortView
from models.contribution import CohortDay, Contribution
from models.forest import WINDOW

HALF_LIFE_DAYS = 60.0
_SEASON_DAYS = 5
_RECENT_DAYS = 10
_FORGOTTEN = 1e-3
"""A decayed count below this is nobody's habit any more."""
_MOST_FUNCTIONS = 1000
_MOST_MARKS = 600
_CONVERGING_DAYS = 7
WARD = ""
"""Key of the cohort that holds everybody."""

Key = TypeVar("Key", int, str)


class CohortState(msgspec.Struct, array_like=True):
    """Hold a cohort's decayed sums; the fields are CohortDay's, as floats.

    `window` are the feature vectors since the last full window, `taught` those of that
    window: the forest is what River learns from `taught`, in this order.
    """

    operator_days: float = 0.0
    look_ups: float = 0.0
    open: float = 0.0
    covered: float = 0.0
    slots: dict[int, float] = msgspec.field(default_factory=dict)
    functions: dict[str, float] = msgspec.field(default_factory=dict)
    repeats: dict[int, float] = msgspec.field(default_factory=dict)
    marks: dict[str, float] = msgspec.field(default_factory=dict)
    joint: dict[int, float] = msgspec.field(default_factory=dict)
    peaks: list[dict[int, float]] = msgspec.field(default_factory=lambda: [{} for _ in range(6)])
    window: list[bytes] = msgspec.field(default_factory=list)
    taught: list[bytes] = msgspec.field(default_factory=list)

    def folded(self, kept: float, day: CohortDay) -> CohortState:
        """Return the sums after a day; `kept` is the share that the older ones keep."""
        window = self.window + [vector for _, vector in day.vectors]
        taught = self.taught
        if len(window) >= WINDOW:
            taught, window = window[:WINDOW], window[WINDOW:]
        return CohortState(
            self.operator_days * kept + day.operators,
            self.look_ups * kept + day.look_ups,
            self.open * kept + day.open,
            self.covered * kept + day.covered,
            _fold(self.slots, kept, day.slots),
            _heaviest(_fold(self.functions, kept, day.functions), _MOST_FUNCTIONS),
            _fold(self.repeats, kept, day.repeats),
            _heaviest(_fold(self.marks, kept, day.marks), _MOST_MARKS),
            _fold(self.joint, kept, day.joint),
            [_fold(a, kept, b) for a, b in zip(self.peaks, day.peaks, strict=True)],
            window,
            taught,
        )


class SupervisorState(msgspec.Struct, array_like=True):
    """Hold how many causes a supervisor's people gave at each risk, and on how many days."""

    days: float = 0.0
    candidates: dict[int, float] = msgspec.field(default_factory=dict)


class SharedState(msgspec.Struct, array_like=True):
    """Hold everything that a snapshot is made of; encodes to the same bytes everywhere."""

    version: int = 2
    first_day: int = 0
    through_day: int = 0
    cohorts: dict[str, CohortState] = msgspec.field(default_factory=dict)
    supervisors: dict[str, SupervisorState] = msgspec.field(default_factory=dict)
    recent: list[tuple[int, int, int]] = msgspec.field(default_factory=list)
    residents: list[tuple[int, dict[int, int]]] = msgspec.field(default_factory=list)

    def folded(self, day: Contribution) -> SharedState:
        """Return the state after one more day, which must follow the days folded before."""
        kept = _kept(day.day - self.through_day, day.day - self.first_day) if self.first_day else 1
        ward = CohortDay()
        for key in sorted(day.cohorts):
            ward.add_day(day.cohorts[key])
        days = {**day.cohorts, WARD: ward}
        cohorts = {
            key: self.cohorts.get(key, CohortState()).folded(kept, days.get(key, CohortDay()))
            for key in sorted(self.cohorts.keys() | days.keys())
        }
        cohorts = {k: c for k, c in cohorts.items() if c.look_ups >= _FORGOTTEN or k == WARD}
        supervisors = {}
        for key in sorted(self.supervisors.keys() | day.supervisors.keys()):
            old = self.supervisors.get(key, SupervisorState())
            supervisors[key] = SupervisorState(
                old.days * kept + (key in day.supervisors),
                _fold(old.candidates, kept, day.supervisors.get(key, {})),
            )
        supervisors = {k: s for k, s in supervisors.items() if s.days >= _FORGOTTEN}
        recent = [*self.recent, (day.day, ward.look_ups, ward.operators)][-_RECENT_DAYS:]
        residents = [(d, seen) for d, seen in self.residents if d > day.day - _CONVERGING_DAYS]
        residents.append((day.day, {key: day.residents[key] for key in sorted(day.residents)}))
        return SharedState(
            self.version,
            self.first_day or day.day,
            day.day,
            cohorts,
            supervisors,
            recent,
            residents,
        )


def _kept(days: int, age_days: int) -> float:
    """Return the share that older sums keep: a young ward soon forgets its first strange days."""
    half_life_days = min(HALF_LIFE_DAYS, 5.0 + age_days / 2)
    return float(0.5 ** (days / half_life_days))


def _heaviest(weights: dict[str, float], most: int) -> dict[str, float]:
    """Return the heaviest entries, ties by name, in the order of their keys."""
    if len(weights) <= most:
        return weights
    heaviest = sorted(weights, key=lambda key: (-weights[key], key))[:most]
    return {key: weights[key] for key in sorted(heaviest)}


def _fold(old: dict[Key, float], kept: float, new: dict[Key, int]) -> dict[Key, float]:
    # Sorted, so that sums over the values come out the same wherever they are taken.
    least = _FORGOTTEN / kept
    folded = {key: weight * kept for key, weight in old.items() if weight >= least or key in new}
    fresh = new.keys() - folded.keys()
    for key, count in new.items():
        folded[key] = folded.get(key, 0.0) + count
    return {key: folded[key] for key in sorted(folded)} if fresh else folded


encode_shared = msgspec.msgpack.Encoder().encode
decode_shared = msgspec.msgpack.Decoder(SharedState).decode


class Snapshot:
    """Let detectors read one day's shared state; never changes."""

    def __init__(self, state: SharedState, *, missing: int = 0) -> None:
        self.state = state
        self.missing = missing
        self._views: dict[str, CohortView] = {}

    @cached_property
    def name(self) -> str:
        """Return the last day in it, a digest of its content, and how many partitions lack."""
        if not self.state.first_day:
            return "empty"
        digest = blake2b(encode_shared(self.state), digest_size=4).hexdigest()
        lacking = f"-{self.missing}" if self.missing else ""
        return f"{date.fromordinal(self.state.through_day)}.{digest}{lacking}"

    def cohort(self, key: str) -> CohortView:
        """Return the view of a cohort, of the ward where the cohort has never been seen."""
        view = self._views.get(key)
        if view is None:
            ward = None if key == WARD else self.cohort(WARD)
            view = CohortView(self.state.cohorts.get(key, CohortState()), ward)
            self._views[key] = view
        return view

    @cached_property
    def ward(self) -> CohortView:
        """Return the view of everybody."""
        return self.cohort(WARD)

    @cached_property
    def converging(self) -> dict[int, int]:
        """Return on how many operator-days of a week each resident was looked at unexplained.

        Only of those for whom it is more than one; keys are hashes.
        """
        total: dict[int, int] = {}
        for _, seen in self.state.residents:
            for key, count in seen.items():
                total[key] = total.get(key, 0) + count
        return {key: count for key, count in total.items() if count > 1}

    @cached_property
    def season(self) -> float:
        """Return the ward's volume an operator lately, as a multiple of its long run."""
        ward = self.state.cohorts.get(WARD)
        if ward is None or ward.operator_days < 20 or len(self.state.recent) < _SEASON_DAYS:
            return 1.0
        lately = self.state.recent[-_SEASON_DAYS:]
        rate = sum(n for _, n, _ in lately) / max(1, sum(operators for _, _, operators in lately))
        return min(4.0, max(0.5, rate / (ward.look_ups / ward.operator_days)))

    @cached_property
    def season_ln(self) -> float:
        """Return the season as a logarithm."""
        return log(self.season)

    def threshold_bin(self, supervisor_id: str | None, budget_per_day: float) -> int | None:
        """Return the lowest risk bin that keeps a supervisor near a budget; None: not known.

        Bins are those of `tally.risk_bin`.
        """
        book = self.state.supervisors.get(supervisor_id or "")
        if book is None or book.days < 10:
            return None
        allowed = budget_per_day * book.days
        total, lowest = 0.0, max(book.candidates, default=0)
        for risk_bin in sorted(book.candidates, reverse=True):
            total += book.candidates[risk_bin]
            if total > allowed:
                break
            lowest = risk_bin
        return lowest
