"""The settings of one worker."""

from __future__ import annotations

from pathlib import Path

from pydantic import Field

from streams.topics import TopicSettings


class WorkerSettings(TopicSettings):
    """Hold what one stream worker must know."""

    policy: Path | None = Field(None, description="Policy file (TOML); the default without")
    metrics_host: str = Field("127.0.0.1", description="Address that serves /metrics")
    metrics_port: int = Field(8601, ge=0, le=65535, description="Its port; 0 serves none")
    refuse_future: bool = Field(
        True, description="Whether a record over 5 minutes ahead of Kafka's time is malformed"
    )
    chunked: bool = Field(True, description="Take whole fetches; Faust's own consumer otherwise")

    @property
    def app_id(self) -> str:
        """Return the name of the consumer group, and the start of the changelog's."""
        return f"{self.topic_prefix}monomi"
