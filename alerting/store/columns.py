"""The column types that SQLite and PostgreSQL share."""

from __future__ import annotations

from datetime import UTC, datetime

from sqlalchemy import BigInteger, DateTime, Dialect, Integer, String, TypeDecorator

# SQLite numbers rows by itself only where the key is its own INTEGER.
RowId = BigInteger().with_variant(Integer(), "sqlite")
Id = String(64)


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
