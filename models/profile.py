"""One operator's habits and counts: what the monitor remembers of a person's work."""

from __future__ import annotations

from math import exp, log1p

import msgspec

VERSION = 1
WINDOWS_S = (60.0, 600.0, 3600.0)
"""Time constants of the three decaying counters, seconds."""

HABIT_KEPT_PER_DAY = 0.98
"""Share of a habit's weight that a further active day leaves: half in 34 active days."""

PEAK_MEMORY_DAYS = 30.0
_RECENT_DAYS = 16  # clocks run over the closed days around New Year
_MOST_FUNCTIONS = 30


class Profile(msgspec.Struct, array_like=True):
    """Hold one operator's state, at most about 2 KB encoded.

    `rates` are decaying counts over WINDOWS_S; `day_peaks` the day's maxima of those and its
    count, at look-ups that passed the gate; `peak_mean` and `peak_var` moments of ln(1 + peak)
    over active days. `hours` counts look-ups by slot (24 x working day + hour), `functions` by
    function, both decayed.
    `covered` and `uncovered` count judged look-ups of residents, decayed alike. `day_counts`
    counts recent days' look-ups, `day_of_residents` those of residents, `day_open` those that
    no case explains so far.
    """

    version: int = VERSION
    first_s: float = 0.0
    newest_s: float = 0.0
    look_ups: int = 0
    rates: list[float] = msgspec.field(default_factory=lambda: [0.0] * 3)
    day: int = 0
    day_peaks: list[float] = msgspec.field(default_factory=lambda: [0.0] * 4)
    peak_mean: list[float] = msgspec.field(default_factory=lambda: [0.0] * 4)
    peak_var: list[float] = msgspec.field(default_factory=lambda: [0.0] * 4)
    active_days: int = 0
    hours: dict[int, float] = msgspec.field(default_factory=dict)
    functions: dict[str, float] = msgspec.field(default_factory=dict)
    covered: float = 0.0
    uncovered: float = 0.0
    day_counts: dict[int, int] = msgspec.field(default_factory=dict)
    day_of_residents: dict[int, int] = msgspec.field(default_factory=dict)
    day_open: dict[int, int] = msgspec.field(default_factory=dict)
    newest_presence: dict[str, float] = msgspec.field(default_factory=dict)

    def count(self, at_s: float, day: int, *, of_resident: bool = True) -> None:
        """Count one look-up as of its own time; moves the newest time, never back."""
        if not self.look_ups:
            self.first_s = at_s
        if day > self.day:
            self._begin_day(day)
        behind_s = max(0.0, self.newest_s - at_s)
        gap_s = max(0.0, at_s - self.newest_s)
        for i, window_s in enumerate(WINDOWS_S):
            rate = self.rates[i] * exp(-gap_s / window_s) + exp(-behind_s / window_s)
            self.rates[i] = rate
        self.day_counts[day] = self.day_counts.get(day, 0) + 1
        if of_resident:
            self.day_of_residents[day] = self.day_of_residents.get(day, 0) + 1
        self.look_ups += 1
        self.first_s = min(self.first_s, at_s)
        self.newest_s = max(self.newest_s, at_s)

    def _begin_day(self, day: int) -> None:
        """Close the last active day: its peaks become habit, older habits fade."""
        if self.day:
            self.active_days += 1
            weight = 1.0 / min(self.active_days, PEAK_MEMORY_DAYS)
            for i, peak in enumerate(self.day_peaks):
                step = log1p(peak) - self.peak_mean[i]
                self.peak_mean[i] += weight * step
                self.peak_var[i] = (1 - weight) * (self.peak_var[i] + weight * step * step)
            for slot in self.hours:
                self.hours[slot] *= HABIT_KEPT_PER_DAY
            for function in self.functions:
                self.functions[function] *= HABIT_KEPT_PER_DAY
            self.covered *= HABIT_KEPT_PER_DAY
            self.uncovered *= HABIT_KEPT_PER_DAY
        self.day = day
        self.day_peaks = [0.0] * 4
        for counts in (self.day_counts, self.day_of_residents, self.day_open):
            for old in [d for d in counts if d <= day - _RECENT_DAYS]:
                del counts[old]

    def learn(self, slot: int, function: str) -> None:
        """Let one look-up that passed the gate teach the habits."""
        now = (*self.rates, float(self.day_counts.get(self.day, 0)))
        self.day_peaks = [max(pair) for pair in zip(self.day_peaks, now, strict=True)]
        self.hours[slot] = self.hours.get(slot, 0.0) + 1.0
        self.functions[function] = self.functions.get(function, 0.0) + 1.0
        if len(self.functions) > _MOST_FUNCTIONS:
            del self.functions[min(self.functions, key=lambda f: (self.functions[f], f))]


_encode = msgspec.msgpack.Encoder().encode
_decode = msgspec.msgpack.Decoder(Profile).decode


def encode_profile(profile: Profile) -> bytes:
    """Return a profile as msgpack."""
    return _encode(profile)


def decode_profile(value: bytes) -> Profile:
    """Return the profile in a state record; fields that a later version adds have defaults."""
    return _decode(value)
