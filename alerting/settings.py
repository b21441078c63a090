"""The console's settings: where it listens and where its alerts are kept."""

from __future__ import annotations

from pathlib import Path

from pydantic import Field

from alerting.policy import ResponsePolicy, RetentionPolicy
from schemas.settings import Settings


class ConsoleSettings(Settings):
    """Add to the deployment's settings the console's address and its store.

    Every field is `MONOMI_<NAME>` in the environment (`MONOMI_CONSOLE_PORT`, …).
    """

    console_host: str = Field("127.0.0.1", description="Address to listen on")
    console_port: int = Field(8600, ge=0, le=65535, description="Port; 0 takes a free one")
    store_url: str = Field(
        "", description="File or SQLAlchemy URL of the alert store; empty: in the data folder"
    )
    response: ResponsePolicy = Field(
        ResponsePolicy(),
        description="Hours that alerts of each severity leave their people, as JSON: "
        '{"high": {"acknowledge_h": 2, "resolve_h": 17.5, "around_the_clock": false}}',
    )
    retention: RetentionPolicy = Field(
        RetentionPolicy(),
        description='Years that alerts and audit entries are kept, as JSON: {"alerts_years": 7, '
        '"audit_years": 7}',
    )
    policy: Path | None = Field(
        None, description="Policy file (TOML), for the ward's closures; the default without"
    )

    @property
    def store_location(self) -> str:
        """Return the store's path or URL, the default one where none is set."""
        return self.store_url or str(self.data_dir / "console" / "alerts.sqlite3")
