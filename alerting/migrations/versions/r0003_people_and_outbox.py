"""Who is told, what they did, what must be sent, who is away, and the evidence around alerts."""

import sqlalchemy as sa
from alembic import op

from alerting.store.columns import Id, RowId, UtcTime

revision = "0003"
down_revision = "0002"

_WAITS = sa.text("sent_at IS NULL AND failed_at IS NULL")


def upgrade() -> None:
    """Make the tables."""
    _evidence_and_recipients()
    _history()
    _outbox()
    _absences()


def _evidence_and_recipients() -> None:
    op.create_table(
        "alert_evidence",
        sa.Column("alert_id", Id, nullable=False),
        sa.Column("revision", sa.Integer, autoincrement=False, nullable=False),
        sa.Column("body", sa.Text, nullable=False),
        sa.Column("arrived_at", UtcTime, nullable=False),
        sa.PrimaryKeyConstraint("alert_id", "revision", name="pk_alert_evidence"),
    )
    op.create_table(
        "alert_recipients",
        sa.Column("alert_id", Id, nullable=False),
        sa.Column("person_id", Id, nullable=False),
        sa.Column("office", sa.String(16), nullable=False),
        sa.Column("stands_in_for", Id),
        sa.Column("since", UtcTime, nullable=False),
        sa.Column("opened_at", UtcTime, nullable=False),
        sa.PrimaryKeyConstraint("alert_id", "person_id", name="pk_alert_recipients"),
        sa.ForeignKeyConstraint(
            ["alert_id"], ["alerts.alert_id"], name="fk_alert_recipients_alert_id"
        ),
    )
    op.create_index(
        "ix_alert_recipients_newest", "alert_recipients", ["person_id", "opened_at", "alert_id"]
    )


def _history() -> None:
    op.create_table(
        "alert_history",
        sa.Column("row", RowId, autoincrement=True, nullable=False),
        sa.Column("alert_id", Id, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("at", UtcTime, nullable=False),
        sa.Column("by", Id, nullable=False),
        sa.Column("status", sa.String(12), nullable=False),
        sa.Column("escalation", sa.Integer, nullable=False),
        sa.Column("details", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("row", name="pk_alert_history"),
        sa.UniqueConstraint("alert_id", "version", name="uq_alert_history_alert_id"),
        sqlite_autoincrement=True,
    )


def _outbox() -> None:
    op.create_table(
        "outbox",
        sa.Column("id", RowId, autoincrement=True, nullable=False),
        sa.Column("destination", sa.String(64), nullable=False),
        sa.Column("idempotency_key", sa.String(200), nullable=False),
        sa.Column("lane", sa.String(64)),
        sa.Column("payload", sa.Text, nullable=False),
        sa.Column("created_at", UtcTime, nullable=False),
        sa.Column("due_at", UtcTime, nullable=False),
        sa.Column("lease_until", UtcTime),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.Column("sent_at", UtcTime),
        sa.Column("failed_at", UtcTime),
        sa.Column("last_error", sa.Text),
        sa.PrimaryKeyConstraint("id", name="pk_outbox"),
        sa.UniqueConstraint("destination", "idempotency_key", name="uq_outbox_destination"),
        sqlite_autoincrement=True,
    )
    for name, columns in (
        ("waiting", ["destination", "id"]),
        ("lane", ["destination", "lane", "id"]),
    ):
        op.create_index(
            f"ix_outbox_{name}", "outbox", columns, sqlite_where=_WAITS, postgresql_where=_WAITS
        )


def _absences() -> None:
    op.create_table(
        "absences",
        sa.Column("id", RowId, autoincrement=True, nullable=False),
        sa.Column("person_id", Id, nullable=False),
        sa.Column("starts_on", sa.Date, nullable=False),
        sa.Column("ends_on", sa.Date, nullable=False),
        sa.Column("deputy_id", Id),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("changed_at", UtcTime, nullable=False),
        sa.Column("changed_by", Id, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_absences"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_absences_person_id", "absences", ["person_id"])
