"""Policy changes in the audit log: what was in force at each start of the console."""

from __future__ import annotations

import hashlib
import json
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from alerting.audit.entry import Act, Verb, canonical
from alerting.audit.log import append
from alerting.audit.tables import ENTRIES
from alerting.store import Database


async def note_start(database: Database, policies: dict[str, Any]) -> None:
    """Log a start of the console, and which fields of its policies differ from the last start's.

    `policies` is JSON by the policies' names. The first start logs all of them.
    """
    last = (
        select(ENTRIES.c.details)
        .where(ENTRIES.c.verb == Verb.POLICY_CHANGE)
        .order_by(ENTRIES.c.number.desc())
        .limit(1)
    )

    async def work(connection: AsyncConnection) -> None:
        await append(connection, Act("system", "system", "", Verb.START, "console"))
        known = await connection.scalar(last)
        before = json.loads(known)["in_force"] if known else {}
        # As JSON gives it back: lists for tuples, texts for days.
        in_force = json.loads(json.dumps(policies))
        changed = sorted(_differing(before, in_force))
        if changed or not known:
            hash_ = hashlib.sha256(canonical(in_force).encode()).hexdigest()
            details = {"changed": changed, "hash": hash_, "in_force": in_force}
            await append(
                connection, Act("system", "system", "", Verb.POLICY_CHANGE, "policy", details)
            )

    await database.write(work)


def _differing(before: Any, after: Any, place: str = "") -> set[str]:
    """Return the places in which two values of JSON differ."""
    if isinstance(before, dict) and isinstance(after, dict):
        found: set[str] = set()
        for key in before.keys() | after.keys():
            found |= _differing(before.get(key), after.get(key), f"{place}.{key}" if place else key)
        return found
    return set() if before == after else {place}
