"""What is known about one look-up when it is judged: gathered once, read by every detector."""

from __future__ import annotations

from functools import lru_cache
from hashlib import blake2b
from math import sqrt
from typing import Protocol

import msgspec

from models.calendar import Calendar
from models.cohort import CohortView
from models.context import Context, Person
from models.desk import Desk, Desks
from models.kinds import class_hash
from models.pairs import Pair
from models.policy import Policy
from models.profile import Profile
from models.repertoire import Ratio, Repertoire
from models.shared import Snapshot
from schemas.access import AccessQuery
from schemas.events import LookUpEvent

_LEAST_POWER, _MOST_POWER = 5, 12


class LookUp(msgspec.Struct, array_like=True, frozen=True, gc=False):
    """Hold what is kept of a look-up that may still be explained, or that an alert shows.

    `hits` is that of its search, `trawl` whether that was by wildcard or in sequence.
    """

    event_id: str
    at_s: float
    operator_id: str
    terminal_id: str
    function: str
    action: str
    resident_id: str | None
    case_id: str | None
    copies: int = 0
    overridden: bool = False
    trawl: str = ""
    hits: int = 0


class Features(msgspec.Struct, gc=False):
    """Hold one look-up in its context, at its own time.

    `slot` is 24 x working day + hour, `minute_of_day` local; `outside_s` how far the time
    lies from the section's opening hours, None where those are not known; `on_shift` None where
    shifts are not fed; `today` the counts of the look-up's day. `explained` is None where cases
    are not fed or no resident is named; `near` whether a case covers another member of the
    household; `past` whether a case of the section once listed the resident. `pair` is the
    memory before this look-up. `tie` names what binds operator and resident. `run` counts the
    households opened one after another without a case, this one too. `firm`: the justification
    clock has ended, at `known_until_s`. `ratio` and `vector` are what two detectors make of it,
    kept for what learns from it.
    """

    look_up: LookUp
    day: int
    slot: int
    minute_of_day: int
    outside_s: float | None
    on_shift: bool | None
    desk: Desk
    explained: bool | None
    near: bool
    past: bool
    pair: Pair | None
    person: Person | None
    tie: str
    profile: Profile
    repertoire: Repertoire
    today: list[int]
    snapshot: Snapshot
    cohort: CohortView
    context: Context
    firm: bool
    known_until_s: float
    run: int = 0
    ratio: Ratio | None = None
    vector: bytes = b""

    @property
    def open(self) -> bool:
        """Return whether a resident was looked at whom no case explains so far."""
        return self.explained is False

    def own_share(self, mark: str, prior: float, weight_look_ups: float) -> float:
        """Return this person's share of a mark, leaning on the cohort's by so many look-ups."""
        share, profile = self.cohort.mark_share(mark, prior), self.profile
        own = profile.marks.get(mark, 0.0)
        return (own + weight_look_ups * share) / (profile.weight + weight_look_ups)

    def share_so_large(
        self, number: int, mark: str, power_mark: str, prior: float, weight_look_ups: float
    ) -> tuple[float, tuple[str, ...]]:
        """Return how rare so large a number is for this person, by powers of two, and the marks.

        `mark` is of all large numbers, the person's own share too; `power_mark` of each power.
        """
        powers = range(_LEAST_POWER, min(number.bit_length(), _MOST_POWER) + 1)
        marks = (mark, *(f"{power_mark}{power}" for power in powers))
        share, often = self.own_share(mark, prior, weight_look_ups), self.cohort.mark_share
        of_power = often(marks[-1], prior * 0.5 ** len(powers)) / often(mark, prior)
        return share * min(1.0, of_power), marks

    def usual_peak(
        self, peak: int, weight_days: float, least_deviation_ln: float
    ) -> tuple[float, float]:
        """Return mean and deviation of ln(1 + a day's peak), own and cohort's blended."""
        profile, (mean, deviation) = self.profile, self.cohort.peak(peak)
        days = profile.active_days
        if days > 30:
            days = 30
        own_mean = profile.peak_mean[peak] if days else mean
        weight = days + weight_days
        blended = (days * own_mean + weight_days * mean) / weight
        spread = sqrt((days * profile.peak_var[peak] + weight_days * deviation**2) / weight)
        return blended, spread if spread > least_deviation_ln else least_deviation_ln

    def place_in_run(self) -> int:
        """Note the look-up in the run of residents opened without a case; return its place."""
        resident_id, explained = self.look_up.resident_id, self.explained
        if resident_id is None or explained is None:
            return 0
        if explained:  # ends a run, whose household need not be known
            return self.profile.run_with(0, 0.0, explained=True)
        household = class_hash((self.person and self.person.household_id) or resident_id)
        return self.profile.run_with(household, self.look_up.at_s, explained=False)

    @property
    def supervisor_id(self) -> str | None:
        """Return who answers for the operator at this desk."""
        return self.desk.supervisor_id


def look_up_of(event: AccessQuery | LookUpEvent, at_s: float) -> LookUp:
    """Return what is kept of an event."""
    search, trawl, hits = event.search, "", 0
    if search is not None:
        hits = search.hits
        trawl = "sequential" if search.sequential else "wildcard" if search.wildcard else ""
    return LookUp(
        event.event_id,
        at_s,
        event.operator_id,
        event.terminal_id,
        event.function,
        event.action,
        event.resident_id,
        event.case_id,
        event.copies or 0,
        event.warning_overridden,
        trawl,
        hits,
    )


@lru_cache(maxsize=1 << 16)
def resident_hash(resident_id: str) -> int:
    """Return the hash by which operators' looks at a resident are added up."""
    return int.from_bytes(blake2b(resident_id.encode(), digest_size=6).digest(), "big")


class Remembered(Protocol):
    """Hold what is remembered of one operator."""

    @property
    def profile(self) -> Profile:
        """Return the operator's habits and counts."""

    @property
    def repertoire(self) -> Repertoire:
        """Return the functions that the operator uses."""


class FeatureMaker:
    """Gather the features of look-ups from context, memory and the snapshot in force."""

    def __init__(self, context: Context, calendar: Calendar, policy: Policy) -> None:
        self._context = context
        self._calendar = calendar
        self._case_after_close_days = policy.case_after_close_days
        self._desks = Desks(context, calendar)

    def make(
        self,
        look_up: LookUp,
        day: int,
        operator: Remembered,
        today: list[int],
        pair: Pair | None,
        snapshot: Snapshot,
        known_until_s: float | None = None,
        *,
        firm: bool = False,
    ) -> Features:
        """Return the features of a look-up, with what was known at its own time or later."""
        context, at_s = self._context, look_up.at_s
        desk = self._desks.desk(look_up.operator_id, day, look_up.function)
        minute = self._calendar.minute_of_day(at_s, desk.midnight_s)
        outside_s, on_shift = None, None
        if desk.spans is not None:
            outside_s = self._calendar.seconds_outside(desk.spans, at_s, desk.midnight_s)
            if outside_s and "work.shifts" in context.fed:
                on_shift = context.on_shift(look_up.operator_id, at_s)
        until_s = at_s if known_until_s is None else known_until_s
        person, tie, explained, near, past = self._of_resident(desk, look_up, until_s)
        return Features(
            look_up,
            day,
            24 * desk.working_day + minute // 60,
            minute,
            outside_s,
            on_shift,
            desk,
            explained,
            near,
            past,
            pair,
            person,
            tie,
            operator.profile,
            operator.repertoire,
            today,
            snapshot,
            snapshot.cohort(desk.cohort_key),
            context,
            firm,
            until_s,
        )

    def _of_resident(
        self, desk: Desk, look_up: LookUp, until_s: float
    ) -> tuple[Person | None, str, bool | None, bool, bool]:
        """Return the resident, the tie, and whether a case covers the look-up, nearly, or did."""
        resident_id, context = look_up.resident_id, self._context
        if resident_id is None:
            return None, "", None, False, False
        person = context.residents.get(resident_id)
        tie = _tie(desk, context, resident_id, person)
        if "work.cases" not in context.fed or "directory.operators" not in context.fed:
            return person, tie, None, False, False  # whether a case covers is a matter of both
        at_s, days, sections = look_up.at_s, self._case_after_close_days, desk.sections
        covering = context.covering_case
        if covering(sections, (resident_id,), at_s, days, until_s) is not None:
            return person, tie, True, False, False
        near = False
        if person is not None and person.household_id:
            members = context.households.get(person.household_id, ())
            near = covering(sections, members, at_s, days, until_s) is not None
        past = context.was_served(sections, resident_id, until_s)
        return person, tie, False, near, past

    def is_near(self, features: Features, resident_id: str) -> bool:
        """Return whether a case covers a resident, or one of the household, at a look-up's time."""
        members = (resident_id, *self._context.household_of(resident_id))
        at_s, until_s = features.look_up.at_s, features.known_until_s
        sections, days = features.desk.sections, self._case_after_close_days
        case = self._context.covering_case(sections, members, at_s, days, until_s)
        return case is not None

    def awaits_sign_in(self, features: Features) -> bool:
        """Return whether a look-up lacks the sign-in record that may still come."""
        profile, look_up = features.profile, features.look_up
        if not profile.signed_in or "directory.terminals" not in self._context.fed:
            return False
        return not profile.is_signed_in(look_up.terminal_id, look_up.at_s)


def _tie(desk: Desk, context: Context, resident_id: str, person: Person | None) -> str:
    """Return what binds operator and resident: the closest tie of all, or none."""
    if resident_id == desk.token:
        return "own"
    if person is None:
        return "colleague" if resident_id in context.staff else ""
    household_id, block_id, _, _ = person
    if household_id and household_id == desk.household_id:
        return "home"
    if resident_id in context.staff:
        return "colleague"
    return "block" if block_id and block_id == desk.block_id else ""
