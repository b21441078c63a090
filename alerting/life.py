"""The life of an alert: what people do with it, each step guarded, written down and sent on."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from alerting.audit.entry import Act, Verb
from alerting.audit.log import append
from alerting.changes import Change, Chronicle
from alerting.desk import Desk
from alerting.store import AlertState, Recipient
from alerting.store.sharing import sharers_of
from alerting.store.states import Kind, Verdict, recipients_of, states_of
from alerting.store.tables import HISTORY
from alerting.withdrawal import withdraw_from_sharers
from schemas.errors import MonomiError

MAX_TEXT_CHARS = 4000

_VERBS: Mapping[Kind, Verb] = {
    "acknowledged": Verb.ACKNOWLEDGE,
    "assigned": Verb.ASSIGN,
    "commented": Verb.COMMENT,
    "resolved": Verb.RESOLVE,
    "reopened": Verb.REOPEN,
}
_AUDITED = ("verdict", "revision", "to")
"""What people wrote in their own words stands in the alert's history."""

Step = Callable[[AsyncConnection, AlertState, datetime], Awaitable[Change]]


class Life:
    """Let people work on alerts.

    Every step names the version of the alert that its person saw: whoever comes second is
    told who came first, and nothing is overwritten. Nobody takes a step on an alert about
    themselves, or on one that they share. All raise MonomiError `alert_unknown` and
    `not_yours`; all but comments `changed_meanwhile` and `step_not_possible`.
    """

    def __init__(
        self, desk: Desk, chronicle: Chronicle, *, role: str = "", address: str = ""
    ) -> None:
        self._desk = desk
        self._chronicle = chronicle
        self._role = role
        self._address = address

    def acted_by(self, role: str, address: str) -> Life:
        """Return the same for somebody in a role, from a network address: the audit log says so."""
        return Life(self._desk, self._chronicle, role=role, address=address)

    async def acknowledge(self, alert_id: str, by: str, version: int) -> AlertState:
        """Say that one looks after an open alert."""

        async def step(_: AsyncConnection, state: AlertState, at: datetime) -> Change:
            _must_be(state, "open")
            sets = {"status": "acknowledged", "due_at": self._desk.resolve_by(state, at)}
            return Change(state, "acknowledged", by, at, sets)

        return await self._take(alert_id, by, version, step)

    async def assign(self, alert_id: str, by: str, version: int, to: str) -> AlertState:
        """Give an alert that is not resolved to one person, who is told."""

        async def step(connection: AsyncConnection, state: AlertState, at: datetime) -> Change:
            _must_be(state, "open", "acknowledged")
            if to in await self._barred(connection, state):
                raise MonomiError(
                    "not_yours", f"{to} is a party to this alert: assign it to somebody else"
                )
            assignee = Recipient(to, "assignee")
            await self._desk.tell(connection, [(state, assignee)], at)
            return Change(state, "assigned", by, at, {"assignee_id": to}, {"to": to}, (assignee,))

        return await self._take(alert_id, by, version, step)

    async def comment(self, alert_id: str, by: str, text: str) -> AlertState:
        """Add a comment; it overwrites nothing, so it needs no version.

        Raises MonomiError `text_missing` or `text_too_long`.
        """
        if not text.strip():
            raise MonomiError("text_missing", "the comment is empty: write one")
        details = {"text": _checked(text)}

        async def step(_: AsyncConnection, state: AlertState, at: datetime) -> Change:
            return Change(state, "commented", by, at, {}, details)

        return await self._take(alert_id, by, None, step)

    async def resolve(
        self, alert_id: str, by: str, version: int, revision: int, verdict: Verdict, note: str
    ) -> AlertState:
        """Give a verdict on the revision that one saw; a newer one must be looked at first.

        Raises MonomiError `text_too_long` too.
        """
        details = {"verdict": verdict, "note": _checked(note), "revision": revision}

        async def step(_: AsyncConnection, state: AlertState, at: datetime) -> Change:
            _must_be(state, "open", "acknowledged")
            if state.revision > revision:
                raise MonomiError(
                    "changed_meanwhile",
                    f"new evidence came meanwhile (revision {state.revision}): look at it, "
                    "then decide",
                )
            sets = {"status": "resolved", "verdict": verdict, "due_at": None}
            return Change(state, "resolved", by, at, sets, details)

        return await self._take(alert_id, by, version, step)

    async def reopen(self, alert_id: str, by: str, version: int, note: str) -> AlertState:
        """Open a resolved alert again; those who had it are told.

        Raises MonomiError `text_too_long` too.
        """
        details = {"note": _checked(note)}

        async def step(connection: AsyncConnection, state: AlertState, at: datetime) -> Change:
            _must_be(state, "resolved")
            sets: dict[str, Any] = {
                "status": "open",
                "verdict": None,
                "escalation": 0,
                "due_at": self._desk.acknowledge_by(state, at),
            }
            told = (await recipients_of(connection, [alert_id]))[alert_id]
            return Change(state, "reopened", by, at, sets, details, told)

        return await self._take(alert_id, by, version, step)

    async def barred(self, alert_id: str) -> frozenset[str]:
        """Return who must neither see an alert nor work on it; raises `alert_unknown`."""

        async def work(connection: AsyncConnection) -> frozenset[str]:
            return await self._barred(connection, await _found(connection, alert_id))

        return await self._desk.database.look(work)

    async def _take(self, alert_id: str, by: str, version: int | None, step: Step) -> AlertState:
        async def work(connection: AsyncConnection) -> AlertState:
            state = await _found(connection, alert_id)
            if by in await self._barred(connection, state):
                raise MonomiError("not_yours", "you are a party to this alert: others decide on it")
            if version is not None and state.version != version:
                raise await _changed_meanwhile(connection, state)
            change = await step(connection, state, self._desk.clock())
            (after,) = await self._chronicle.write(connection, [change])
            await append(connection, self._act(change), change.at)
            if change.kind == "reopened":
                # A verdict had cleared it perhaps; now it is shared again.
                await withdraw_from_sharers(connection, self._desk, self._chronicle, [after])
                after = await _found(connection, alert_id)
            return after

        after = await self._desk.database.write(work)
        self._chronicle.outbox.bell.ring()
        return after

    def _act(self, change: Change) -> Act:
        details = {k: v for k, v in change.details.items() if k in _AUDITED}
        target = f"alert:{change.before.alert_id}"
        return Act(change.by, self._role, self._address, _VERBS[change.kind], target, details)

    async def _barred(self, connection: AsyncConnection, state: AlertState) -> frozenset[str]:
        sharers = await sharers_of(connection, [state])
        return sharers[state.alert_id] | {state.operator_id}


async def _found(connection: AsyncConnection, alert_id: str) -> AlertState:
    found = await states_of(connection, [alert_id])
    if alert_id not in found:
        raise MonomiError("alert_unknown", "there is no such alert: look in the list")
    return found[alert_id]


async def _changed_meanwhile(connection: AsyncConnection, state: AlertState) -> MonomiError:
    """Return the error that says who did what to an alert that somebody else wants to change."""
    last = select(HISTORY.c.kind).where(
        HISTORY.c.alert_id == state.alert_id, HISTORY.c.version == state.version
    )
    kind = (await connection.execute(last)).scalar_one_or_none() or "changed"
    done = kind.replace("_", " ")
    return MonomiError(
        "changed_meanwhile",
        f"{state.changed_by} changed this alert meanwhile ({done}): look at it again, then decide",
    )


def _must_be(state: AlertState, *statuses: str) -> None:
    if state.status not in statuses:
        raise MonomiError(
            "step_not_possible",
            f"this alert is {state.status} (by {state.changed_by}), and would have to be "
            f"{' or '.join(statuses)} for this: load it again",
        )


def _checked(text: str) -> str:
    if len(text) > MAX_TEXT_CHARS:
        raise MonomiError("text_too_long", f"write at most {MAX_TEXT_CHARS} characters")
    return text.strip().replace("\x00", "")
