"""What the channel `webhook` can be set to."""

from __future__ import annotations

from pathlib import Path
from typing import ClassVar

from pydantic import Field

from alerting.channels.settings import Address, HttpSettings, Variable


class WebhookSettings(HttpSettings):
    """Set a receiver of the ward's own and the secret that it knows our messages by."""

    secrets: ClassVar[tuple[str, ...]] = ("secret",)

    url: Address = Field(description="Where messages are posted to")
    secret_env: Variable | None = Field(None, description="Variable that holds the secret")
    secret_file: Path | None = Field(None, description="File that holds the secret")
