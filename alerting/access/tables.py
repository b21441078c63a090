"""The tables of who may come in, in the alert store's own database."""

from __future__ import annotations

from sqlalchemy import Column, Index, String, Table

from alerting.store.columns import Id, RowId, UtcTime
from alerting.store.tables import METADATA

ACCOUNTS = Table(
    "accounts",
    METADATA,
    Column("name", Id, primary_key=True),
    Column("person_id", Id, nullable=False),  # the operator's id where the person is one
    Column("role", String(16), nullable=False),
    Column("shown_name", String(100), nullable=False),
    Column("mail", String(254)),
    Column("language", String(2), nullable=False),
    Column("password_hash", String(200), nullable=False),
    Column("changed_at", UtcTime, nullable=False),
    Column("disabled_at", UtcTime),
)
"""Who signs in by name and password."""

SESSIONS = Table(
    "sessions",
    METADATA,
    Column("token_hash", String(64), primary_key=True),
    Column("account", Id, index=True),  # none: signed in by the identity provider
    Column("person_id", Id, nullable=False),
    Column("role", String(16), nullable=False),
    Column("shown_name", String(100), nullable=False),
    Column("began_at", UtcTime, nullable=False),
    Column("seen_at", UtcTime, nullable=False),
)
"""Who is signed in; of a session's token only the hash is here."""

TOKENS = Table(
    "machine_tokens",
    METADATA,
    Column("name", Id, primary_key=True),
    Column("role", String(16), nullable=False),
    Column("token_hash", String(64), nullable=False, unique=True),
    Column("made_at", UtcTime, nullable=False),
    Column("revoked_at", UtcTime),
)
"""Machines that may ask; of a token only the hash is here."""

ATTEMPTS = Table(
    "sign_in_attempts",
    METADATA,
    Column("id", RowId, primary_key=True, autoincrement=True),
    Column("name", String(64), nullable=False),
    Column("address", String(64), nullable=False),
    Column("at", UtcTime, nullable=False),
)
"""Sign-ins that failed, as long as they count."""

Index("ix_sign_in_attempts_name", ATTEMPTS.c.name, ATTEMPTS.c.at)
Index("ix_sign_in_attempts_address", ATTEMPTS.c.address, ATTEMPTS.c.at)
