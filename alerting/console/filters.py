"""The list's filters: what an address asks for, as a query and as the form shows it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import get_args
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from starlette.datastructures import QueryParams

from alerting.console.place import read_place, written_place
from alerting.console.wording import midnight, read_day
from alerting.store import AlertQuery, AlertState
from alerting.store.states import Status
from schemas.alerts import Severity

STATUSES: Mapping[str, tuple[Status, ...]] = {
    "todo": ("open", "acknowledged"),
    "open": ("open",),
    "acknowledged": ("acknowledged",),
    "resolved": ("resolved",),
    "all": (),
}
SEVERITIES: tuple[Severity, ...] = tuple(reversed(get_args(Severity)))
HISTORIC: Mapping[str, bool | None] = {"no": False, "with": None, "only": True}
_MOST_CHARS = 200


@dataclass(frozen=True)
class Filters:
    """Hold what one asks the list for; whatever an address says wrong is left out."""

    status: str = "todo"
    severities: tuple[Severity, ...] = ()
    section: str = ""
    operator: str = ""
    starts_on: date | None = None
    ends_on: date | None = None
    historic: str = "no"
    mine: bool = False
    text: str = ""
    older: tuple[datetime, str] | None = None

    @classmethod
    def of(cls, asked: QueryParams) -> Filters:
        """Return the filters in an address's query."""
        chosen = set(asked.getlist("severity"))
        return cls(
            status=_one_of(asked.get("status"), STATUSES, "todo"),
            severities=tuple(each for each in SEVERITIES if each in chosen),
            section=_text(asked, "section"),
            operator=_text(asked, "operator"),
            starts_on=read_day(asked.get("from")),
            ends_on=read_day(asked.get("to")),
            historic=_one_of(asked.get("historic"), HISTORIC, "no"),
            mine=asked.get("mine") == "1",
            text=_text(asked, "q"),
            older=read_place(asked.get("older")),
        )

    @property
    def has_more(self) -> bool:
        """Return whether one of the less used filters is set."""
        return self != replace(
            Filters(), status=self.status, severities=self.severities, older=self.older
        )

    @property
    def narrows(self) -> bool:
        """Return whether any filter is set at all."""
        return self != Filters(older=self.older)

    def narrow(self, scope: AlertQuery, person_id: str, zone: ZoneInfo) -> AlertQuery:
        """Return the query of what these filters leave of what a person may see."""
        ends = self.ends_on
        return replace(
            scope,
            statuses=STATUSES[self.status],
            severities=self.severities,
            section_id=self.section or None,
            operator_id=self.operator or None,
            opened_from=midnight(self.starts_on, zone) if self.starts_on else None,
            opened_before=midnight(ends + timedelta(days=1), zone) if ends else None,
            historic=HISTORIC[self.historic],
            worked_on_by=person_id if self.mine else None,
            text=self.text,
            after=self.older,
        )

    def counted(self) -> Filters:
        """Return the filters without those that the counts divide by, or that are slow."""
        return replace(self, status="todo", severities=(), text="", older=None)

    def address(self, **changes: object) -> str:
        """Return the list's address with these filters, some of them changed."""
        pairs = replace(self, **changes)._pairs()  # type: ignore[arg-type]
        return "/?" + urlencode(pairs) if pairs else "/"

    def _pairs(self) -> list[tuple[str, str]]:
        plain = Filters()
        pairs = [("status", self.status)] if self.status != plain.status else []
        pairs += [("severity", severity) for severity in self.severities]
        pairs += [("historic", self.historic)] if self.historic != plain.historic else []
        for name, value in (
            ("section", self.section),
            ("operator", self.operator),
            ("from", self.starts_on),
            ("to", self.ends_on),
            ("mine", "1" if self.mine else ""),
            ("q", self.text),
            ("older", written_place(*self.older) if self.older else ""),
        ):
            if value:
                pairs.append((name, str(value)))
        return pairs


def place_of(state: AlertState) -> tuple[datetime, str]:
    """Return an alert's place in the list, after which the next page begins."""
    return (state.opened_at, state.alert_id)


def _one_of(asked: str | None, known: Mapping[str, object], otherwise: str) -> str:
    return asked if asked is not None and asked in known else otherwise


def _text(asked: QueryParams, name: str) -> str:
    return asked.get(name, "").replace("\x00", "").strip()[:_MOST_CHARS]
