"""Whom an alert can be given to, and who can be away: supervisors and heads of sections."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from alerting.desk import Desk
from models.organisation import is_in_force


@dataclass(frozen=True)
class People:
    """Hold ids in order: of those who answer for one section, and of all others who answer."""

    here: tuple[str, ...]
    others: tuple[str, ...]

    def __contains__(self, person_id: object) -> bool:
        return person_id in self.here or person_id in self.others


def today(desk: Desk) -> date:
    """Return the day that it is at the desk."""
    return desk.clock().astimezone(desk.calendar.zone).date()


def who_answer(desk: Desk, section_id: str | None, barred: Collection[str] = ()) -> People:
    """Return today's supervisors and heads, without those who are barred."""
    directory, day = desk.directory, today(desk)
    here: set[str] = set()
    everybody: set[str] = set()
    for operator in directory.operators.values():
        for assignment in operator.assignments:
            if is_in_force(assignment, day):
                everybody.add(assignment.supervisor_id)
                if assignment.section_id == section_id:
                    here.add(assignment.supervisor_id)
    for section in directory.sections.values():
        if section.head_id is not None:
            everybody.add(section.head_id)
            if section.section_id == section_id:
                here.add(section.head_id)
    here -= set(barred)
    return People(tuple(sorted(here)), tuple(sorted(everybody - here - set(barred))))


def is_known(desk: Desk, person_id: str) -> bool:
    """Return whether the directory names a person; an empty one cannot tell, and says yes."""
    operators, sections = desk.directory.operators, desk.directory.sections
    if not operators and not sections:
        return True
    return person_id in operators or person_id in who_answer(desk, None)
