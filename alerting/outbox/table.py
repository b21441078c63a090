"""The outbox's table: letters written, leased, and what became of them recorded."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from alerting.bell import Bell
from alerting.outbox.letters import Leased, Letter
from alerting.store.database import Database
from alerting.store.tables import OUTBOX

_EARLIER = OUTBOX.alias("earlier")
_MOST_ERROR_CHARS = 1000


@dataclass(frozen=True)
class Outcome:
    """Say what became of a leased letter; neither sent nor failed, it is due again."""

    leased: Leased
    sent_at: datetime | None = None
    failed_at: datetime | None = None
    due_at: datetime | None = None
    error: str | None = None
    tried: bool = True


class Outbox:
    """Keep letters until they are sent; ring `bell` once new ones are committed.

    Whoever takes a step in an alert's life rings it, so pages may wait for the same bell.
    """

    def __init__(self, database: Database, bell: Bell | None = None) -> None:
        self.bell = bell or Bell()
        self._database = database

    async def put(
        self, connection: AsyncConnection, letters: Iterable[Letter], now: datetime
    ) -> None:
        """Write letters in the caller's transaction; those that are there stay as they are."""
        rows = [
            {
                "destination": letter.destination,
                "idempotency_key": letter.key,
                "lane": letter.lane,
                "payload": letter.payload,
                "created_at": now,
                "due_at": letter.due_at or now,
                "attempts": 0,
            }
            for letter in letters
        ]
        if rows:
            await connection.execute(
                self._database.insert(OUTBOX).on_conflict_do_nothing(
                    index_elements=[OUTBOX.c.destination, OUTBOX.c.idempotency_key]
                ),
                rows,
            )

    async def lease(
        self, destinations: Collection[str], now: datetime, lease: timedelta, limit: int
    ) -> list[Leased]:
        """Take letters that are due to these destinations, so that no other dispatcher does.

        A lease that ended is taken again: its holder died, or was too slow to tell.
        """
        due = _due(destinations, now).limit(limit)
        if not await self._database.read(due):  # without a turn to write, most of the time
            return []
        until = now + lease

        async def work(connection: AsyncConnection) -> list[Leased]:
            rows = (await connection.execute(due)).all()
            taken = OUTBOX.c.id.in_([row.id for row in rows])
            await connection.execute(
                update(OUTBOX)
                .where(taken)
                .values(lease_until=until, attempts=OUTBOX.c.attempts + 1)
            )
            return [_leased(row, until) for row in rows]

        return await self._database.write(work)

    async def record(self, outcomes: Sequence[Outcome]) -> None:
        """Record what became of leased letters, and end their leases.

        One that was sent is sent, whoever has its lease by now; the rest of what a late
        dispatcher has to say counts only while the lease is its own.
        """

        sent = {o.leased.id: o.sent_at for o in outcomes if o.sent_at is not None}

        async def work(connection: AsyncConnection) -> None:
            if sent:  # most of them, and all at about the same time
                marks = {"lease_until": None, "last_error": None, "failed_at": None}
                marked = update(OUTBOX).where(OUTBOX.c.id.in_(sent), OUTBOX.c.sent_at.is_(None))
                await connection.execute(marked.values(sent_at=max(sent.values()), **marks))
            for outcome in outcomes:
                if outcome.sent_at is None:
                    whose = (
                        OUTBOX.c.id == outcome.leased.id,
                        OUTBOX.c.sent_at.is_(None),
                        OUTBOX.c.lease_until == outcome.leased.lease_until,
                    )
                    statement = update(OUTBOX).where(*whose).values(_recorded(outcome))
                    await connection.execute(statement)

        if outcomes:
            await self._database.write(work)

    async def waiting(self, limit: int) -> list[dict[str, Any]]:
        """Return the letters that are still to be sent, the oldest first."""
        query = select(OUTBOX).where(OUTBOX.c.sent_at.is_(None), OUTBOX.c.failed_at.is_(None))
        rows = await self._database.read(query.order_by(OUTBOX.c.id).limit(limit))
        return [dict(row._mapping) for row in rows]

    async def failed(self, limit: int) -> list[dict[str, Any]]:
        """Return the letters that were given up, the newest first, with their last errors."""
        query = select(OUTBOX).where(OUTBOX.c.failed_at.is_not(None))
        rows = await self._database.read(query.order_by(OUTBOX.c.id.desc()).limit(limit))
        return [dict(row._mapping) for row in rows]

    async def try_again(self, letter_id: int, now: datetime) -> None:
        """Make a letter that was given up due again, its attempts counted anew."""

        async def work(connection: AsyncConnection) -> None:
            given_up = and_(OUTBOX.c.id == letter_id, OUTBOX.c.failed_at.is_not(None))
            await connection.execute(
                update(OUTBOX).where(given_up).values(failed_at=None, due_at=now, attempts=0)
            )

        await self._database.write(work)
        self.bell.ring()


def _recorded(outcome: Outcome) -> dict[str, Any]:
    """Return what is recorded of a letter that was not sent."""
    values: dict[str, Any] = {"lease_until": None}
    if not outcome.tried:
        return values | {"attempts": OUTBOX.c.attempts - 1}
    values["failed_at"] = outcome.failed_at
    if outcome.due_at is not None:
        values["due_at"] = outcome.due_at
    return values | {"last_error": outcome.error and outcome.error[:_MOST_ERROR_CHARS]}


def _due(destinations: Collection[str], now: datetime) -> Select[Any]:
    """Return the query of what may be sent now, in order.

    A letter waits for the earlier ones of its lane that must wait themselves.
    """
    # Not EXISTS: PostgreSQL would join all that waits before it takes the first few.
    earlier_waits = (
        select(_EARLIER.c.id)
        .where(
            _EARLIER.c.destination == OUTBOX.c.destination,
            _EARLIER.c.lane == OUTBOX.c.lane,
            _EARLIER.c.id < OUTBOX.c.id,
            _EARLIER.c.sent_at.is_(None),
            _EARLIER.c.failed_at.is_(None),
            or_(_EARLIER.c.due_at > now, _EARLIER.c.lease_until > now),
        )
        .limit(1)
        .scalar_subquery()
    )
    return (
        select(OUTBOX)
        .where(
            OUTBOX.c.destination.in_(sorted(destinations)),
            OUTBOX.c.sent_at.is_(None),
            OUTBOX.c.failed_at.is_(None),
            OUTBOX.c.due_at <= now,
            _free(now),
            earlier_waits.is_(None),
        )
        .order_by(OUTBOX.c.id)
    )


def _free(now: datetime) -> ColumnElement[bool]:
    return or_(OUTBOX.c.lease_until.is_(None), OUTBOX.c.lease_until <= now)


def _leased(row: Any, until: datetime) -> Leased:
    letter = Letter(row.destination, row.idempotency_key, row.payload, row.lane, row.due_at)
    return Leased(row.id, letter, row.attempts + 1, until)
