"""How long people stay signed in, and how often they may try."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from pydantic import Field

from alerting.access.identity import IdentitySettings
from alerting.settings import ConsoleSettings


class AccessSettings(ConsoleSettings, IdentitySettings):
    """Add to the console's settings who comes in and how.

    Every field is `MONOMI_<NAME>` in the environment (`MONOMI_SESSION_IDLE_MIN`, …).
    """

    session_idle_min: float = Field(
        30.0, gt=0, le=1440, description="Minutes without a request after which a session ends"
    )
    session_longest_h: float = Field(
        10.0, gt=0, le=168, description="Hours after which a session ends in any case"
    )
    sign_ins_failed_most: int = Field(
        5, ge=1, le=1000, description="Failed sign-ins of one name, or ten times of one address"
    )
    sign_ins_failed_min: float = Field(
        15.0, gt=0, le=1440, description="Minutes in which they count"
    )
    console_https: bool = Field(
        False, description="Browsers reach the console by https, by a proxy: cookies say so"
    )
    console_proxy: str = Field(
        "", description="Address of the proxy whose X-Forwarded-For and -Proto are believed"
    )
    pseudonym_key: Path | None = Field(
        None, description="Key of the analysts' pseudonyms; empty: in the data folder"
    )

    @property
    def session_idle(self) -> timedelta:
        """Return after how long without a request a session ends."""
        return timedelta(minutes=self.session_idle_min)

    @property
    def session_longest(self) -> timedelta:
        """Return after how long a session ends in any case."""
        return timedelta(hours=self.session_longest_h)

    @property
    def pseudonym_key_path(self) -> Path:
        """Return the path of the pseudonyms' key."""
        return self.pseudonym_key or self.data_dir / "console" / "pseudonyms.key"
