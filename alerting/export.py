"""The export of alerts for a SIEM: every alert once, logged before the first leaves."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncConnection

from alerting.audit.entry import Act, Verb
from alerting.audit.log import append
from alerting.ocsf import Named, detection_finding, plainly
from alerting.store import AlertQuery, AlertStore

_BATCH = 500


async def ocsf_lines(
    store: AlertStore, who: str, since: datetime | None = None, named: Named = plainly
) -> AsyncIterator[str]:
    """Yield each alert opened since then as one line of JSON, the one raised last first.

    The audit log holds who took them, and from when, even where the export is broken off.
    """
    details = {
        "format": "ocsf",
        "since": None if since is None else since.isoformat(),
        "pseudonyms": named is not plainly,
    }

    async def logged(connection: AsyncConnection) -> None:
        await append(connection, Act(who, "system", "", Verb.EXPORT, "alerts", details))

    await store.database.write(logged)
    query = AlertQuery(opened_from=since, limit=_BATCH)
    while batch := await store.listed(query):
        for each in batch:
            finding = detection_finding(each.stored.alert, each.state, named)
            yield json.dumps(finding, ensure_ascii=False, separators=(",", ":"))
        last = batch[-1].state
        query = replace(query, after=(last.opened_at, last.alert_id))
