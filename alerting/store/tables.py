"""The alert store's tables, in SQL that SQLite and PostgreSQL share."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
    false,
)

from alerting.store.columns import Id, RowId, UtcTime

METADATA = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_name)s",
        "uq": "uq_%(table_name)s_%(column_0_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "pk": "pk_%(table_name)s",
    }
)
"""Every constraint has a name, so that a migration can alter it on either database."""


REVISIONS = Table(
    "alert_revisions",
    METADATA,
    # Never used twice, even after a purge: streams catch up by it.
    Column("row", RowId, primary_key=True, autoincrement=True),
    Column("alert_id", Id, nullable=False),
    Column("revision", Integer, nullable=False),
    Column("body", Text, nullable=False),
    Column("arrived_at", UtcTime, nullable=False),
    Column("appended_at_ms", BigInteger),
    Column("historic", Boolean, nullable=False, server_default=false()),
    UniqueConstraint("alert_id", "revision"),
    sqlite_autoincrement=True,
)
"""Every revision that arrived, in the order of its arrival; `body` is the alert's JSON."""

EVIDENCE = Table(
    "alert_evidence",
    METADATA,
    Column("alert_id", Id, primary_key=True),
    Column("revision", Integer, primary_key=True, autoincrement=False),
    Column("body", Text, nullable=False),
    Column("arrived_at", UtcTime, nullable=False),
)
"""What a page shows around a revision. No foreign key: its topic may be ahead of the alerts'."""

ALERTS = Table(
    "alerts",
    METADATA,
    Column("alert_id", Id, primary_key=True),
    Column("revision", Integer, nullable=False),
    Column("row", RowId, ForeignKey("alert_revisions.row"), nullable=False, index=True),
    Column("opened_at", UtcTime, nullable=False),
    # Of the newest revision, for filters.
    Column("severity", String(8), nullable=False),
    Column("operator_id", Id, nullable=False),
    Column("section_id", Id),
    Column("supervisor_id", Id),
    Column("resident_id", Id),
    Column("convergence_on", Id),  # the resident on whom many converge
    Column("reasons_text", Text, nullable=False),  # folded, see `folded`
    # Its life.
    Column("status", String(12), nullable=False),
    Column("escalation", Integer, nullable=False),
    Column("version", Integer, nullable=False),  # grows with each change of its life
    Column("assignee_id", Id),
    Column("verdict", String(12)),
    Column("changed_at", UtcTime, nullable=False),
    Column("changed_by", Id, nullable=False),
    Column("due_at", UtcTime),  # when it escalates or comes back; none: never
    Column("routed_at", UtcTime),  # none: nobody was found for it yet
    # Every revision so far came of a backfill: it is listed, and nobody is told.
    Column("historic", Boolean, nullable=False, server_default=false()),
)
"""The newest revision of each alert and where it stands with its people."""

# The list's orders: by event time, which no revision changes; ties by id.
Index("ix_alerts_newest", ALERTS.c.opened_at, ALERTS.c.alert_id)
Index("ix_alerts_status", ALERTS.c.status, ALERTS.c.opened_at, ALERTS.c.alert_id)
Index("ix_alerts_section", ALERTS.c.section_id, ALERTS.c.opened_at, ALERTS.c.alert_id)
Index("ix_alerts_operator", ALERTS.c.operator_id, ALERTS.c.opened_at, ALERTS.c.alert_id)
Index("ix_alerts_resident", ALERTS.c.resident_id, ALERTS.c.opened_at, ALERTS.c.alert_id)
Index("ix_alerts_convergence_on", ALERTS.c.convergence_on)
Index("ix_alerts_due_at", ALERTS.c.due_at)
Index("ix_alerts_routed_at", ALERTS.c.routed_at)

RECIPIENTS = Table(
    "alert_recipients",
    METADATA,
    Column("alert_id", Id, ForeignKey("alerts.alert_id"), primary_key=True),
    Column("person_id", Id, primary_key=True),  # a person, or an office (`routing.OFFICER`)
    Column("office", String(16), nullable=False),
    Column("stands_in_for", Id),
    Column("since", UtcTime, nullable=False),
    Column("opened_at", UtcTime, nullable=False),  # the alert's, for the list's order
)
"""Who was told of an alert and may work on it."""

Index(
    "ix_alert_recipients_newest",
    RECIPIENTS.c.person_id,
    RECIPIENTS.c.opened_at,
    RECIPIENTS.c.alert_id,
)

HISTORY = Table(
    "alert_history",
    METADATA,
    Column("row", RowId, primary_key=True, autoincrement=True),
    Column("alert_id", Id, nullable=False),
    Column("version", Integer, nullable=False),
    Column("kind", String(16), nullable=False),
    Column("at", UtcTime, nullable=False),
    Column("by", Id, nullable=False),
    Column("status", String(12), nullable=False),
    Column("escalation", Integer, nullable=False),
    Column("details", Text, nullable=False),
    UniqueConstraint("alert_id", "version"),
    sqlite_autoincrement=True,
)
"""Every change of an alert's life, only ever added to; `status` is the one after it."""

OUTBOX = Table(
    "outbox",
    METADATA,
    Column("id", RowId, primary_key=True, autoincrement=True),
    Column("destination", String(64), nullable=False),
    Column("idempotency_key", String(200), nullable=False),
    Column("lane", String(64)),  # rows of one lane go in their order
    Column("payload", Text, nullable=False),
    Column("created_at", UtcTime, nullable=False),
    Column("due_at", UtcTime, nullable=False),
    Column("lease_until", UtcTime),
    Column("attempts", Integer, nullable=False),
    Column("sent_at", UtcTime),
    Column("failed_at", UtcTime),
    Column("last_error", Text),
    UniqueConstraint("destination", "idempotency_key"),
    sqlite_autoincrement=True,
)
"""What must leave this house: written with what caused it, sent after, then marked."""

_WAITS = OUTBOX.c.sent_at.is_(None) & OUTBOX.c.failed_at.is_(None)
# In the order of sending, however many were sent before; and the earlier ones of a lane.
for _name, _columns in (
    ("waiting", ("destination", "id")),
    ("lane", ("destination", "lane", "id")),
):
    Index(
        f"ix_outbox_{_name}",
        *(OUTBOX.c[column] for column in _columns),
        sqlite_where=_WAITS,
        postgresql_where=_WAITS,
    )

ABSENCES = Table(
    "absences",
    METADATA,
    Column("id", RowId, primary_key=True, autoincrement=True),
    Column("person_id", Id, nullable=False, index=True),
    Column("starts_on", Date, nullable=False),
    Column("ends_on", Date, nullable=False),
    Column("deputy_id", Id),
    Column("version", Integer, nullable=False),
    Column("changed_at", UtcTime, nullable=False),
    Column("changed_by", Id, nullable=False),
    sqlite_autoincrement=True,
)
"""Who is away from when to when, both days included, and who stands in."""

POSITIONS = Table(
    "feed_positions",
    METADATA,
    Column("log", String(320), primary_key=True),
    Column("partition", Integer, primary_key=True, autoincrement=False),
    Column("next_offset", BigInteger, nullable=False),
)
"""Where the feed goes on in each partition of a log (a cluster and its topic)."""
