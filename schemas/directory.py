"""Who works where with which rights, and whom their look-ups are about."""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import Field, StringConstraints, model_validator

from schemas.record import Day, Id, Record, Words

ClockTime = Annotated[str, StringConstraints(pattern=r"^([01][0-9]|2[0-3]):[0-5][0-9]$|^24:00$")]
Weekday = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]


class Assignment(Record):
    """Hold one contract or posting: a section, a role, the functions it grants, its days."""

    section_id: Id
    role: Id
    employment: Literal["permanent", "temporary", "contractor"]
    functions: tuple[Id, ...]
    supervisor_id: Id
    starts_on: Day
    ends_on: Day | None = None

    @model_validator(mode="after")
    def _ends_after_it_starts(self) -> Self:
        if self.ends_on is not None and self.ends_on < self.starts_on:
            raise ValueError("ends_on before starts_on")
        return self


class Operator(Record):
    """Hold one person who may sign in, for good, over all contracts (`directory.operators`)."""

    operator_id: Id
    resident_token: Id | None = None
    household_id: Id | None = None
    block_id: Id | None = None
    trained_until: Day | None = None
    assignments: tuple[Assignment, ...] = ()


class Opening(Record):
    """Hold one extra opening, also on a closed day."""

    date: Day
    from_: ClockTime = Field(alias="from")
    to: ClockTime


class Section(Record):
    """Hold one section, its hours and who answers for its supervisors (`directory.sections`)."""

    section_id: Id
    name: Words
    head_id: Id | None = None
    hours: dict[Weekday, tuple[ClockTime, ClockTime]]
    openings: tuple[Opening, ...] = ()

    @model_validator(mode="after")
    def _opens_before_it_closes(self) -> Self:
        spans = [*self.hours.values(), *((o.from_, o.to) for o in self.openings)]
        if any(opens >= closes for opens, closes in spans):
            raise ValueError("an opening that ends before it begins")
        return self


class Terminal(Record):
    """Hold one terminal, its building, zone, section and cameras (`directory.terminals`)."""

    terminal_id: Id
    site_id: Id
    zone_id: Id
    section_id: Id
    camera_ids: tuple[Id, ...] = ()


class Resident(Record):
    """Hold what weighs about one resident; never a name (`directory.residents`)."""

    resident_id: Id
    household_id: Id | None = None
    block_id: Id | None = None
    protected: bool = False
    public_figure: bool = False
    traits: tuple[Id, ...] = ()
