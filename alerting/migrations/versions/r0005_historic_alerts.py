"""Which alerts a backfill raised: they are listed, and nobody is told of them."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0003"


def upgrade() -> None:
    """Add the column to alerts and their revisions; what is there was none of a backfill's."""
    for table in ("alert_revisions", "alerts"):
        op.add_column(
            table, sa.Column("historic", sa.Boolean, nullable=False, server_default=sa.false())
        )
