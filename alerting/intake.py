"""The intake: alerts are stored, opened, routed and reopened in the transaction they come in."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from typing import Literal

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from alerting.changes import Change, Chronicle
from alerting.desk import Desk, named
from alerting.store import MONITOR, AlertState, AlertStore, Arrival, News, Progress, Stored
from alerting.store.states import STATE, recipients_of, state_of, states_of
from alerting.store.tables import ALERTS
from alerting.withdrawal import withdraw_from_sharers
from schemas.alerts import Evidence

_RANK = {"low": 0, "medium": 1, "high": 2, "critical": 3}
_BATCH = 500


class Intake:
    """Take alerts and their evidence as they come."""

    def __init__(self, store: AlertStore, desk: Desk, chronicle: Chronicle) -> None:
        self._store = store
        self._desk = desk
        self._chronicle = chronicle

    async def take(
        self,
        arrivals: Iterable[Arrival],
        progress: Iterable[Progress] = (),
        evidence: Iterable[Evidence] = (),
    ) -> list[Stored]:
        """Store what is new, and route it; return the new rows."""
        added = await self._store.add(arrivals, progress, evidence, self._then)
        self._chronicle.outbox.bell.ring()
        return added

    async def route_waiting(self) -> int:
        """Route the alerts that a console before this one only stored; return how many.

        They were seen on its page: nobody is told, and nobody's time runs.
        """
        waiting = select(*STATE).where(ALERTS.c.routed_at.is_(None)).limit(_BATCH)
        routed = 0

        async def work(connection: AsyncConnection) -> int:
            states = [state_of(row) for row in await connection.execute(waiting)]
            await self._open(connection, states, "opened", news=())
            await withdraw_from_sharers(connection, self._desk, self._chronicle, states)
            return len(states)

        while count := await self._store.database.write(work):
            routed += count
        return routed

    async def _then(self, connection: AsyncConnection, news: Sequence[News]) -> None:
        at = self._desk.clock()
        came = {each.stored.alert.alert_id: each for each in news}
        told = {i for i, each in came.items() if self._desk.is_news(each.stored, at)}
        # First: whoever turns out to share an alert is not told any more of it.
        came_in = (await states_of(connection, came)).values()
        await withdraw_from_sharers(connection, self._desk, self._chronicle, came_in)
        fresh, again, raised = [], [], []
        for state in (await states_of(connection, came)).values():
            before = came[state.alert_id].before
            if before is None or _waits_for_nobody(before):
                fresh.append(state)
            elif state.status == "resolved":
                again.append(state)
            elif _RANK[state.severity] > _RANK[before.severity]:
                raised.append(state)
        await self._open(connection, fresh, "opened", told)
        await self._open(connection, again, "reopened", told)
        await self._raise(connection, raised)
        # Those that a verdict had cleared are shared again.
        await withdraw_from_sharers(connection, self._desk, self._chronicle, again)

    async def _open(
        self,
        connection: AsyncConnection,
        states: Sequence[AlertState],
        kind: Literal["opened", "reopened"],
        news: Collection[str],
    ) -> None:
        """Send alerts to whom they go first; tell those people of the ones that are news."""
        at = self._desk.clock()
        routes = await self._desk.routes(connection, states, at)
        firsts = [(state, routes[state.alert_id][0]) for state in states]
        await self._desk.tell(connection, firsts, at)
        changes = []
        for state, first in firsts:
            is_news = state.alert_id in news
            sets = {
                "status": "open",
                "escalation": 0,
                "verdict": None,
                "due_at": self._desk.acknowledge_by(state, at) if is_news else None,
                "routed_at": at,
            }
            details = {**named(first), "revision": state.revision}
            if not is_news:
                details["news"] = False
            tells = (first,) if is_news else ()
            changes.append(Change(state, kind, MONITOR, at, sets, details, tells))
        await self._chronicle.write(connection, changes)

    async def _raise(self, connection: AsyncConnection, states: Sequence[AlertState]) -> None:
        """Tell those who have an alert that it is graver now; it leaves them less time."""
        at = self._desk.clock()
        told = await recipients_of(connection, [state.alert_id for state in states])
        changes = [
            Change(
                state,
                "raised",
                MONITOR,
                at,
                {"due_at": self._sooner(state, at)},
                {"severity": state.severity, "revision": state.revision},
                tuple(told[state.alert_id]),
            )
            for state in states
        ]
        await self._chronicle.write(connection, changes)

    def _sooner(self, state: AlertState, at: datetime) -> datetime | None:
        if state.due_at is None:
            return None
        waits = state.status == "open"
        then = self._desk.acknowledge_by(state, at) if waits else self._desk.resolve_by(state, at)
        return state.due_at if then is None else min(state.due_at, then)


def _waits_for_nobody(state: AlertState) -> bool:
    """Return whether an open alert was never told to anybody whose time runs."""
    return state.status == "open" and state.due_at is None and state.escalation == 0
