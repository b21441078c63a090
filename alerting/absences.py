"""The table of absences, which an officer edits: who is away, and who stands in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Row, delete, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from alerting.routing import Absence
from alerting.store import Database
from alerting.store.tables import ABSENCES
from schemas.errors import MonomiError


@dataclass(frozen=True)
class KeptAbsence:
    """Hold one absence with its number; `version` guards the next edit."""

    id: int
    absence: Absence
    version: int
    changed_at: datetime
    changed_by: str


class Absences:
    """Keep absences; edits name the version they saw."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def all(self) -> list[KeptAbsence]:
        """Return all absences, those that end last first."""
        query = select(ABSENCES).order_by(ABSENCES.c.ends_on.desc(), ABSENCES.c.id.desc())
        return [_kept(row) for row in await self._database.read(query)]

    async def add(self, absence: Absence, by: str, at: datetime) -> KeptAbsence:
        """Enter an absence.

        Raises MonomiError `absence_ends_early` or `own_deputy`.
        """
        _check(absence)

        async def work(connection: AsyncConnection) -> KeptAbsence:
            values = {**_columns(absence), "version": 1, "changed_at": at, "changed_by": by}
            statement = insert(ABSENCES).values(values).returning(ABSENCES)
            return _kept((await connection.execute(statement)).one())

        return await self._database.write(work)

    async def change(
        self, absence_id: int, absence: Absence, by: str, at: datetime, version: int
    ) -> KeptAbsence:
        """Put another absence in its place.

        Raises MonomiError `absence_unknown`, `changed_meanwhile`, and as `add` does.
        """
        _check(absence)

        async def work(connection: AsyncConnection) -> KeptAbsence:
            await _guard(connection, absence_id, version)
            values = {**_columns(absence), "version": version + 1}
            statement = update(ABSENCES).where(ABSENCES.c.id == absence_id)
            statement = statement.values({**values, "changed_at": at, "changed_by": by})
            return _kept((await connection.execute(statement.returning(ABSENCES))).one())

        return await self._database.write(work)

    async def remove(self, absence_id: int, version: int) -> None:
        """Take an absence out; raises MonomiError `absence_unknown` or `changed_meanwhile`."""

        async def work(connection: AsyncConnection) -> None:
            await _guard(connection, absence_id, version)
            await connection.execute(delete(ABSENCES).where(ABSENCES.c.id == absence_id))

        await self._database.write(work)


async def absences_on(connection: AsyncConnection, day: date) -> Sequence[Absence]:
    """Return who is away on a day; of two entries for one person the later holds."""
    query = select(ABSENCES).where(ABSENCES.c.starts_on <= day, ABSENCES.c.ends_on >= day)
    rows = await connection.execute(query.order_by(ABSENCES.c.id.desc()))
    return [_kept(row).absence for row in rows]


async def _guard(connection: AsyncConnection, absence_id: int, version: int) -> None:
    rows = await connection.execute(select(ABSENCES).where(ABSENCES.c.id == absence_id))
    now = rows.one_or_none()
    if now is None:
        raise MonomiError(
            "absence_unknown", "this absence is not there any more: load the list again"
        )
    if now.version != version:
        raise MonomiError(
            "changed_meanwhile",
            f"{now.changed_by} changed this absence meanwhile: look at it again, then change it",
        )


def _check(absence: Absence) -> None:
    if absence.ends_on < absence.starts_on:
        raise MonomiError("absence_ends_early", "an absence must not end before it begins")
    if absence.deputy_id == absence.person_id:
        raise MonomiError("own_deputy", "nobody stands in for themselves: name another deputy")


def _columns(absence: Absence) -> dict[str, Any]:
    return {
        "person_id": absence.person_id,
        "starts_on": absence.starts_on,
        "ends_on": absence.ends_on,
        "deputy_id": absence.deputy_id,
    }


def _kept(row: Row[Any]) -> KeptAbsence:
    absence = Absence(row.person_id, row.starts_on, row.ends_on, row.deputy_id)
    return KeptAbsence(row.id, absence, row.version, row.changed_at, row.changed_by)
