"""What a letter is about, as it stands when the letter is sent, and who must not read it."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.ext.asyncio import AsyncConnection

from alerting.delivery.letters import ALL, SECTION, DigestLetter
from alerting.store import AlertState, Recipient
from alerting.store.sharing import sharers_of
from alerting.store.states import recipients_of, states_of
from alerting.store.stored import STORED, stored_row
from alerting.store.tables import ALERTS, EVIDENCE, HISTORY, REVISIONS
from schemas.alerts import Alert, Severity

MOST_IN_A_DIGEST = 500
_TELLING = ("opened", "raised", "escalated", "came_back", "reopened", "assigned", "withdrawn")


@dataclass(frozen=True)
class Matter:
    """Hold one alert at the moment of sending.

    `barred` are whom it is about and who share it; `residents` all ids that no channel names.
    """

    state: AlertState
    alert: Alert
    barred: frozenset[str]
    residents: frozenset[str]


async def matters_for(
    connection: AsyncConnection, alert_ids: Iterable[str], to: str
) -> list[Matter]:
    """Return those of the alerts that their addressee may be told of now, the oldest first.

    A person must still be a recipient and no party to the alert; a team's or everybody's
    channel needs an alert that is anybody's at all. Historic alerts are nobody's news.
    """
    states = await states_of(connection, list(alert_ids))
    told = await recipients_of(connection, states)
    sharers = await sharers_of(connection, states.values())
    found = []
    for alert_id, state in states.items():
        barred = sharers[alert_id] | {state.operator_id}
        if not state.historic and to not in barred and _is_told(told[alert_id], state, to):
            found.append(await _matter(connection, state, barred))
    return sorted(found, key=lambda matter: (matter.state.opened_at, matter.state.alert_id))


async def collected(
    connection: AsyncConnection, letter: DigestLetter, severities: Collection[Severity]
) -> set[str]:
    """Return the alerts of a digest: those not resolved, of which people were told in its span."""
    query = (
        select(HISTORY.c.alert_id, HISTORY.c.details)
        .join(ALERTS, ALERTS.c.alert_id == HISTORY.c.alert_id)
        .where(
            HISTORY.c.at >= letter.since,
            HISTORY.c.at < letter.until,
            HISTORY.c.kind.in_(_TELLING),
            ALERTS.c.status != "resolved",
            ALERTS.c.severity.in_(severities),
        )
        .order_by(HISTORY.c.row)
    )
    rows = await connection.execute(query)
    return {row.alert_id for row in rows if json.loads(row.details).get("news", True)}


def _is_told(told: Collection[Recipient], state: AlertState, to: str) -> bool:
    if to.startswith(SECTION):
        return state.section_id == to.removeprefix(SECTION) and bool(told)
    return any(to in (ALL, recipient.person_id) for recipient in told)


async def _matter(connection: AsyncConnection, state: AlertState, barred: frozenset[str]) -> Matter:
    query: Select[Any] = select(*STORED).join(ALERTS, ALERTS.c.row == REVISIONS.c.row)
    (newest,) = await connection.execute(query.where(ALERTS.c.alert_id == state.alert_id))
    beside = select(EVIDENCE.c.body).where(EVIDENCE.c.alert_id == state.alert_id)
    body = await connection.scalar(beside.order_by(EVIDENCE.c.revision.desc()).limit(1))
    residents = frozenset() if body is None else frozenset(_residents(json.loads(body)))
    return Matter(state, stored_row(newest).alert, barred, residents)


def _residents(value: Any) -> Iterable[str]:
    """Yield every resident that evidence names, wherever it does."""
    if isinstance(value, Mapping):
        for name, inner in value.items():
            if name == "resident_id" and isinstance(inner, str):
                yield inner
            else:
                yield from _residents(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _residents(inner)
