"""The first tables, as the first console made them; a store of its making is taken over."""

import sqlalchemy as sa
from alembic import op

from alerting.store.columns import Id, RowId, UtcTime

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Make what is not there: the first console made these without a migration."""
    op.create_table(
        "alert_revisions",
        sa.Column("row", RowId, autoincrement=True, nullable=False),
        sa.Column("alert_id", Id, nullable=False),
        sa.Column("revision", sa.Integer, nullable=False),
        sa.Column("body", sa.Text, nullable=False),
        sa.Column("arrived_at", UtcTime, nullable=False),
        sa.Column("appended_at_ms", sa.BigInteger),
        sa.PrimaryKeyConstraint("row", name="pk_alert_revisions"),
        sa.UniqueConstraint("alert_id", "revision", name="uq_alert_revisions_alert_id"),
        sqlite_autoincrement=True,
        if_not_exists=True,
    )
    op.create_table(
        "alerts",
        sa.Column("alert_id", Id, nullable=False),
        sa.Column("revision", sa.Integer, nullable=False),
        sa.Column("row", RowId, nullable=False),
        sa.Column("opened_at", UtcTime, nullable=False),
        sa.PrimaryKeyConstraint("alert_id", name="pk_alerts"),
        sa.ForeignKeyConstraint(["row"], ["alert_revisions.row"], name="fk_alerts_row"),
        if_not_exists=True,
    )
    op.create_index("ix_alerts_row", "alerts", ["row"], if_not_exists=True)
    op.create_index("ix_alerts_newest", "alerts", ["opened_at", "alert_id"], if_not_exists=True)
    op.create_table(
        "feed_positions",
        sa.Column("log", sa.String(320), nullable=False),
        sa.Column("partition", sa.Integer, autoincrement=False, nullable=False),
        sa.Column("next_offset", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("log", "partition", name="pk_feed_positions"),
        if_not_exists=True,
    )
