"""Who may come in, and the audit log, which earlier versions made where it was first needed."""

import sqlalchemy as sa
from alembic import op

from alerting.store.columns import Id, RowId, UtcTime

revision = "0006"
down_revision = "0005"

_NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_HASH = sa.String(64)


def upgrade() -> None:
    """Make the tables of accounts, sessions, tokens and failed sign-ins, and the audit log's."""
    op.create_table(
        "accounts",
        sa.Column("name", Id, primary_key=True),
        sa.Column("person_id", Id, nullable=False),
        sa.Column("role", sa.String(16), nullable=False),
        sa.Column("shown_name", sa.String(100), nullable=False),
        sa.Column("mail", sa.String(254)),
        sa.Column("language", sa.String(2), nullable=False),
        sa.Column("password_hash", sa.String(200), nullable=False),
        sa.Column("changed_at", UtcTime, nullable=False),
        sa.Column("disabled_at", UtcTime),
    )
    op.create_table(
        "sessions",
        sa.Column("token_hash", _HASH, primary_key=True),
        sa.Column("account", Id, index=True),
        sa.Column("person_id", Id, nullable=False),
        sa.Column("role", sa.String(16), nullable=False),
        sa.Column("shown_name", sa.String(100), nullable=False),
        sa.Column("began_at", UtcTime, nullable=False),
        sa.Column("seen_at", UtcTime, nullable=False),
    )
    _let_machines_in()
    if not sa.inspect(op.get_bind()).has_table("audit_entries"):
        _make_audit_log()
        _make_statements()


def _let_machines_in() -> None:
    op.create_table(
        "machine_tokens",
        sa.Column("name", Id, primary_key=True),
        sa.Column("role", sa.String(16), nullable=False),
        sa.Column("token_hash", _HASH, nullable=False, unique=True),
        sa.Column("made_at", UtcTime, nullable=False),
        sa.Column("revoked_at", UtcTime),
    )
    op.create_table(
        "sign_in_attempts",
        sa.Column("id", RowId, primary_key=True, autoincrement=True),
        sa.Column("name", sa.String(64), nullable=False),
        sa.Column("address", sa.String(64), nullable=False),
        sa.Column("at", UtcTime, nullable=False),
    )
    for column in ("name", "address"):
        op.create_index(f"ix_sign_in_attempts_{column}", "sign_in_attempts", [column, "at"])


def _make_audit_log() -> None:
    op.create_table(
        "audit_entries",
        sa.Column("number", _NUMBER, primary_key=True, autoincrement=False),
        sa.Column("at", UtcTime, nullable=False, index=True),
        sa.Column("who", sa.String(200), nullable=False),
        sa.Column("role", sa.String(64), nullable=False),
        sa.Column("address", sa.String(64), nullable=False),
        sa.Column("verb", sa.String(32), nullable=False),
        sa.Column("target", sa.String(200), nullable=False),
        sa.Column("details", sa.Text, nullable=False),
        sa.Column("hash", _HASH, nullable=False),
    )
    op.create_table(
        "audit_head",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("number", _NUMBER, nullable=False),
        sa.Column("hash", _HASH, nullable=False),
    )


def _make_statements() -> None:
    op.create_table(
        "audit_purges",
        sa.Column("first", _NUMBER, primary_key=True, autoincrement=False),
        sa.Column("last", _NUMBER, nullable=False),
        sa.Column("previous", _HASH, nullable=False),
        sa.Column("hash", _HASH, nullable=False),
        sa.Column("at", UtcTime, nullable=False),
        sa.Column("key_id", sa.String(32), nullable=False),
        sa.Column("signature", sa.String(128), nullable=False),
    )
    op.create_table(
        "audit_checkpoints",
        sa.Column("id", _NUMBER, primary_key=True, autoincrement=True),
        sa.Column("number", _NUMBER, nullable=False),
        sa.Column("hash", _HASH, nullable=False),
        sa.Column("at", UtcTime, nullable=False),
        sa.Column("key_id", sa.String(32), nullable=False),
        sa.Column("signature", sa.String(128), nullable=False),
    )
