"""Where the audit log's keys and checkpoints are."""

from __future__ import annotations

from pathlib import Path

from pydantic import Field

from alerting.audit.signing import PRIVATE_NAME, PUBLIC_NAME, Signer
from alerting.settings import ConsoleSettings


class AuditSettings(ConsoleSettings):
    """Add to the console's settings where its audit log is signed and witnessed.

    Every field is `MONOMI_<NAME>` in the environment (`MONOMI_AUDIT_CHECKPOINTS`, …).
    """

    audit_checkpoints: Path | None = Field(
        None,
        description="File of the checkpoints, best on another machine; empty: in the data folder",
    )
    audit_private_key: Path | None = Field(
        None, description="Key that signs them; empty: in the data folder"
    )
    audit_public_key: Path | None = Field(
        None, description="Key that checks them; empty: in the data folder"
    )
    audit_checkpoint_interval_s: float = Field(
        300.0, ge=1, le=86400, description="Seconds from one checkpoint to the next"
    )

    @property
    def audit_dir(self) -> Path:
        """Return the folder of what is set nowhere else."""
        return self.data_dir / "audit"

    @property
    def checkpoints_path(self) -> Path:
        """Return the checkpoints file's path."""
        return self.audit_checkpoints or self.audit_dir / "checkpoints.jsonl"

    @property
    def private_key_path(self) -> Path:
        """Return the private key's path."""
        return self.audit_private_key or self.audit_dir / PRIVATE_NAME

    def signer(self) -> Signer | None:
        """Return what signs, None where no key is set or there; raises as `Signer.load` does."""
        if self.audit_private_key is None and not self.private_key_path.exists():
            return None
        return Signer.load(self.private_key_path)

    @property
    def public_key_path(self) -> Path:
        """Return the public key's path."""
        return self.audit_public_key or self.audit_dir / PUBLIC_NAME
