"""What the channel `line_works` can be set to."""

from __future__ import annotations

from pathlib import Path
from typing import ClassVar, Self

from pydantic import Field, model_validator

from alerting.channels.settings import Address, HttpSettings, Variable
from schemas.toml_file import unshown


class LineWorksSettings(HttpSettings):
    """Set a bot of LINE WORKS, the app it belongs to, and where it speaks."""

    secrets: ClassVar[tuple[str, ...]] = ("client_secret", "private_key")

    bot_id: str = Field(pattern=r"^[A-Za-z0-9._:-]{1,64}$", description="The bot's number")
    client_id: str = Field(min_length=1, max_length=100, description="The app's client ID")
    service_account: str = Field(
        min_length=1, max_length=200, description="The app's service account, …@…"
    )
    client_secret_env: Variable | None = Field(None, description="Variable with the client secret")
    client_secret_file: Path | None = Field(None, description="File with the client secret")
    private_key_env: Variable | None = Field(None, description="Variable with the private key")
    private_key_file: Path | None = Field(None, description="File with the private key (PEM)")
    channel_id: str | None = Field(
        None, min_length=1, max_length=100, description="Talk room that it writes to"
    )
    user_id: str | None = Field(
        None, min_length=1, max_length=200, description="Or the one person that it writes to"
    )
    auth_url: Address = Field(
        "https://auth.worksmobile.com/oauth2/v2.0/token", description="Where it signs in"
    )
    api_url: Address = Field("https://www.worksapis.com/v1.0", description="Where the API is")

    @model_validator(mode="after")
    def _one_place(self) -> Self:
        if self.channel_id is not None and self.user_id is not None:
            raise unshown("one of channel_id and user_id")
        return self

    @property
    def longest_s(self) -> float:
        """Return the time of two sign-ins and two attempts, the second with a newer token."""
        return 4 * self.timeout_s
