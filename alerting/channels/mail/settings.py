"""What the channel `mail` can be set to."""

from __future__ import annotations

from pathlib import Path
from typing import Literal, Self

from pydantic import Field, model_validator

from alerting.channels.settings import ChannelSettings, MailAddress, Variable
from schemas.toml_file import allowed, unshown


class MailSettings(ChannelSettings):
    """Set a mail server, its sign-in where it wants one, and who gets what has no receiver."""

    host: str = Field(min_length=1, max_length=253, description="Name of the mail server")
    port: int = Field(587, ge=1, le=65535, description="Its port: mostly 587, 465 with tls")
    security: Literal["starttls", "tls", "plain"] = Field(
        "starttls", description="How the connection is kept from readers"
    )
    sender: MailAddress = Field(description="Address that mails come from")
    sender_name: str = Field("物見 Monomi", max_length=60, description="Name beside it")
    receivers: tuple[MailAddress, ...] = Field(
        (), max_length=50, description="Who gets what is not for one person"
    )
    username: str | None = Field(None, max_length=200, description="Name to sign in with")
    password_env: Variable | None = Field(None, description="Variable that holds the password")
    password_file: Path | None = Field(None, description="File that holds the password")

    @model_validator(mode="after")
    def _sign_in_whole_and_unread(self) -> Self:
        given = sum(value is not None for value in (self.password_env, self.password_file))
        if given != (self.username is not None):
            raise unshown("username with one of password_env and password_file, or none of them")
        if self.username is not None and self.security == "plain":
            raise unshown("a sign-in only with security starttls or tls")
        if not self.sender_name.isprintable():
            raise allowed("sender_name on one line")
        return self
