"""The alert store's tables, in SQL that SQLite and PostgreSQL share."""

from __future__ import annotations

from datetime import UTC, datetime

from sqlalchemy import (
    BigInteger,
    Column,
    DateTime,
    Dialect,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    TypeDecorator,
    UniqueConstraint,
)

METADATA = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_name)s",
        "uq": "uq_%(table_name)s_%(column_0_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "pk": "pk_%(table_name)s",
    }
)
"""Every constraint has a name, so that a migration can alter it on either database."""

# SQLite numbers rows by itself only where the key is its own INTEGER.
_RowId = BigInteger().with_variant(Integer(), "sqlite")
_Id = String(64)


class UtcTime(TypeDecorator[datetime]):
    """Keep a time as UTC and give it back as UTC, since SQLite drops zones.

    Raises ValueError on a time without a zone.
    """

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        """Return the time in UTC, as it goes into the database."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a time in the store needs a zone")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        """Return the stored time with its zone, UTC."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


REVISIONS = Table(
    "alert_revisions",
    METADATA,
    # Never used twice, even after a purge: streams catch up by it.
    Column("row", _RowId, primary_key=True, autoincrement=True),
    Column("alert_id", _Id, nullable=False),
    Column("revision", Integer, nullable=False),
    Column("body", Text, nullable=False),
    Column("arrived_at", UtcTime, nullable=False),
    Column("appended_at_ms", BigInteger),
    UniqueConstraint("alert_id", "revision"),
    sqlite_autoincrement=True,
)
"""Every revision that arrived, in the order of its arrival; `body` is the alert's JSON."""

ALERTS = Table(
    "alerts",
    METADATA,
    Column("alert_id", _Id, primary_key=True),
    Column("revision", Integer, nullable=False),
    Column("row", _RowId, ForeignKey("alert_revisions.row"), nullable=False, index=True),
    Column("opened_at", UtcTime, nullable=False),
)
"""The newest revision of each alert, for the list."""

# The list's order: by event time, which no revision changes; ties by id.
Index("ix_alerts_newest", ALERTS.c.opened_at, ALERTS.c.alert_id)

POSITIONS = Table(
    "feed_positions",
    METADATA,
    Column("log", String(320), primary_key=True),
    Column("partition", Integer, primary_key=True, autoincrement=False),
    Column("next_offset", BigInteger, nullable=False),
)
"""Where the feed goes on in each partition of a log (a cluster and its topic)."""
