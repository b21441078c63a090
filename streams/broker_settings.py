"""The settings of the embedded Kafka: where its jars are kept, and which Java runs them."""

from __future__ import annotations

import os
from pathlib import Path

from pydantic import Field
from pydantic_settings import SettingsConfigDict

from schemas.settings import Settings


def _user_cache() -> Path:
    """Return `monomi` in the user's cache folder, as the XDG base directories name it."""
    cache = os.environ.get("XDG_CACHE_HOME")
    return (Path(cache) if cache else Path.home() / ".cache") / "monomi"


class BrokerSettings(Settings):
    """Hold the settings of the embedded Kafka, each `MONOMI_<NAME>` in the environment."""

    model_config = SettingsConfigDict(env_ignore_empty=True)

    cache_dir: Path = Field(
        default_factory=_user_cache, description="Folder for Kafka's jars; one for all runs"
    )
    java: Path | None = Field(None, description="The java program, instead of the machine's own")
    maven_repository: str | None = Field(
        None, description="URL of a Maven repository to fetch the jars from, e.g. a mirror in-house"
    )
