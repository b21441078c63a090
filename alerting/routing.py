"""Routing: to whom an alert goes, and to whom next. Pure: organisation in, recipients out.

An alert goes to its supervisor, then to the head of its section, then to the privacy officer.
Who is away is stood in for by their deputy. Whom it is about, and whoever shares it, never gets
it and is never stood in for: it goes a level up.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Protocol

from alerting.store.states import Office, Recipient
from models.organisation import is_in_force
from schemas.directory import Operator, Section

OFFICER = "@privacy-officer"
"""The privacy officers' office: no person's id has an @. Who holds it, accounts say."""

TO_OFFICER = Recipient(OFFICER, "privacy_officer")


@dataclass(frozen=True)
class Absence:
    """Say that a person is away, both days included, and who stands in; None: nobody."""

    person_id: str
    starts_on: date
    ends_on: date
    deputy_id: str | None = None

    def covers(self, day: date) -> bool:
        """Return whether the person is away on a day."""
        return self.starts_on <= day <= self.ends_on


class Concern(Protocol):
    """What routing asks of an alert: whom it is about, and whose it was when it opened."""

    @property
    def operator_id(self) -> str:
        """Return whom it is about."""

    @property
    def section_id(self) -> str | None:
        """Return the section of the look-up that opened it."""

    @property
    def supervisor_id(self) -> str | None:
        """Return the supervisor of that look-up's assignment."""


@dataclass(frozen=True)
class Organisation:
    """Hold who works where, who answers for whom, and who is away."""

    operators: Mapping[str, Operator] = field(default_factory=dict)
    sections: Mapping[str, Section] = field(default_factory=dict)
    absences: Sequence[Absence] = ()

    def supervisor(self, alert: Concern, day: date) -> str | None:
        """Return the alert's supervisor; where that one has left, who has the operator now."""
        if alert.supervisor_id is None or not self.has_left(alert.supervisor_id, day):
            return alert.supervisor_id
        operator = self.operators.get(alert.operator_id)
        now = [
            assignment
            for assignment in (operator.assignments if operator else ())
            if assignment.section_id == alert.section_id and is_in_force(assignment, day)
        ]
        return max(now, key=lambda a: a.starts_on).supervisor_id if now else None

    def head(self, section_id: str | None) -> str | None:
        """Return who answers for a section's supervisors."""
        section = self.sections.get(section_id or "")
        return section.head_id if section else None

    def has_left(self, person_id: str, day: date) -> bool:
        """Return whether a person's assignments have all ended.

        Who never had one is no operator, and stays as long as others name them.
        """
        person = self.operators.get(person_id)
        if person is None or not person.assignments:
            return False
        return all(a.ends_on is not None and a.ends_on < day for a in person.assignments)

    def at_their_desk(self, person_id: str, barred: Collection[str], day: date) -> str | None:
        """Return a person, or the first of their deputies who is there; None where nobody is.

        One who is barred is nobody, and their deputies are not asked: they stand in for them.
        """
        asked: set[str] = set()
        while person_id not in asked and person_id not in barred:
            asked.add(person_id)
            away = [each for each in self.absences if each.person_id == person_id]
            away = [each for each in away if each.covers(day)]
            if not away and not self.has_left(person_id, day):
                return person_id
            deputies = [each.deputy_id for each in away if each.deputy_id is not None]
            if not deputies:
                return None
            person_id = deputies[0]
        return None


def chain(
    alert: Concern, sharers: Iterable[str], organisation: Organisation, day: date
) -> tuple[Recipient, ...]:
    """Return whom an alert goes to first, and after each escalation; the officer comes last.

    An alert without a supervisor is the privacy officer's (contract).
    """
    barred = {alert.operator_id, *sharers}
    found: list[Recipient] = []
    supervisor = organisation.supervisor(alert, day)
    if alert.supervisor_id is not None:
        levels: tuple[tuple[Office, str | None], ...] = (
            ("supervisor", supervisor),
            ("head", organisation.head(alert.section_id)),
        )
        for office, person_id in levels:
            if person_id is None:
                continue
            there = organisation.at_their_desk(person_id, barred, day)
            if there is not None and there not in {each.person_id for each in found}:
                stands_in_for = None if there == person_id else person_id
                found.append(Recipient(there, office, stands_in_for))
    return (*found, TO_OFFICER)
