"""Escalation: what nobody acknowledged in time goes a level up; what nobody resolved comes back."""

from __future__ import annotations

import asyncio

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from alerting.changes import Change, Chronicle
from alerting.desk import Desk, named
from alerting.store import MONITOR, AlertState
from alerting.store.location import failures_explained
from alerting.store.states import STATE, recipients_of, state_of
from alerting.store.tables import ALERTS

_BATCH = 200


class Escalation:
    """Look which alerts' time is up, and act on each."""

    def __init__(self, desk: Desk, chronicle: Chronicle, look_every_s: float = 5.0) -> None:
        self._desk = desk
        self._chronicle = chronicle
        self._look_every_s = look_every_s

    async def run(self) -> None:
        """Act on what is due, once the directory is known, until cancelled.

        Raises MonomiError `store_not_usable`.
        """
        await self._desk.directory.known.wait()
        while True:
            with failures_explained():
                acted = await self.act_on_due()
            if not acted:
                await asyncio.sleep(self._look_every_s)

    async def act_on_due(self) -> int:
        """Act on the alerts whose time is up now; return on how many."""
        at = self._desk.clock()
        due = select(*STATE).where(ALERTS.c.due_at <= at).order_by(ALERTS.c.due_at).limit(_BATCH)
        if not await self._desk.database.read(due):  # without a turn to write, most of the time
            return 0

        async def work(connection: AsyncConnection) -> int:
            states = [state_of(row) for row in await connection.execute(due)]
            await self._escalate(connection, [s for s in states if s.status == "open"])
            await self._bring_back(connection, [s for s in states if s.status == "acknowledged"])
            return len(states)

        acted = await self._desk.database.write(work)
        self._chronicle.outbox.bell.ring()
        return acted

    async def _escalate(self, connection: AsyncConnection, states: list[AlertState]) -> None:
        """Tell the next level; the last is told once, and the alert stays open before all."""
        at = self._desk.clock()
        routes = await self._desk.routes(connection, states, at)
        changes, at_the_top = [], []
        for state in states:
            level = state.escalation + 1
            if level >= len(routes[state.alert_id]):
                at_the_top.append(state.alert_id)
                continue
            then = routes[state.alert_id][level]
            await self._desk.tell(connection, [(state, then)], at)
            sets = {"escalation": level, "due_at": self._desk.acknowledge_by(state, at)}
            changes.append(Change(state, "escalated", MONITOR, at, sets, named(then), (then,)))
        await self._chronicle.write(connection, changes)
        if at_the_top:
            nobody_left = update(ALERTS).where(ALERTS.c.alert_id.in_(at_the_top))
            await connection.execute(nobody_left.values(due_at=None))

    async def _bring_back(self, connection: AsyncConnection, states: list[AlertState]) -> None:
        """Open acknowledged alerts again, before those who had them and whoever is there now."""
        at = self._desk.clock()
        told = await recipients_of(connection, [state.alert_id for state in states])
        routes = await self._desk.routes(connection, states, at)
        changes = []
        for state in states:
            route = routes[state.alert_id]
            now = route[min(state.escalation, len(route) - 1)]
            await self._desk.tell(connection, [(state, now)], at)
            sets = {"status": "open", "due_at": self._desk.acknowledge_by(state, at)}
            details = {"acknowledged_by": state.changed_by}
            tells = tuple(dict.fromkeys((*told[state.alert_id], now)))
            changes.append(Change(state, "came_back", MONITOR, at, sets, details, tells))
        await self._chronicle.write(connection, changes)
