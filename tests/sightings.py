"""For each detector a look-up in which it must find something, and a twin in which not."""

from __future__ import annotations

from collections.abc import Callable

from msgspec.structs import replace

from models.features import Features, resident_hash
from models.kinds import class_hash
from models.pairs import Pair
from models.shared import Snapshot
from tests.scenes import CALENDAR, DAY, TEN_S, Remembered, practised, seasoned, seen

Sighting = Callable[[], Features]

_PAST_TEN_IN_THE_EVENING_S = TEN_S + 12.8 * 3600
_AFTER_CLOSING_S = TEN_S + 7.5 * 3600
_SUNDAY_NIGHT_S = CALENDAR.midnight_s(DAY - 2) + 3 * 3600.0
_REPEATED = Pair(DAY - 134, DAY - 134, 1, 1, DAY - 134, DAY - 134, 7)
_SERVED = Pair(DAY - 134, DAY - 1, 9, covered=9)


def _hurried(a_minute: float, today: int) -> Features:
    operator = practised()
    operator.profile.rates[0] = a_minute
    return seen(operator=operator, today=[today, today, 0, 0, 0, 0])


def _open(of_residents: int, without_case: int) -> Features:
    today = [of_residents, of_residents, without_case, 0, 0, 0]
    return seen(today=today, resident_id="r-1", firm=True)


def _looked_at_by(others: int) -> Features:
    day = (DAY, {resident_hash("r-1"): others + 1})
    snapshot = Snapshot(replace(seasoned().state, residents=[day]))
    return seen(snapshot=snapshot, resident_id="r-1", firm=True)


def _choosing(of_one_class: float, lately: float) -> Features:
    operator = practised()
    operator.profile.classes[class_hash("age.20s+sex.f")] = of_one_class
    operator.profile.lately = lately
    return seen(operator=operator, resident_id="r-1", firm=True)


def _under_the_name(terminal_id: str) -> Features:
    operator: Remembered = practised()
    operator.profile.sign_in("t-1", TEN_S - 3600.0, "fingerprint", success=True)
    return seen(operator=operator, terminal_id=terminal_id, firm=True)


SIGHTINGS: dict[str, tuple[Sighting, Sighting]] = {
    "lookup_frequency": (lambda: _hurried(30.0, 200), lambda: _hurried(3.0, 20)),
    "repeat_access": (
        lambda: seen(pair=_REPEATED, resident_id="r-1", firm=True),
        lambda: seen(pair=_SERVED, resident_id="r-1", firm=True),
    ),
    "unexplained": (lambda: _open(20, 18), lambda: _open(20, 2)),
    "off_hours": (
        lambda: seen(at_s=_PAST_TEN_IN_THE_EVENING_S),
        lambda: seen(at_s=_AFTER_CLOSING_S),
    ),
    "out_of_role": (
        lambda: seen(function="welfare.inquiry"),
        lambda: seen(function="tax.inquiry"),
    ),
    "relation": (
        lambda: seen(resident_id="r-home", firm=True),
        lambda: seen(resident_id="r-1", firm=True),
    ),
    "protected_resident": (
        lambda: seen(resident_id="r-guarded", firm=True),
        lambda: seen(resident_id="r-guarded-served", firm=True),
    ),
    "convergence": (lambda: _looked_at_by(5), lambda: _looked_at_by(1)),
    "target_skew": (lambda: _choosing(9.0, 9.0), lambda: _choosing(1.0, 9.0)),
    "enumeration": (
        lambda: seen(trawl="sequential", today=[9, 9, 0, 0, 5, 0]),
        lambda: seen(trawl="", today=[9, 9, 0, 0, 5, 0]),
    ),
    "extraction": (
        lambda: seen(action="export", copies=500, today=[9, 9, 0, 500, 0, 0]),
        lambda: seen(action="print", copies=1, today=[9, 9, 0, 5, 0, 0]),
    ),
    "identity_presence": (lambda: _under_the_name("t-2"), lambda: _under_the_name("t-1")),
    "contract": (lambda: seen(operator_id="op-3"), lambda: seen(operator_id="op-2")),
    "behaviour": (
        lambda: seen(at_s=_SUNDAY_NIGHT_S, action="export", resident_id="r-1"),
        lambda: seen(pair=_SERVED),
    ),
}
"""By detector: what it must find, and what it must not."""

KIND_SIGHTINGS: dict[tuple[str, str], tuple[Sighting, Sighting]] = {
    ("unexplained", "run"): (
        lambda: seen(resident_id="r-1", run=9, firm=True),
        lambda: seen(resident_id="r-1", run=1, firm=True),
    ),
    ("unexplained", "day"): SIGHTINGS["unexplained"],
    ("enumeration", "wide"): (lambda: seen(hits=300), lambda: seen(hits=3)),
    ("enumeration", "sequential"): SIGHTINGS["enumeration"],
    ("extraction", "size"): (
        lambda: seen(action="print", copies=500),
        lambda: seen(action="print", copies=5),
    ),
    ("extraction", "export"): (
        lambda: seen(action="export", copies=5),
        lambda: seen(action="view", copies=5),
    ),
}
"""By detector and kind: what shows that kind, and what shows nothing."""
