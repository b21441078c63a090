"""Withdrawal: an alert is taken from those who turn out to share it, and goes on to others."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy.ext.asyncio import AsyncConnection

from alerting.changes import Change, Chronicle
from alerting.desk import Desk, named
from alerting.store import MONITOR, AlertState
from alerting.store.sharing import shared_recipients
from alerting.store.states import recipients_of, states_of


async def withdraw_from_sharers(
    connection: AsyncConnection, desk: Desk, chronicle: Chronicle, states: Collection[AlertState]
) -> None:
    """Take from their sharers the alerts of all convergences that these alerts are of.

    Who is left keeps it; where nobody is, it goes to whom it would go at its level now.
    """
    pairs = await shared_recipients(connection, states)
    if not pairs:
        return
    at = desk.clock()
    await desk.withdraw(connection, pairs)
    found = await states_of(connection, {alert_id for alert_id, _ in pairs})
    left = await recipients_of(connection, found)
    routes = await desk.routes(connection, found.values(), at)
    changes = []
    for alert_id, state in found.items():
        gone = sorted(person for of_alert, person in pairs if of_alert == alert_id)
        route = routes[alert_id]
        then = route[min(state.escalation, len(route) - 1)]
        heirs = () if any(r.office != "assignee" for r in left[alert_id]) else (then,)
        await desk.tell(connection, [(state, heir) for heir in heirs], at)
        sets = {"assignee_id": None if state.assignee_id in gone else state.assignee_id}
        details = {"from": gone, **(named(heirs[0]) if heirs else {})}
        # An alert that is resolved, or was no news to anybody, is none to its heirs either.
        tells = heirs if state.due_at is not None else ()
        changes.append(Change(state, "withdrawn", MONITOR, at, sets, details, tells))
    await chronicle.write(connection, changes)
