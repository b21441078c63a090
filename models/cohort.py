"""A cohort as detectors read it: rates and tails, leaning on the ward where it is small."""

from __future__ import annotations

from functools import cached_property
from math import exp, sqrt
from typing import TYPE_CHECKING, Any

from models.forest import forest_of
from models.tally import EVIDENCE_BIN_NATS, ODDNESS_BINS, PEAK_BIN_LN, evidence_bin

if TYPE_CHECKING:
    from models.shared import CohortState

WARD_WEIGHT_LOOK_UPS = 300.0
"""So many of its own look-ups weigh in a cohort's rates as much as the ward's."""

_PRIOR_LOOK_UPS = 50.0
_PRIOR_DECAY = 0.5
_READY_LOOK_UPS = 200.0


class CohortView:
    """Answer a detector's questions about a cohort of one snapshot."""

    def __init__(self, state: CohortState, ward: CohortView | None) -> None:
        self._state = state
        self._ward = ward

    @property
    def ready(self) -> bool:
        """Return whether enough has been seen to speak of a habit."""
        own = self._state.look_ups >= _READY_LOOK_UPS
        return own or (self._ward is not None and self._ward.ready)

    def _blend(self, own: float, total: float, ward_share: float) -> float:
        return (own + WARD_WEIGHT_LOOK_UPS * ward_share) / (total + WARD_WEIGHT_LOOK_UPS)

    @cached_property
    def unexplained_share(self) -> float:
        """Return the share of look-ups of residents that no case ever explained."""
        ward = 0.2 if self._ward is None else self._ward.unexplained_share
        return self._blend(self._state.unexplained, self._state.of_residents, ward)

    def slot_share(self, slot: int) -> float:
        """Return the share of look-ups in an hour slot (24 x working day + hour)."""
        ward = 1 / 48 if self._ward is None else self._ward.slot_share(slot)
        return self._blend(self._state.slots.get(slot, 0.0), self._slots_total, ward)

    def function_share(self, function: str) -> float:
        """Return the share of look-ups by a function."""
        ward = 0.001 if self._ward is None else self._ward.function_share(function)
        return self._blend(self._state.functions.get(function, 0.0), self._functions_total, ward)

    @cached_property
    def _slots_total(self) -> float:
        return sum(self._state.slots.values())

    @cached_property
    def _functions_total(self) -> float:
        return sum(self._state.functions.values())

    def repeat_share(self, buckets: tuple[int, ...], prior: float) -> float:
        """Return the share of look-ups of residents that fall into some repeat buckets.

        `prior` is what to expect before anything was seen.
        """
        ward = prior if self._ward is None else self._ward.repeat_share(buckets, prior)
        reached = sum(self._state.repeats.get(bucket, 0.0) for bucket in buckets)
        # Four times the weight: repeats are rare, and a small section has seen few.
        weight = 4 * WARD_WEIGHT_LOOK_UPS
        return (reached + weight * ward) / (self._state.of_residents + weight)

    def peak(self, window: int) -> tuple[float, float]:
        """Return mean and standard deviation of ln(1 + a day's peak) of a window, 0 to 3."""
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
        """Return the share of look-ups with at least this joint evidence; falls strictly.

        Within what was seen it is the histogram's, beyond it an exponential tail; a
        thousandth of the tail's weight everywhere keeps it strict.
        """
        prior = (
            exp(-_PRIOR_DECAY * evidence) if self._ward is None else self._ward.survival(evidence)
        )
        total, tails = self._tails
        weight = max(_PRIOR_LOOK_UPS, total / 1000)
        place = evidence_bin(evidence)
        inside = min(1.0, evidence / EVIDENCE_BIN_NATS - place)
        seen = tails[place] + (tails[place + 1] - tails[place]) * inside
        return (seen + weight * prior) / (total + weight)

    @cached_property
    def _tails(self) -> tuple[float, list[float]]:
        return _tails_of(self._state.evidence, evidence_bin(1e9) + 2)

    @cached_property
    def forest(self) -> Any | None:
        """Return the cohort's River forest, the ward's before its own first window is full."""
        own = forest_of(tuple(self._state.taught))
        return self._ward.forest if own is None and self._ward is not None else own

    def oddness_survival(self, odd_bin: int) -> float:
        """Return the share of look-ups that the forest found at least as odd."""
        ward = self._ward if self._ward and self.forest is self._ward.forest else None
        if ward is not None:
            return ward.oddness_survival(odd_bin)
        total, tails = self._oddness_tails
        return (tails[odd_bin] + 1.0) / (total + 2.0)

    @property
    def oddness_ready(self) -> bool:
        """Return whether enough look-ups were scored by a forest to rank another among them."""
        if self._ward and self.forest is self._ward.forest:
            return self._ward.oddness_ready
        return self.forest is not None and self._oddness_tails[0] >= _READY_LOOK_UPS

    @cached_property
    def _oddness_tails(self) -> tuple[float, list[float]]:
        return _tails_of(self._state.oddness, ODDNESS_BINS + 1)


def _tails_of(histogram: dict[int, float], size: int) -> tuple[float, list[float]]:
    """Return a histogram's total and, for each bin, what lies in it and above."""
    tails = [0.0] * (size + 1)
    for place in range(size - 1, -1, -1):
        tails[place] = tails[place + 1] + histogram.get(place, 0.0)
    return tails[0], tails
