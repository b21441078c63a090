"""The settings that every process of a deployment shares, read from `MONOMI_…` variables."""

from __future__ import annotations

from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import Field, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict


def checked_zone(name: str) -> ZoneInfo:
    """Return a time zone by its name; raises ValueError where there is none."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise ValueError(f"no time zone is named {name!r}; Asia/Tokyo is one") from None


class Settings(BaseSettings):
    """Hold where Kafka is, whose topics they are, and in which time zone days begin.

    Subclass it for the settings of one process; every field is `MONOMI_<NAME>` in the
    environment. Raises pydantic's ValidationError on a value out of its bounds.
    """

    model_config = SettingsConfigDict(env_prefix="MONOMI_", frozen=True, extra="ignore")

    bootstrap: str = Field("127.0.0.1:9092", description="Kafka's host:port, comma-separated")
    topic_prefix: str = Field(
        "", pattern=r"^[A-Za-z0-9._-]*$", description="Stands before every topic and group name"
    )
    timezone: str = Field("Asia/Tokyo", description="Where days begin and end")
    data_dir: Path = Field(Path("data"), description="Folder for local state")

    @field_validator("timezone")
    @classmethod
    def _known_zone(cls, name: str) -> str:
        return checked_zone(name).key

    @property
    def zone(self) -> ZoneInfo:
        """Return the deployment's time zone."""
        return ZoneInfo(self.timezone)
