"""An office made by hand, seasoned by a month of even work, and look-ups in it."""

from __future__ import annotations

from datetime import date
from functools import cache
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

import msgspec

from models.calendar import Calendar
from models.context import Context
from models.contribution import VECTORS_A_COHORT, CohortDay, Contribution
from models.features import FeatureMaker, Features, LookUp
from models.forest import level
from models.pairs import Pair
from models.policy import Policy
from models.profile import Profile, decode_profile, encode_profile
from models.repertoire import RUN, Repertoire
from models.shared import SharedState, Snapshot
from schemas.directory import Operator, Resident, Section, Terminal
from schemas.record import Record
from schemas.work import Case, Shift

CALENDAR = Calendar(ZoneInfo("Asia/Tokyo"))
DAY = date(2014, 10, 21).toordinal()
TEN_S = CALENDAR.midnight_s(DAY) + 36_000.0
"""Ten o'clock of a Tuesday."""

_SEASON_DAYS = 30
_LOOK_UPS_A_DAY = 20
_HOURS = {"mon": ("08:30", "17:15"), "tue": ("08:30", "17:15"), "wed": ("08:30", "17:15")}


class Remembered(NamedTuple):
    """Hold what is remembered of one operator."""

    profile: Profile
    repertoire: Repertoire


def _work(starts_on: str, ends_on: str | None, *functions: str) -> dict[str, object]:
    return {
        "section_id": "tax",
        "role": "clerk",
        "employment": "temporary",
        "functions": functions,
        "supervisor_id": "s-1",
        "starts_on": starts_on,
        "ends_on": ends_on,
    }


def _rows() -> dict[type[Record], tuple[str, list[dict[str, Any]]]]:
    here = _work("2014-04-01", None, "tax.inquiry", "tax.print")
    home = {"resident_token": "r-own", "household_id": "h-own", "block_id": "b-own"}
    operators = [
        {"operator_id": "op-1", "assignments": [here], **home},
        {"operator_id": "op-2", "assignments": [here], "resident_token": "r-colleague"},
        {"operator_id": "op-3", "assignments": [_work("2014-04-01", "2014-09-30", "tax.inquiry")]},
    ]
    young = {"traits": ["age.20s", "sex.f"]}
    residents: list[dict[str, Any]] = [
        {"resident_id": "r-1", "household_id": "h-1", "block_id": "b-1", **young},
        {"resident_id": "r-home", "household_id": "h-own", "block_id": "b-own"},
        {"resident_id": "r-colleague", "household_id": "h-2", "block_id": "b-2"},
        {"resident_id": "r-guarded", "household_id": "h-3", "protected": True},
        {"resident_id": "r-guarded-served", "household_id": "h-4", "protected": True},
        {"resident_id": "r-famous", "household_id": "h-5", "public_figure": True},
        {"resident_id": "r-served", "household_id": "h-6", "block_id": "b-6"},
    ]
    case = {"section_id": "tax", "opened_at": "2014-10-01T09:00:00+09:00"}
    served = ["r-served", "r-guarded-served"]
    terminals = [
        {"terminal_id": "t-1", "site_id": "main", "zone_id": "z-1", "section_id": "tax"},
        {"terminal_id": "t-2", "site_id": "annex", "zone_id": "z-2", "section_id": "welfare"},
    ]
    shift = {"shift_id": "sh-1", "operator_id": "op-1", "kind": "regular"}
    span = {"starts_at": "2014-10-21T08:30:00+09:00", "ends_at": "2014-10-21T17:15:00+09:00"}
    names = {"en": "Tax", "ja": "税務"}
    return {
        Section: ("directory.sections", [{"section_id": "tax", "name": names, "hours": _HOURS}]),
        Terminal: ("directory.terminals", terminals),
        Operator: ("directory.operators", operators),
        Resident: ("directory.residents", residents),
        Case: ("work.cases", [{"case_id": "c-1", "resident_ids": served, **case}]),
        Shift: ("work.shifts", [{**shift, **span}]),
    }


@cache
def office() -> Context:
    """Return a context of three operators, two terminals, one section and some residents."""
    context = Context()
    for schema, (topic, rows) in _rows().items():
        for row in rows:
            record = schema.parse(msgspec.json.encode(row))
            context.put(topic, str(next(iter(row.values()))), record)
    return context


@cache
def nobody() -> Context:
    """Return the context of an office that is fed, of whom the look-ups know nobody."""
    context = Context()
    context.fed.update(office().fed)
    return context


def blank() -> Remembered:
    """Return the memory of an operator never seen."""
    return Remembered(Profile(), Repertoire())


@cache
def _habits() -> tuple[bytes, bytes]:
    profile, repertoire = Profile(), Repertoire()
    for day in range(DAY - _SEASON_DAYS, DAY):
        for n in range(_LOOK_UPS_A_DAY):
            at_s = CALENDAR.midnight_s(day) + 32_400.0 + 900.0 * n
            counts = profile.count(at_s, day)
            profile.learn(24 + 9 + n // 4, counts)
        profile.covered += 18
        profile.open += 2
    for _ in range(4 * RUN):
        repertoire.note("tax.inquiry", None)
    profile.note_place("t-1", TEN_S - 60.0)
    return encode_profile(profile), msgspec.msgpack.encode(repertoire)


def practised() -> Remembered:
    """Return the memory of an operator after a month of even work."""
    profile, repertoire = _habits()
    return Remembered(decode_profile(profile), msgspec.msgpack.decode(repertoire, type=Repertoire))


def even_day(day: int) -> Contribution:
    """Return a day on which ten operators did their everyday work."""
    vector = bytes(map(level, (10 / 23, 0.0, 0.3, 0.4, 0.0, 0.0, 0.0, 0.9)))
    vectors = [(1000 * day + n, vector) for n in range(VECTORS_A_COHORT)]
    cohort = CohortDay(
        operators=10,
        look_ups=200,
        open=20,
        covered=180,
        slots={33: 80, 34: 80, 35: 40},
        functions={"tax.inquiry": 195, "tax.print": 5},
        repeats={},
        marks={"u.near": 2, "u.served": 2, "u.near0": 1, "u.served0": 1},
        joint={0: 6, 2: 2, 6: 2},
        peaks=[{10: 10}, {14: 10}, {18: 10}, {50: 10}, {30: 10}, {7: 10}],
        vectors=vectors,
    )
    return Contribution(day, {"tax/clerk": cohort}, {"s-1": {12: 1}}, {})


@cache
def seasoned() -> Snapshot:
    """Return the snapshot after a month of even days."""
    state = SharedState()
    for day in range(DAY - _SEASON_DAYS, DAY):
        state = state.folded(even_day(day))
    return Snapshot(state)


EVERYDAY = LookUp("e-1", TEN_S, "op-1", "t-1", "tax.inquiry", "view", "r-served", None)


def seen(
    look_up: LookUp = EVERYDAY,
    *,
    context: Context | None = None,
    operator: Remembered | None = None,
    today: list[int] | None = None,
    pair: Pair | None = None,
    snapshot: Snapshot | None = None,
    firm: bool = False,
    run: int = 0,
    **changes: Any,
) -> Features:
    """Return a look-up's features in the seasoned office, but for changes of the look-up."""
    look_up = msgspec.structs.replace(look_up, **changes)
    at_s = look_up.at_s
    maker = FeatureMaker(office() if context is None else context, CALENDAR, Policy())
    features = maker.make(
        look_up,
        CALENDAR.day(at_s),
        practised() if operator is None else operator,
        [5, 5, 0, 0, 0, 0] if today is None else today,
        pair,
        seasoned() if snapshot is None else snapshot,
        at_s + 86_400.0 if firm else None,
        firm=firm,
    )
    features.run = run
    return features
