"""The list of alerts: newest first, by who was told and by what was filtered for."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import (
    Column,
    ColumnElement,
    Select,
    Subquery,
    and_,
    func,
    or_,
    select,
    union,
    union_all,
)

from alerting.store.containing import Holds
from alerting.store.sharing import shares_with
from alerting.store.states import AlertState, Status
from alerting.store.stored import Stored
from alerting.store.summary import folded
from alerting.store.tables import ALERTS, HISTORY, RECIPIENTS, REVISIONS
from schemas.alerts import Severity


@dataclass(frozen=True)
class Listed:
    """Hold one alert of the list: its newest revision and where it stands."""

    stored: Stored
    state: AlertState


@dataclass(frozen=True)
class AlertQuery:
    """Say which alerts to list; what is left out does not narrow.

    `told` keeps alerts that one of these was told of; `viewer` never gets those about
    themselves, nor those that they share. `worked_on_by` keeps what is assigned to one person or
    was acknowledged or resolved by them. `opened_from` and `opened_before` are event times,
    the second excluded. The next page is that `after` the last alert of this one:
    `(opened_at, alert_id)`.
    """

    alert_ids: tuple[str, ...] = ()
    told: tuple[str, ...] = ()
    viewer: str | None = None
    statuses: tuple[Status, ...] = ()
    severities: tuple[Severity, ...] = ()
    section_id: str | None = None
    operator_id: str | None = None
    resident_id: str | None = None
    worked_on_by: str | None = None
    historic: bool | None = None
    text: str = ""
    opened_from: datetime | None = None
    opened_before: datetime | None = None
    after: tuple[datetime, str] | None = None
    limit: int = 100

    def narrow(self, query: Select[Any]) -> Select[Any]:
        """Return a query over ALERTS and REVISIONS narrowed, ordered and limited."""
        place: tuple[Column[Any], Column[Any]] = (ALERTS.c.opened_at, ALERTS.c.alert_id)
        query = query.join(REVISIONS, REVISIONS.c.row == ALERTS.c.row)
        newest_first = tuple(column.desc() for column in place)
        if len(self.told) == 1:
            # In the order of the recipients' own index.
            place = (RECIPIENTS.c.opened_at, RECIPIENTS.c.alert_id)
            newest_first = tuple(column.desc() for column in place)
            query = query.join(RECIPIENTS, RECIPIENTS.c.alert_id == ALERTS.c.alert_id)
            query = query.where(RECIPIENTS.c.person_id == self.told[0])
        elif (found := self._found(place)) is not None:
            query = query.join(found, found.c.alert_id == ALERTS.c.alert_id)
            return query.order_by(*newest_first).limit(self.limit)
        elif self.told:
            query = query.where(self._told())
        query = query.where(*self._fields(), *self._span(place))
        return query.order_by(*newest_first).limit(self.limit)

    def counted(self, *columns: Column[Any]) -> Select[Any]:
        """Return a query of how many alerts there are by these columns of ALERTS.

        It counts no more than `limit` in all, so that it stays quick.
        """
        query = select(*columns).select_from(ALERTS)
        if len(self.told) == 1:
            query = query.join(RECIPIENTS, RECIPIENTS.c.alert_id == ALERTS.c.alert_id)
            query = query.where(RECIPIENTS.c.person_id == self.told[0])
        elif self.told:
            query = query.where(self._told())
        query = query.where(*self._fields(), *self._span((ALERTS.c.opened_at, ALERTS.c.alert_id)))
        rows = query.limit(self.limit).subquery("counted")
        return select(*rows.c, func.count()).group_by(*rows.c)

    def _found(self, place: tuple[Column[Any], Column[Any]]) -> Subquery | None:
        """Return the ids in a way of their own, where one is quicker than the list's order."""
        if self.text.strip() or self.worked_on_by is not None:
            return self._hits(place)
        if len(self.statuses) > 1 and not self.alert_ids:
            return self._of_each_status(place)
        return None

    def _of_each_status(self, place: tuple[Column[Any], Column[Any]]) -> Subquery:
        """Return the newest ids of each status, which an index has in order; of two it has not."""
        newest_first = tuple(column.desc() for column in place)
        parts = []
        for status in self.statuses:
            one = replace(self, statuses=(status,))
            query = select(ALERTS.c.alert_id).where(*one._fields(), *self._span(place))
            if self.told:
                query = query.where(self._told())
            newest = query.order_by(*newest_first).limit(self.limit).subquery()
            parts.append(select(newest.c.alert_id))
        return union_all(*parts).subquery("found")

    def _hits(self, place: tuple[Column[Any], Column[Any]]) -> Subquery:
        """Return the ids of a search that reads all that the rest leaves.

        In the table's order: going through 100,000 alerts by an index's takes SQLite four
        times as long. An expression is no index's, so that the sorting comes after.
        """
        status = func.coalesce(ALERTS.c.status, ALERTS.c.status)
        query = select(ALERTS.c.alert_id).where(*self._fields(status), *self._span(place))
        if self.told:
            query = query.where(self._told())
        after = (func.coalesce(column, column).desc() for column in place)
        return query.order_by(*after).limit(self.limit).subquery("hits")

    def _told(self) -> ColumnElement[bool]:
        told = select(RECIPIENTS.c.alert_id).where(RECIPIENTS.c.person_id.in_(self.told))
        return ALERTS.c.alert_id.in_(told)

    def _fields(self, status: ColumnElement[str] = ALERTS.c.status) -> list[ColumnElement[bool]]:
        kept: list[ColumnElement[bool]] = []
        if self.alert_ids:
            kept.append(ALERTS.c.alert_id.in_(self.alert_ids))
        if self.statuses:
            kept.append(status.in_(self.statuses))
        if self.severities:
            kept.append(ALERTS.c.severity.in_(self.severities))
        for name in ("section_id", "operator_id", "resident_id"):
            if (value := getattr(self, name)) is not None:
                kept.append(ALERTS.c[name] == value)
        if self.worked_on_by is not None:
            kept.append(_worked_on_by(self.worked_on_by))
        if self.historic is not None:
            kept.append(ALERTS.c.historic.is_(self.historic))
        if self.text.strip():
            kept.append(Holds(ALERTS.c.reasons_text, folded(self.text.strip())))
        if self.viewer is not None:
            kept.append(and_(ALERTS.c.operator_id != self.viewer, ~shares_with(self.viewer)))
        return kept

    def _span(self, place: tuple[Column[Any], Column[Any]]) -> list[ColumnElement[bool]]:
        kept: list[ColumnElement[bool]] = []
        if self.opened_from is not None:
            kept.append(place[0] >= self.opened_from)
        if self.opened_before is not None:
            kept.append(place[0] < self.opened_before)
        if self.after is not None:
            opened_at, alert_id = self.after
            kept.append(or_(place[0] < opened_at, and_(place[0] == opened_at, place[1] < alert_id)))
            # Says the same again, but an index can begin there.
            kept.append(place[0] <= opened_at)
        return kept


def _worked_on_by(person_id: str) -> ColumnElement[bool]:
    theirs = ALERTS.alias("theirs")
    has = select(theirs.c.alert_id).where(theirs.c.assignee_id == person_id)
    took = select(HISTORY.c.alert_id).where(
        HISTORY.c.by == person_id, HISTORY.c.kind.in_(("acknowledged", "resolved"))
    )
    # A few ids to begin with, instead of a question to each alert.
    return ALERTS.c.alert_id.in_(union(has, took))
