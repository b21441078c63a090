"""Who shares an alert: many operators on one resident get an alert each, and know each other's.

Two alerts are of one convergence when both name it as a reason and are on the same resident,
however far apart: who once had no business there should not judge the next one.
"""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import ColumnElement, and_, exists, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from alerting.store.states import AlertState, lots_of
from alerting.store.tables import ALERTS, RECIPIENTS

_CLEARED = ("justified", "false_alarm")
_OTHERS = ALERTS.alias("others")
# A verdict that clears ends the sharing; an alert that is open, or was misuse, does not.
_STANDS = or_(_OTHERS.c.verdict.is_(None), _OTHERS.c.verdict.not_in(_CLEARED))


def shares_with(person_id: str) -> ColumnElement[bool]:
    """Return the condition that an alert's convergence holds one about this person too."""
    return exists(
        select(_OTHERS.c.alert_id).where(
            _OTHERS.c.operator_id == person_id,
            _OTHERS.c.convergence_on == ALERTS.c.convergence_on,
            _STANDS,
        )
    )


async def sharers_of(
    connection: AsyncConnection, states: Collection[AlertState]
) -> dict[str, frozenset[str]]:
    """Return by alert whose alerts are of the same convergence, its own operator left out."""
    residents = {s.convergence_on for s in states if s.convergence_on is not None}
    members: dict[str | None, set[str]] = {None: set()}
    for lot in lots_of(residents):
        query = select(_OTHERS.c.convergence_on, _OTHERS.c.operator_id)
        for row in await connection.execute(
            query.where(_OTHERS.c.convergence_on.in_(lot), _STANDS)
        ):
            members.setdefault(row.convergence_on, set()).add(row.operator_id)
    return {
        state.alert_id: frozenset(members.get(state.convergence_on, set()) - {state.operator_id})
        for state in states
    }


async def shared_recipients(
    connection: AsyncConnection, states: Collection[AlertState]
) -> list[tuple[str, str]]:
    """Return who was told of an alert that they share, for all alerts of these convergences."""
    residents = {s.convergence_on for s in states if s.convergence_on is not None}
    found: list[tuple[str, str]] = []
    for lot in lots_of(residents):
        query = (
            select(RECIPIENTS.c.alert_id, RECIPIENTS.c.person_id)
            .join(ALERTS, ALERTS.c.alert_id == RECIPIENTS.c.alert_id)
            .join(
                _OTHERS,
                and_(
                    _OTHERS.c.convergence_on == ALERTS.c.convergence_on,
                    _OTHERS.c.operator_id == RECIPIENTS.c.person_id,
                ),
            )
            .where(ALERTS.c.convergence_on.in_(lot), _STANDS)
            .distinct()
        )
        found += [(row.alert_id, row.person_id) for row in await connection.execute(query)]
    return found
