"""The veil: what an analyst sees, pseudonyms in place of people and residents."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

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

_PEOPLE = frozenset(
    {
        *("operator_id", "supervisor_id", "resident_id", "assignee_id", "convergence_on"),
        *("decided_by", "changed_by", "person_id", "stands_in_for"),
    }
)
_LEFT_OUT = frozenset({"text", "note"})
"""What people wrote in their own words may name anybody."""
_PSEUDONYM = "px-"
_HIDDEN = "…"


class VeiledStore(AlertStore):
    """Give what a store gives with every person's and resident's id replaced, and no free text.

    Whoever needs to know an id goes to the privacy officer. A pseudonym is an id's same one each
    time, so that repeats still show; it filters nothing, for the way back needs the key.
    """

    def __init__(self, store: AlertStore, named: Pseudonyms) -> None:
        super().__init__(store.database)
        self._named = named

    async def listed(self, query: AlertQuery) -> list[Listed]:
        """Return the alerts that a query names."""
        found = await super().listed(query)
        return [Listed(self._stored(e.stored), self._state(e.state)) for e in found]

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
        return [self._state(each) for each in await super().states(query)]

    async def recipients(self, alert_id: str) -> list[Recipient]:
        """Return who was told of an alert."""
        return [
            replace(
                each,
                person_id=self._name(each.person_id),
                stands_in_for=each.stands_in_for and self._name(each.stands_in_for),
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
            operator_id=self._name(state.operator_id),
            supervisor_id=state.supervisor_id and self._name(state.supervisor_id),
            convergence_on=state.convergence_on and self._name(state.convergence_on),
            assignee_id=state.assignee_id and self._name(state.assignee_id),
            changed_by=self._name(state.changed_by),
        )

    def _change(self, change: HistoryRow) -> HistoryRow:
        details = {k: self._detail(k, v) for k, v in change.details.items()}
        return replace(change, by=self._name(change.by), details=details)

    def _detail(self, key: str, value: Any) -> Any:
        if key in _LEFT_OUT:
            return ""
        if key not in ("from", "to"):
            return self._of(key, value)
        if isinstance(value, str):
            return self._name(value)
        return [self._name(str(each)) for each in value]

    def _veiled(self, value: Any) -> Any:
        """Return JSON with ids replaced by their place, and taken out of sentences."""
        if isinstance(value, Mapping):
            return {key: self._of(key, each) for key, each in value.items()}
        if isinstance(value, Sequence) and not isinstance(value, str):
            return [self._veiled(each) for each in value]
        return value

    def _of(self, key: str, value: Any) -> Any:
        if key in _PEOPLE and isinstance(value, str):
            return self._name(value)
        return self._veiled(value)

    def _name(self, identifier: str) -> str:
        if identifier in (MONITOR, OFFICER) or identifier.startswith(_PSEUDONYM):
            return identifier
        return self._named(identifier)
