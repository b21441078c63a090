"""Which channels reach whom: the part `[routes]` of the channels file, and `[people]`."""

from __future__ import annotations

import re
from datetime import time
from typing import Annotated

from pydantic import AfterValidator, BaseModel, Field, ValidationInfo

from alerting.channels.settings import STRICT, MailAddress
from alerting.console.messages import Language
from alerting.routing import OFFICER
from schemas.alerts import Severity
from schemas.toml_file import allowed


def _known_channel(name: str, info: ValidationInfo) -> str:
    # The context holds by kind the file's channels, which were read before; of a kind that is
    # at fault itself nothing is known.
    kind, _, bare = name.partition(".")
    kinds = info.context
    if isinstance(kinds, dict) and (kind not in kinds or bare not in kinds[kind]):
        raise allowed("the name of a channel of this file, such as mail.counter")
    return name


def _checked_clock(text: str) -> str:
    if not re.fullmatch(r"([01]\d|2[0-3]):[0-5]\d", text):
        raise allowed("a time of day HH:MM")
    return text


def _checked_team(name: str) -> str:
    if name != OFFICER and not re.fullmatch(r"[A-Za-z0-9._:-]{1,64}", name):
        raise allowed(f"a section's id, or {OFFICER}")
    return name


RouteChannel = Annotated[str, AfterValidator(_known_channel)]
RouteChannels = Annotated[tuple[RouteChannel, ...], Field(max_length=20)]
Team = Annotated[str, AfterValidator(_checked_team)]


class PersonAddress(BaseModel):
    """Hold where one person gets mail, and in which language."""

    model_config = STRICT

    mail: MailAddress = Field(description="Address of the person's own mailbox")
    language: Language = Field("ja", description="Language of what they are sent")


class Routes(BaseModel):
    """Set which channels alerts of each severity take, and which belong to a team."""

    model_config = STRICT

    low: RouteChannels = Field((), description="Channels of alerts of low severity")
    medium: RouteChannels = Field((), description="Channels of alerts of medium severity")
    high: RouteChannels = Field((), description="Channels of alerts of high severity")
    critical: RouteChannels = Field((), description="Channels of critical alerts")
    teams: dict[Team, RouteChannels] = Field(
        {}, max_length=1000, description="Further channels by section or @privacy-officer"
    )
    digest: tuple[Severity, ...] = Field(
        ("low",), max_length=4, description="Severities that are collected and sent once a day"
    )
    digest_at: Annotated[str, AfterValidator(_checked_clock)] = Field(
        "08:45", description="Time of a working day at which what was collected is sent"
    )

    def of(self, severity: Severity) -> tuple[str, ...]:
        """Return the channels of one severity."""
        channels: tuple[str, ...] = getattr(self, severity)
        return channels

    @property
    def digest_time(self) -> time:
        """Return the time of day of digests."""
        return time.fromisoformat(self.digest_at)
