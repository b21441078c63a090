"""Reading the audit log for people; whether it holds is another question (`verifying`)."""

from __future__ import annotations

from sqlalchemy import select

from alerting.audit.entry import Entry
from alerting.audit.tables import ENTRIES
from alerting.store import Database


async def entries_before(
    database: Database,
    number: int | None,
    limit: int,
    *,
    who: str = "",
    target: str = "",
    verb: str = "",
) -> list[Entry]:
    """Return entries before a number (None: the newest), the newest first; texts narrow."""
    query = select(ENTRIES).order_by(ENTRIES.c.number.desc()).limit(limit)
    if number is not None:
        query = query.where(ENTRIES.c.number < number)
    for column, text in ((ENTRIES.c.who, who), (ENTRIES.c.target, target)):
        text = text.strip().replace("\x00", "")
        if text:
            query = query.where(column.contains(text, autoescape=True))
    if verb:
        query = query.where(ENTRIES.c.verb == verb)
    return [Entry(**row._mapping) for row in await database.read(query)]
