"""The channels of a deployment from their TOML file, each by its name `<kind>.<name>`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from pydantic import BaseModel, ConfigDict, Field, ValidationInfo, field_validator

from alerting.channels.channel import Channel
from alerting.channels.line_works.channel import LineWorksChannel
from alerting.channels.line_works.settings import LineWorksSettings
from alerting.channels.mail.channel import MailChannel
from alerting.channels.mail.settings import MailSettings
from alerting.channels.mattermost.channel import MattermostChannel
from alerting.channels.message import Audience
from alerting.channels.routes import PersonAddress, Routes
from alerting.channels.settings import STRICT, ChannelName, ChannelSettings, HookSettings, WebPage
from alerting.channels.slack.channel import SlackChannel
from alerting.channels.teams.channel import TeamsChannel
from alerting.channels.webhook.channel import WebhookChannel
from alerting.channels.webhook.settings import WebhookSettings
from schemas.errors import MonomiError
from schemas.record import Id
from schemas.toml_file import BadTomlError, load_toml

KINDS: Mapping[str, Callable[[Any], Channel]] = {
    "mail": MailChannel,
    "webhook": WebhookChannel,
    "slack": SlackChannel,
    "teams": TeamsChannel,
    "mattermost": MattermostChannel,
    "line_works": LineWorksChannel,
}


class BadChannelsError(BadTomlError):
    """Refuse a channels file; `faults` are all of them, in the order of the file."""

    file_code = "bad_channels"
    check = "monomi channels check"


class Channels(BaseModel):
    """Hold where the console is for those who get a link, and each kind's channels by name."""

    # Of a kind that the file leaves out, the routes must know that it has none.
    model_config = STRICT | ConfigDict(validate_default=True)

    console_url: WebPage = Field(description="Address under which its readers open the console")
    mail: dict[ChannelName, MailSettings] = Field({}, max_length=50, description="Mail servers")
    webhook: dict[ChannelName, WebhookSettings] = Field(
        {}, max_length=50, description="Receivers of the ward's own, signed"
    )
    slack: dict[ChannelName, HookSettings] = Field(
        {}, max_length=50, description="Incoming webhooks of Slack"
    )
    teams: dict[ChannelName, HookSettings] = Field(
        {}, max_length=50, description="Workflows of Microsoft Teams"
    )
    mattermost: dict[ChannelName, HookSettings] = Field(
        {}, max_length=50, description="Incoming webhooks of Mattermost"
    )
    line_works: dict[ChannelName, LineWorksSettings] = Field(
        {}, max_length=50, description="Bots of LINE WORKS"
    )
    # After the channels: their names must be known.
    routes: Routes = Field(Routes(), description="Which channels reach whom")
    people: dict[Id, PersonAddress] = Field(
        {}, max_length=10_000, description="Mail addresses by person's id"
    )

    @field_validator(*KINDS)
    @classmethod
    def _note_names(cls, channels: dict[str, Any], info: ValidationInfo) -> dict[str, Any]:
        """Note a kind's channels, where they are good, for the routes that may name them."""
        if isinstance(info.context, dict):
            info.context[info.field_name] = frozenset(channels)
        return channels

    def by_name(self) -> dict[str, ChannelSettings]:
        """Return the settings of all channels, by `<kind>.<name>`."""
        return {
            f"{kind}.{name}": settings
            for kind in KINDS
            for name, settings in getattr(self, kind).items()
        }

    def named(self, name: str) -> ChannelSettings:
        """Return the settings of one channel; raises MonomiError `no_such_channel`."""
        channels = self.by_name()
        if name not in channels:
            known = ", ".join(channels) or "none"
            raise MonomiError("no_such_channel", f"no channel is named {name}; there are: {known}")
        return channels[name]

    def audience(self, name: str, zone: ZoneInfo) -> Audience:
        """Return for whom a channel's messages are made; raises as `named` does."""
        settings = self.named(name)
        return Audience(settings.language, zone, self.console_url, settings.show_operator)

    def open(self, name: str) -> Channel:
        """Return a channel that can send.

        Raises MonomiError `no_such_channel`, `secret_missing`, `secret_unusable` or
        `ca_unusable`.
        """
        settings = self.named(name)
        return KINDS[name.partition(".")[0]](settings)


def load_channels(path: Path) -> Channels:
    """Return the channels in a TOML file; raises BadChannelsError."""
    return load_toml(path, Channels, BadChannelsError, context={})
