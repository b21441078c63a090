"""What the interface takes and gives, as its description in OpenAPI says it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field

from alerting.life import MAX_TEXT_CHARS
from alerting.store.states import Kind, Office, Status, Verdict
from schemas.alerts import Alert, Evidence
from schemas.record import Id

PersonId = Annotated[str, Field(min_length=1, max_length=64, pattern=r"^[A-Za-z0-9._:@-]+$")]
Version = Annotated[int, Field(ge=0, lt=2**31, description="That of the alert as it was seen")]
Note = Annotated[str, Field(max_length=MAX_TEXT_CHARS)]


class _Given(BaseModel):
    model_config = ConfigDict(from_attributes=True)


class State(_Given):
    """Say where an alert stands with its people; `due_at`: when it goes on to others."""

    status: Status
    escalation: int
    version: int
    assignee_id: str | None
    verdict: Verdict | None
    changed_at: datetime
    changed_by: str
    due_at: datetime | None
    historic: bool


class ListedAlert(_Given):
    """Give an alert's newest revision and where it stands."""

    alert: Alert
    state: State


class AlertPage(_Given):
    """Give alerts, the one raised last first; `older` asks for the next page."""

    alerts: list[ListedAlert]
    older: str | None


class ToldPerson(_Given):
    """Name one who was told of an alert, and as what."""

    person_id: str
    office: Office
    stands_in_for: str | None


class Change(_Given):
    """Give one step of an alert's life."""

    version: int
    kind: Kind
    at: datetime
    by: str
    status: Status
    escalation: int
    details: Mapping[str, Any]


class WholeAlert(ListedAlert):
    """Give an alert with all that is known around it."""

    revisions: list[Alert]
    evidence: Evidence | None
    recipients: list[ToldPerson]
    history: list[Change]


class Refusal(BaseModel):
    """Say why something was not done, for a program (`code`) and for a person."""

    code: str
    sentence: str


class _Asked(BaseModel):
    model_config = ConfigDict(extra="forbid")


class Acknowledge(_Asked):
    """Ask to acknowledge."""

    version: Version


class Assign(_Asked):
    """Ask to give an alert to one person."""

    version: Version
    to: PersonId


class Comment(_Asked):
    """Ask to add a comment."""

    text: Annotated[str, Field(min_length=1, max_length=MAX_TEXT_CHARS)]


class Resolve(_Asked):
    """Ask to record a verdict on a revision that was seen."""

    version: Version
    revision: Annotated[int, Field(ge=1, lt=2**31)]
    verdict: Verdict
    note: Note = ""


class Reopen(_Asked):
    """Ask to open a resolved alert again."""

    version: Version
    note: Note = ""


AlertId = Id
