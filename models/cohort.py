"""A cohort as detectors read it: rates and tails, leaning on the ward where it is small."""

from __future__ import annotations

from functools import cached_property
from math import exp, sqrt
from typing import TYPE_CHECKING

from models.curves import Tails
from models.forest import Forest, forest_of
from models.tally import EVIDENCE_BIN_NATS, EVIDENCE_BINS, PEAK_BIN_LN

if TYPE_CHECKING:
    from models.shared import CohortState

WARD_WEIGHT_LOOK_UPS = 300.0
"""So many of its own look-ups weigh in a cohort's rates as much as the ward's."""

_READY_LOOK_UPS = 200.0
_MOST_SHARE = 0.99
"""Marks count each look-up, open ones once a resident and day: their quotient may pass 1."""
_JOINT_WEIGHT_DAYS = 40.0
_JOINT_PRIOR_DECAY = 0.8
_JOINT_PRIOR_BEGINS_NATS = 6.0


class CohortView:
    """Answer a detector's questions about a cohort of one snapshot."""

    def __init__(self, state: CohortState, ward: CohortView | None) -> None:
        self._state = state
        self._ward = ward
        self._mark_shares: dict[str, float] = {}
        self._function_shares: dict[str, float] = {}
        self._repeat_shares: dict[tuple[int, ...], float] = {}
        self.kept: dict[object, tuple[tuple[float, float], ...]] = {}
        """What a detector makes of the shares of some marks, as long as the view lasts."""

    @cached_property
    def ready(self) -> bool:
        """Return whether enough has been seen to speak of a habit."""
        own = self._state.look_ups >= _READY_LOOK_UPS
        return own or (self._ward is not None and self._ward.ready)

    def _blend(self, own: float, total: float, ward_share: float) -> float:
        return (own + WARD_WEIGHT_LOOK_UPS * ward_share) / (total + WARD_WEIGHT_LOOK_UPS)

    @cached_property
    def open_share(self) -> float:
        """Return the share of look-ups of residents that no case ever explained."""
        ward = 0.2 if self._ward is None else self._ward.open_share
        state = self._state
        return self._blend(state.open, state.open + state.covered, ward)

    def slot_share(self, slot: int) -> float:
        """Return the share of look-ups in an hour slot (24 x working day + hour)."""
        ward = 1 / 48 if self._ward is None else self._ward.slot_share(slot)
        return self._blend(self._state.slots.get(slot, 0.0), self._slots_total, ward)

    @cached_property
    def hours(self) -> tuple[float, ...]:
        """Return the share of look-ups in each hour of the day, rounded for people."""
        return tuple(round(self.slot_share(h) + self.slot_share(24 + h), 4) for h in range(24))

    def function_share(self, function: str) -> float:
        """Return the share of look-ups by a function."""
        share = self._function_shares.get(function)
        if share is None:
            ward = 0.001 if self._ward is None else self._ward.function_share(function)
            own = self._state.functions.get(function, 0.0)
            share = self._function_shares[function] = self._blend(own, self.functions_total, ward)
        return share

    @cached_property
    def _slots_total(self) -> float:
        return sum(self._state.slots.values())

    @cached_property
    def functions_total(self) -> float:
        """Return the look-ups that `function_counts` sums to."""
        return sum(self._state.functions.values())

    @cached_property
    def function_counts(self) -> dict[str, float]:
        """Return look-ups by function."""
        return self._state.functions

    def mark_share(self, mark: str, prior: float) -> float:
        """Return the share of a rare thing among its kind of look-ups.

        Marks that begin with `u.` are shares of the open ones, with `c.` of the covered ones,
        others of all. `prior` is what to expect before anything was seen.
        """
        share = self._mark_shares.get(mark)
        if share is None:
            state = self._state
            ward = prior if self._ward is None else self._ward.mark_share(mark, prior)
            total = state.look_ups
            if mark[:2] == "u.":
                total = state.open
            elif mark[:2] == "c.":
                total = state.covered
            share = min(_MOST_SHARE, self._blend(state.marks.get(mark, 0.0), total, ward))
            self._mark_shares[mark] = share
        return share

    def repeat_share(self, buckets: tuple[int, ...], prior: float) -> float:
        """Return the share of open look-ups that fall into some repeat buckets.

        `prior` is what to expect before anything was seen.
        """
        share = self._repeat_shares.get(buckets)
        if share is None:
            ward = prior if self._ward is None else self._ward.repeat_share(buckets, prior)
            reached = sum(self._state.repeats.get(bucket, 0.0) for bucket in buckets)
            share = self._blend(reached, self._state.open, ward)
            self._repeat_shares[buckets] = share
        return share

    def peak(self, window: int) -> tuple[float, float]:
        """Return mean and standard deviation of ln(1 + a day's peak) of a window."""
        return self._peaks[window]

    @cached_property
    def _peaks(self) -> tuple[tuple[float, float], ...]:
        moments = []
        for window, histogram in enumerate(self._state.peaks):
            total = sum(histogram.values())
            mean = sum((b + 0.5) * n for b, n in histogram.items()) * PEAK_BIN_LN
            square = sum(((b + 0.5) * PEAK_BIN_LN) ** 2 * n for b, n in histogram.items())
            ward_mean, ward_sd = (1.5, 1.0) if self._ward is None else self._ward.peak(window)
            weight = 10.0  # operator-days
            blended = (mean + weight * ward_mean) / (total + weight)
            second = (square + weight * (ward_sd**2 + ward_mean**2)) / (total + weight)
            moments.append((blended, sqrt(max(second - blended**2, 0.01))))
        return tuple(moments)

    def survival(self, evidence: float) -> float:
        """Return the share of operators' days that reach a joint evidence; falls strictly."""
        ward, prior = self._ward, 1.0
        if ward is not None:
            prior = ward.survival(evidence)
        elif evidence > _JOINT_PRIOR_BEGINS_NATS:
            prior = exp(-_JOINT_PRIOR_DECAY * (evidence - _JOINT_PRIOR_BEGINS_NATS))
        tails, total, weight = self._tails
        place = evidence / EVIDENCE_BIN_NATS
        left = int(place)
        if left >= EVIDENCE_BINS:
            left = EVIDENCE_BINS - 1
        low, high = tails.reaching(left), tails.reaching(left + 1)
        into = place - left
        seen = low + (high - low) * (into if into < 1.0 else 1.0)
        return (seen + weight * prior) / (total + weight)

    @cached_property
    def _tails(self) -> tuple[Tails, float, float]:
        """Return the joint evidence's tails, their total and by how much the prior weighs."""
        tails = Tails(self._state.joint)
        return tails, tails.total, max(_JOINT_WEIGHT_DAYS, tails.total / 200)

    @cached_property
    def look_ups_a_day(self) -> float:
        """Return the mean look-ups of an operator's day."""
        state = self._state
        return state.look_ups / state.operator_days if state.operator_days else 1.0

    @cached_property
    def forest(self) -> Forest | None:
        """Return the cohort's River forest, the ward's before its own first window is full."""
        own = forest_of(tuple(self._state.taught))
        return self._ward.forest if own is None and self._ward is not None else own
