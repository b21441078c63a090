"""The veil: what an analyst sees, pseudonyms in place of people and residents."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import Column, select

from alerting.channels.message import without_identifiers
from alerting.pseudonyms import Pseudonyms
from alerting.routing import OFFICER
from alerting.store import (
    MONITOR,
    AlertQuery,
    AlertState,
    AlertStore,
    HistoryRow,
    Listed,
    Recipient,
    Stored,
    StoredEvidence,
)
from alerting.store.summary import folded, summary_of
from alerting.store.tables import ALERTS

_PEOPLE = frozenset(
    {
        *("operator_id", "supervisor_id", "resident_id", "assignee_id", "convergence_on"),
        *("decided_by", "changed_by", "acknowledged_by", "person_id", "stands_in_for"),
        # A desk, its sign-ins and its cases are somebody's, too.
        *("terminal_id", "session_id", "case_id"),
    }
)
_LEFT_OUT = frozenset({"text", "note"})
"""What people wrote in their own words may name anybody."""
_SHOWN = frozenset({"footage"})
"""What shows a face."""
_PSEUDONYM = "px-"
_HIDDEN = "…"


class VeiledStore(AlertStore):
    """Give what a store gives with every person's and resident's id replaced, and no free text.

    Whoever needs to know an id goes to the privacy officer. A pseudonym is an id's same one each
    time, so that repeats still show. A query is of pseudonyms, too: one that names an id finds
    nothing, and a text is sought in what is left of the sentences, else either would tell whose
    a pseudonym is.
    """

    def __init__(self, store: AlertStore, named: Pseudonyms) -> None:
        super().__init__(store.database)
        self._named = named

    async def listed(self, query: AlertQuery) -> list[Listed]:
        """Return the alerts that a query names."""
        found = await super().listed(await self._meant(query))
        veiled = [Listed(self._stored(e.stored), self._state(e.state)) for e in found]
        sought = folded(query.text.strip())
        return [e for e in veiled if sought in summary_of(e.stored.alert)["reasons_text"]]

    async def revisions(self, alert_id: str) -> list[Stored]:
        """Return all revisions of one alert."""
        return [self._stored(each) for each in await super().revisions(alert_id)]

    async def after(self, row: int, limit: int) -> list[Stored]:
        """Return the rows after this one."""
        return [self._stored(each) for each in await super().after(row, limit)]

    async def state(self, alert_id: str) -> AlertState | None:
        """Return where an alert stands."""
        found = await super().state(alert_id)
        return None if found is None else self._state(found)

    async def states(self, query: AlertQuery) -> list[AlertState]:
        """Return where the alerts stand that a query names."""
        return [self._state(each) for each in await super().states(await self._meant(query))]

    async def counts(self, query: AlertQuery, *names: str) -> dict[tuple[Any, ...], int]:
        """Return how many alerts there are by columns, none of which names a person."""
        assert not _PEOPLE & set(names)
        return await super().counts(await self._meant(query), *names)

    async def recipients(self, alert_id: str) -> list[Recipient]:
        """Return who was told of an alert."""
        return [
            replace(
                each,
                person_id=self.name(each.person_id),
                stands_in_for=each.stands_in_for and self.name(each.stands_in_for),
            )
            for each in await super().recipients(alert_id)
        ]

    async def history(self, alert_id: str) -> list[HistoryRow]:
        """Return all changes of an alert's life."""
        return [self._change(each) for each in await super().history(alert_id)]

    async def history_after(self, row: int, limit: int) -> list[HistoryRow]:
        """Return the changes of all alerts after this row."""
        return [self._change(each) for each in await super().history_after(row, limit)]

    async def evidence(self, alert_id: str) -> StoredEvidence | None:
        """Return the evidence of an alert's newest revision that has any."""
        found = await super().evidence(alert_id)
        return None if found is None else replace(found, body=self._body(found.body))

    async def _meant(self, query: AlertQuery) -> AlertQuery:
        """Return a query whose operator and resident are named by their ids."""
        operator_id = await self._behind(ALERTS.c.operator_id, query.operator_id)
        resident_id = await self._behind(ALERTS.c.resident_id, query.resident_id)
        return replace(query, operator_id=operator_id, resident_id=resident_id)

    async def _behind(self, column: Column[Any], pseudonym: str | None) -> str | None:
        """Return the id in a column that has a pseudonym; what no alert has, where none does."""
        if pseudonym is None:
            return None
        rows = await self.database.read(select(column).distinct())
        return next((row[0] for row in rows if row[0] and self.name(row[0]) == pseudonym), "")

    def _stored(self, stored: Stored) -> Stored:
        return replace(stored, body=self._body(stored.body))

    def _body(self, body: str) -> str:
        value = json.loads(body)
        hidden = [value.get(name) for name in ("operator_id", "supervisor_id", "resident_id")]
        for reason in value.get("reasons", ()):
            for language, sentence in reason["summary"].items():
                without = without_identifiers(sentence, hidden, None, _HIDDEN)
                reason["summary"][language] = without
        return json.dumps(self._veiled(value), ensure_ascii=False)

    def _state(self, state: AlertState) -> AlertState:
        return replace(
            state,
            operator_id=self.name(state.operator_id),
            supervisor_id=state.supervisor_id and self.name(state.supervisor_id),
            convergence_on=state.convergence_on and self.name(state.convergence_on),
            assignee_id=state.assignee_id and self.name(state.assignee_id),
            changed_by=self.name(state.changed_by),
        )

    def _change(self, change: HistoryRow) -> HistoryRow:
        details = {k: self._detail(k, v) for k, v in change.details.items()}
        return replace(change, by=self.name(change.by), details=details)

    def _detail(self, key: str, value: Any) -> Any:
        if key in _LEFT_OUT:
            return ""
        if key not in ("from", "to"):
            return self._of(key, value)
        if isinstance(value, str):
            return self.name(value)
        return [self.name(str(each)) for each in value]

    def _veiled(self, value: Any) -> Any:
        """Return JSON with ids replaced by their place, and taken out of sentences."""
        if isinstance(value, Mapping):
            kept = {key: each for key, each in value.items() if key not in _SHOWN}
            return {key: self._of(key, each) for key, each in kept.items()}
        if isinstance(value, Sequence) and not isinstance(value, str):
            return [self._veiled(each) for each in value]
        return value

    def _of(self, key: str, value: Any) -> Any:
        if key in _PEOPLE and isinstance(value, str):
            return self.name(value)
        return self._veiled(value)

    def name(self, identifier: str) -> str:
        """Return what a person or resident is called before an analyst."""
        if identifier in (MONITOR, OFFICER) or identifier.startswith(_PSEUDONYM):
            return identifier
        return self._named(identifier)
