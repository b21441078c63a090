"""The audit log's tables, in SQL that SQLite and PostgreSQL share."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Integer, String, Table, Text

from alerting.store.columns import UtcTime
from alerting.store.tables import METADATA

_Number = BigInteger().with_variant(Integer(), "sqlite")
_Hash = String(64)

ENTRIES = Table(
    "audit_entries",
    METADATA,
    # Given by the head, never by the database: a number used twice, or left out, is a fault.
    Column("number", _Number, primary_key=True, autoincrement=False),
    Column("at", UtcTime, nullable=False, index=True),
    Column("who", String(200), nullable=False),
    Column("role", String(64), nullable=False),
    Column("address", String(64), nullable=False),
    Column("verb", String(32), nullable=False),
    Column("target", String(200), nullable=False),
    Column("details", Text, nullable=False),
    Column("hash", _Hash, nullable=False),
)
"""One row an act; `details` is canonical JSON as it was hashed."""

HEAD = Table(
    "audit_head",
    METADATA,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("number", _Number, nullable=False),
    Column("hash", _Hash, nullable=False),
)
"""One row: the newest entry's number and hash. Who appends holds it locked."""

PURGES = Table(
    "audit_purges",
    METADATA,
    Column("first", _Number, primary_key=True, autoincrement=False),
    Column("last", _Number, nullable=False),
    Column("previous", _Hash, nullable=False),
    Column("hash", _Hash, nullable=False),
    Column("at", UtcTime, nullable=False),
    Column("key_id", String(32), nullable=False),
    Column("signature", String(128), nullable=False),
)
"""What stands for entries that were purged: the hash before them, and that of the last."""

CHECKPOINTS = Table(
    "audit_checkpoints",
    METADATA,
    Column("id", _Number, primary_key=True, autoincrement=True),
    Column("number", _Number, nullable=False),
    Column("hash", _Hash, nullable=False),
    Column("at", UtcTime, nullable=False),
    Column("key_id", String(32), nullable=False),
    Column("signature", String(128), nullable=False),
)
"""The checkpoints that were written elsewhere: so a file that was cut is found, too."""
