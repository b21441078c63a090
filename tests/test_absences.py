"""The table of absences: entered, changed and taken out, nobody's edit lost."""

from __future__ import annotations

from collections.abc import Awaitable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from alerting.routing import Absence
from schemas.errors import MonomiError
from tests.databases import NewStore
from tests.offices import MORNING, Scene, at_work

LEAVE = Absence("op-002", date(2015, 3, 2), date(2015, 3, 6), "op-005")
LONGER = Absence("op-002", date(2015, 3, 2), date(2015, 3, 13), "op-006")


async def code_of(step: Awaitable[Any]) -> str:
    """Return the code with which a step is refused."""
    with pytest.raises(MonomiError) as raised:
        await step
    return raised.value.code


def test_an_absence_is_entered_changed_and_taken_out(new_store: NewStore) -> None:
    """Each edit says who made it."""

    async def work(scene: Scene) -> None:
        absences = scene.office.absences
        entered = await absences.add(LEAVE, "op-090", MORNING)
        assert (entered.absence, entered.version, entered.changed_by) == (LEAVE, 1, "op-090")
        changed = await absences.change(entered.id, LONGER, "op-091", MORNING, 1)
        assert await absences.all() == [changed]
        assert (changed.absence, changed.version, changed.changed_by) == (LONGER, 2, "op-091")
        await absences.remove(changed.id, 2)
        assert await absences.all() == []

    at_work(new_store(), work)


def test_the_second_edit_of_two_is_refused_by_name(new_store: NewStore) -> None:
    """Both officers saw version 1; one changed it, then the other changes and removes."""

    async def work(scene: Scene) -> None:
        absences = scene.office.absences
        entered = await absences.add(LEAVE, "op-090", MORNING)
        await absences.change(entered.id, LONGER, "op-091", MORNING, 1)
        with pytest.raises(MonomiError, match="op-091 changed this absence meanwhile"):
            await absences.change(entered.id, LEAVE, "op-090", MORNING, 1)
        assert await code_of(absences.remove(entered.id, 1)) == "changed_meanwhile"
        await absences.remove(entered.id, 2)
        assert await code_of(absences.remove(entered.id, 2)) == "absence_unknown"

    at_work(new_store(), work)


def test_what_is_no_absence_is_refused(tmp_path: Path) -> None:
    """Ends before it begins; oneself as deputy."""

    async def work(scene: Scene) -> None:
        absences = scene.office.absences
        backwards = Absence("op-002", date(2015, 3, 2), date(2015, 3, 1))
        assert await code_of(absences.add(backwards, "o", MORNING)) == "absence_ends_early"
        own = Absence("op-002", date(2015, 3, 2), date(2015, 3, 2), "op-002")
        assert await code_of(absences.add(own, "o", MORNING)) == "own_deputy"

    at_work(str(tmp_path / "alerts.sqlite3"), work)
