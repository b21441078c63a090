"""A large office in memory, made cheaply: its directory, its cases, its look-ups."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import NamedTuple

from models.context import Context
from models.replay import TopicEvent
from schemas.directory import Assignment, Operator, Resident, Section, Terminal
from schemas.events import LookUpEvent
from schemas.record import Words
from schemas.work import Case, Shift

LOOK_UPS_A_DAY = 25
"""An operator's look-ups on a working day, as the simulator has them."""

CASES_A_LOOK_UP = 0.3
"""The simulator's wards hold 76,000 cases for 257,000 look-ups."""

_SECTIONS = 4
_HOUSEHOLD = 2
_FIRST = date(2024, 4, 1)
_OPENS = timedelta(hours=-0.5)  # 08:30 in Tokyo
_STEP_S = 1200.0
_FUNCTION = "juminhyo.inquiry"
_WEEK = ("mon", "tue", "wed", "thu", "fri")


class Crowd(NamedTuple):
    """Say how large an office is; each operator looks once at each of an equal share of pairs.

    `whole`: as many cases and shifts as the simulator has for so many look-ups; else a case
    for each resident, and no shifts.
    """

    operators: int = 2000
    pairs: int = 5_000_000
    residents: int = 500_000
    whole: bool = False

    @property
    def days(self) -> int:
        """Return on how many working days the look-ups lie."""
        return -(-self.pairs // (self.operators * LOOK_UPS_A_DAY))


def context_of(crowd: Crowd) -> Context:
    """Return the office's context."""
    context = Context()
    _put_directory(context, crowd)
    draw = random.Random(crowd.residents)
    opened = datetime.combine(_FIRST - timedelta(30), datetime.min.time(), UTC)
    cases = int(CASES_A_LOOK_UP * crowd.pairs) if crowd.whole else crowd.residents
    for number in range(cases):
        resident_id, case_id = _resident(number % crowd.residents), f"c-{number:07}"
        section_id = f"section-{draw.randrange(_SECTIONS)}"
        case = Case(
            case_id=case_id,
            section_id=section_id,
            resident_ids=(resident_id,),
            opened_at=opened + timedelta(seconds=number),
        )
        context.put("work.cases", case_id, case)
    if crowd.whole:
        _put_shifts(context, crowd)
    return context


def _put_directory(context: Context, crowd: Crowd) -> None:
    name = Words(en="A section", ja="係")
    hours = dict.fromkeys(_WEEK, ("08:30", "17:15"))
    for number in range(_SECTIONS):
        section_id = f"section-{number}"
        section = Section.model_validate(
            {"section_id": section_id, "name": name.model_dump(), "hours": hours}
        )
        context.put("directory.sections", section_id, section)
    for number in range(crowd.operators):
        operator_id, terminal_id = f"op-{number:05}", f"t-{number:05}"
        terminal = Terminal(
            terminal_id=terminal_id,
            site_id="main",
            zone_id="z-1",
            section_id=f"section-{number % _SECTIONS}",
        )
        context.put("directory.operators", operator_id, _operator(operator_id, number))
        context.put("directory.terminals", terminal_id, terminal)
    households = max(1, crowd.residents // _HOUSEHOLD)
    for number in range(crowd.residents):
        resident = Resident(
            resident_id=_resident(number),
            household_id=f"h-{number % households:06}",
            block_id=f"b-{number % households // 40:05}",
            traits=(f"age.{number % 9}0s", "sex.f" if number % 2 else "sex.m"),
        )
        context.put("directory.residents", resident.resident_id, resident)


def _operator(operator_id: str, number: int) -> Operator:
    assignment = Assignment(
        section_id=f"section-{number % _SECTIONS}",
        role="window",
        employment="permanent",
        functions=(_FUNCTION,),
        supervisor_id=f"op-{number % 100:05}",
        starts_on=date(2020, 4, 1),
    )
    return Operator(operator_id=operator_id, assignments=(assignment,))


def _put_shifts(context: Context, crowd: Crowd) -> None:
    for day in _working_days(crowd.days):
        for number in range(crowd.operators):
            shift_id = f"s-{day.toordinal()}-{number:05}"
            shift = Shift(
                shift_id=shift_id,
                operator_id=f"op-{number:05}",
                starts_at=_opening(day),
                ends_at=_opening(day) + timedelta(hours=8.75),
                kind="regular",
            )
            context.put("work.shifts", shift_id, shift)


def events_of(crowd: Crowd) -> Iterator[TopicEvent]:
    """Yield the look-ups in the order of their times; no pair comes twice."""
    each = crowd.pairs // crowd.operators
    shift_s = _STEP_S / crowd.operators
    for place in range(each):
        day, turn = divmod(place, LOOK_UPS_A_DAY)
        if turn == 0:
            opening = _opening(_working_day(day))
        for number in range(crowd.operators):
            at = opening + timedelta(seconds=round(turn * _STEP_S + number * shift_s, 3))
            yield (
                "access.queries",
                LookUpEvent(
                    event_id=f"e-{place}-{number}",
                    at_text=at.isoformat(timespec="milliseconds"),
                    at_s=at.timestamp(),
                    operator_id=f"op-{number:05}",
                    terminal_id=f"t-{number:05}",
                    function=_FUNCTION,
                    action="view",
                    resident_id=_resident((number * each + place) % crowd.residents),
                ),
            )


def _resident(number: int) -> str:
    return f"r-{number:07}"


def _working_days(count: int) -> Iterator[date]:
    for number in range(count):
        yield _working_day(number)


def _working_day(number: int) -> date:
    weeks, day = divmod(number, len(_WEEK))
    return _FIRST + timedelta(weeks=weeks, days=day)


def _opening(day: date) -> datetime:
    return datetime.combine(day, datetime.min.time(), UTC) + _OPENS
