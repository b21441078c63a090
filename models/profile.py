"""One operator's habits and counts: what the monitor remembers of a person's work."""

from __future__ import annotations

from math import exp, log1p

import msgspec
from msgspec import structs

from models.tally import Key

VERSION = 3
WINDOWS_S = (60.0, 600.0, 3600.0, 7 * 86_400.0)
"""Time constants of the decaying counters, seconds."""

PEAKS = 6
"""Peaks of a day: its counters' maxima, its look-ups, its printed or exported copies."""
PEAK_DAY, PEAK_COPIES = 4, 5

HABIT_KEPT_PER_DAY = 0.98
"""Share of a habit's weight that a further active day leaves: half in 34 active days."""

NEW_WORK_KEPT = 0.1
"""Share of a habit's weight that a change of work leaves."""

LATELY_KEPT_PER_DAY = 0.95
LEANING_KEPT_PER_DAY = 0.99
"""The classes of residents lately, against those of old."""

TODAY = LOOK_UPS, OF_RESIDENTS, OPEN, COPIES, TRAWLS, SETTLED = range(6)
"""Places in a day's counts; the last counts open look-ups that stayed so."""

PEAK_MEMORY_DAYS = 30.0
PRESENCE_HOLDS_S = 57_600.0
"""A sign-in or a door entry of so long ago is of another day's work."""

_RECENT_DAYS = 16  # clocks run over the closed days around New Year
_LEAST = 0.02
UNITS_A_WEIGHT = 1024
"""Weights by key are whole units, which take a third of a float's bytes: 0.98 rounds down."""
_WEIGHTS = ("hours", "marks", "classes", "leanings", "blocks")

RUN_GAP_S = 300.0
"""A pause of so long ends a run of residents opened one after another."""
_LONGEST_RUN = 30

_MOST_TERMINALS = 6


class Profile(msgspec.Struct, array_like=True):
    """Hold one operator's state, at most about 2 KB encoded.

    `rates` are decaying counts over WINDOWS_S; `day_peaks` the day's maxima of those, its
    count and its copies, at look-ups that passed the gate; `peak_mean` and `peak_var` moments
    of ln(1 + peak) over active days. `hours` counts look-ups by slot (24 x working day + hour),
    decayed. `covered` and `open` count settled look-ups of residents, decayed alike; `marks`
    the rare things among all, by name. `classes`, `leanings` and `blocks` count the residents
    among the open ones, by hash: of `lately`, of `in_all`, and of all. `surplus` sums open
    look-ups beyond what is usual. `run` holds the households (hashes) opened one after another
    without a case, until `run_s`. `likeness` sums by how much today's look-ups are likelier from
    this person than from others, `like_days` holds the last active days' means, in tenths of a
    nat. `days` holds recent days' counts.
    """

    version: int = VERSION
    first_s: float = 0.0
    newest_s: float = 0.0
    look_ups: int = 0
    rates: list[float] = msgspec.field(default_factory=lambda: [0.0] * len(WINDOWS_S))
    day: int = 0
    day_before: int = 0
    day_peaks: list[float] = msgspec.field(default_factory=lambda: [0.0] * PEAKS)
    peak_mean: list[float] = msgspec.field(default_factory=lambda: [0.0] * PEAKS)
    peak_var: list[float] = msgspec.field(default_factory=lambda: [0.0] * PEAKS)
    active_days: int = 0
    hours: dict[int, float] = msgspec.field(default_factory=dict)
    weight: float = 0.0
    covered: float = 0.0
    open: float = 0.0
    marks: dict[str, float] = msgspec.field(default_factory=dict)
    classes: dict[int, float] = msgspec.field(default_factory=dict)
    leanings: dict[int, float] = msgspec.field(default_factory=dict)
    lately: float = 0.0
    in_all: float = 0.0
    blocks: dict[int, float] = msgspec.field(default_factory=dict)
    last_block: int = 0
    last_household: int = 0
    surplus: float = 0.0
    run: list[int] = msgspec.field(default_factory=list)
    run_s: float = 0.0
    likeness: float = 0.0
    likened: int = 0
    like_days: list[int] = msgspec.field(default_factory=list)
    days: dict[int, list[int]] = msgspec.field(default_factory=dict)
    place: str = ""
    place_s: float = 0.0
    place_before: str = ""
    place_before_s: float = 0.0
    trawl_s: float = 0.0
    signed_in: dict[str, float] = msgspec.field(default_factory=dict)
    failures: int = 0
    passed_by: str = ""
    door_in_s: float = 0.0
    door_out_s: float = 0.0
    newest_presence: dict[str, float] = msgspec.field(default_factory=dict)

    def count(self, at_s: float, day: int) -> list[int]:
        """Count one look-up as of its own time, and return its day's counts."""
        newest_s = self.newest_s
        if not self.look_ups:
            self.first_s = self.newest_s = newest_s = at_s
        if day > self.day:
            self._begin_day(day)
        rates = self.rates
        if at_s >= newest_s:
            gap_s, (a_minute, ten_minutes, an_hour, a_week) = at_s - newest_s, rates
            rates[0] = a_minute * exp(-gap_s / 60.0) + 1.0
            rates[1] = ten_minutes * exp(-gap_s / 600.0) + 1.0
            rates[2] = an_hour * exp(-gap_s / 3600.0) + 1.0
            rates[3] = a_week * exp(-gap_s / 604_800.0) + 1.0
            self.newest_s = at_s
        else:
            for i, window_s in enumerate(WINDOWS_S):
                rates[i] += exp((at_s - newest_s) / window_s)
            self.first_s = min(self.first_s, at_s)
        self.look_ups += 1
        counts = self.days.get(day)
        if counts is None:
            counts = self.days[day] = [0] * len(TODAY)
        counts[LOOK_UPS] += 1
        return counts

    def _begin_day(self, day: int) -> None:
        """Close the last active day: its peaks become habit, older habits fade."""
        if self.day:
            self.active_days += 1
            weight = 1.0 / min(self.active_days, PEAK_MEMORY_DAYS)
            for i, peak in enumerate(self.day_peaks):
                step = log1p(peak) - self.peak_mean[i]
                self.peak_mean[i] += weight * step
                self.peak_var[i] = (1 - weight) * (self.peak_var[i] + weight * step * step)
            self.weight *= HABIT_KEPT_PER_DAY
            self.covered *= HABIT_KEPT_PER_DAY
            self.open *= HABIT_KEPT_PER_DAY
            self.hours = faded(self.hours)
            self.marks = faded(self.marks)
            self.classes = faded(self.classes, LATELY_KEPT_PER_DAY)
            self.leanings = faded(self.leanings, LEANING_KEPT_PER_DAY)
            self.lately *= LATELY_KEPT_PER_DAY
            self.in_all *= LEANING_KEPT_PER_DAY
            self.blocks = faded(self.blocks)
        self.day_before, self.day = self.day, day
        self.day_peaks = [0.0] * PEAKS
        for old in [d for d in self.days if d <= day - _RECENT_DAYS]:
            del self.days[old]

    def run_with(self, household: int, at_s: float, *, explained: bool) -> int:
        """Return how many households were opened one after another without a case, this one too.

        A look-up that a case explains ends the run, and so does a pause.
        """
        if explained:
            self.run = []
            return 0
        if not -RUN_GAP_S <= at_s - self.run_s <= RUN_GAP_S:
            self.run = []
        self.run_s = max(at_s, self.run_s) if self.run else at_s
        if household not in self.run and len(self.run) < _LONGEST_RUN:
            self.run.append(household)
        return len(self.run)

    def close_likeness(self, most_days: int, units: int) -> None:
        """Keep the mean likeness of the day that ends, of the last so many days, in units."""
        if self.likened:
            self.like_days.append(round(units * self.likeness / self.likened))
            del self.like_days[:-most_days]
        self.likeness, self.likened = 0.0, 0

    def begin_new_work(self, days_known: int) -> None:
        """Let old habits weigh little, for the work has changed: they are relearned in days."""
        kept = NEW_WORK_KEPT
        self.hours, self.marks = faded(self.hours, kept), faded(self.marks, kept)
        self.weight *= kept
        self.covered *= kept
        self.open *= kept
        self.surplus = 0.0
        self.active_days = min(self.active_days, days_known)
        del self.like_days[:-days_known]

    def note_place(self, terminal_id: str, at_s: float) -> None:
        """Remember at which terminal the operator works, and at which other before."""
        if terminal_id != self.place:
            self.place_before, self.place_before_s = self.place, self.place_s
            self.place = terminal_id
        self.place_s = at_s

    def sign_in(self, terminal_id: str, at_s: float, method: str, *, success: bool) -> None:
        """Remember a sign-in, or that one failed."""
        if not success:
            if self.passed_by:
                self.failures, self.passed_by = 0, ""
            self.failures += 1
            return
        self.passed_by = method
        if method != "password":
            self.failures = 0
        self.signed_in[terminal_id] = max(at_s, self.signed_in.get(terminal_id, at_s))
        if len(self.signed_in) > _MOST_TERMINALS:
            del self.signed_in[min(self.signed_in, key=lambda t: (self.signed_in[t], t))]

    def is_signed_in(self, terminal_id: str, at_s: float) -> bool:
        """Return whether a sign-in at a terminal stands behind a moment."""
        signed_s = self.signed_in.get(terminal_id)
        return signed_s is not None and at_s - signed_s <= PRESENCE_HOLDS_S

    def pass_door(self, at_s: float, *, inwards: bool) -> None:
        """Remember the newest way in and out."""
        if inwards:
            self.door_in_s = max(self.door_in_s, at_s)
        else:
            self.door_out_s = max(self.door_out_s, at_s)

    def learn(self, slot: int, counts: list[int]) -> None:
        """Let one look-up that passed the gate teach the habits."""
        raise_peaks(self.day_peaks, self.rates, counts)
        self.hours[slot] = self.hours.get(slot, 0.0) + 1.0
        self.weight += 1.0


def raise_peaks(peaks: list[float], rates: list[float], counts: list[int]) -> None:
    """Raise a day's peaks to its counters and counts, where these are higher."""
    a_minute, ten_minutes, an_hour, a_week = rates
    if a_minute > peaks[0]:
        peaks[0] = a_minute
    if ten_minutes > peaks[1]:
        peaks[1] = ten_minutes
    if an_hour > peaks[2]:
        peaks[2] = an_hour
    if a_week > peaks[3]:
        peaks[3] = a_week
    if counts[LOOK_UPS] > peaks[PEAK_DAY]:
        peaks[PEAK_DAY] = float(counts[LOOK_UPS])
    if counts[COPIES] > peaks[PEAK_COPIES]:
        peaks[PEAK_COPIES] = float(counts[COPIES])


def faded(weights: dict[Key, float], kept: float = HABIT_KEPT_PER_DAY) -> dict[Key, float]:
    """Return decayed weights in whole units, without those that have faded away."""
    unit = UNITS_A_WEIGHT
    return {key: int(w * kept * unit) / unit for key, w in weights.items() if w * kept >= _LEAST}


_encode = msgspec.msgpack.Encoder().encode
_decode = msgspec.msgpack.Decoder(Profile).decode


def encode_profile(profile: Profile) -> bytes:
    """Return a profile as msgpack, its weights by key in whole units."""
    compact, unit = structs.replace(profile), UNITS_A_WEIGHT
    for name in _WEIGHTS:
        weights: dict[int | str, float] = getattr(profile, name)
        setattr(compact, name, {key: int(w * unit) for key, w in weights.items()})
    return _encode(compact)


def decode_profile(value: bytes) -> Profile:
    """Return the profile in a state record; fields that a later version adds have defaults."""
    profile = _decode(value)
    for name in _WEIGHTS:
        units: dict[int | str, float] = getattr(profile, name)
        setattr(profile, name, {key: n / UNITS_A_WEIGHT for key, n in units.items()})
    return profile
