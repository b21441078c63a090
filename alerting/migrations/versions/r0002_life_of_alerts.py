"""What filters, routing and people's answers need of an alert; alerts that are there are open."""

import json
import unicodedata
from typing import Any

import sqlalchemy as sa
from alembic import op

from alerting.store.columns import Id, UtcTime

revision = "0002"
down_revision = "0001"

_BATCH = 1000
_SPOKEN = ("en", "ja")
_NEWEST_OF = ("section_id", "operator_id", "resident_id", "status")


def upgrade() -> None:
    """Add the columns, fill them from each alert's newest revision, and then require them."""
    with op.batch_alter_table("alerts") as alerts:
        for column in _columns():
            alerts.add_column(column)
    _fill()
    with op.batch_alter_table("alerts") as alerts:
        for column in _columns():
            if column.name not in _OPTIONAL:
                alerts.alter_column(column.name, existing_type=column.type, nullable=False)
    for name in _NEWEST_OF:
        short = name.removesuffix("_id")
        op.create_index(f"ix_alerts_{short}", "alerts", [name, "opened_at", "alert_id"])
    for name in ("convergence_on", "due_at", "routed_at"):
        op.create_index(f"ix_alerts_{name}", "alerts", [name])


_OPTIONAL = frozenset(
    {
        "section_id",
        "supervisor_id",
        "resident_id",
        "convergence_on",
        "assignee_id",
        "verdict",
        "due_at",
        "routed_at",
    }
)
_FILLED = (
    *("severity", "operator_id", "section_id", "supervisor_id", "resident_id", "convergence_on"),
    *("reasons_text", "status", "escalation", "version", "changed_at", "changed_by"),
)


def _columns() -> list[sa.Column[object]]:
    return [
        sa.Column("severity", sa.String(8)),
        sa.Column("operator_id", Id),
        sa.Column("section_id", Id),
        sa.Column("supervisor_id", Id),
        sa.Column("resident_id", Id),
        sa.Column("convergence_on", Id),
        sa.Column("reasons_text", sa.Text),
        sa.Column("status", sa.String(12)),
        sa.Column("escalation", sa.Integer),
        sa.Column("version", sa.Integer),
        sa.Column("assignee_id", Id),
        sa.Column("verdict", sa.String(12)),
        sa.Column("changed_at", UtcTime),
        sa.Column("changed_by", Id),
        sa.Column("due_at", UtcTime),
        sa.Column("routed_at", UtcTime),
    ]


def _fill() -> None:
    connection = op.get_bind()
    alerts = sa.table("alerts", sa.column("alert_id"), sa.column("row"), *_columns())
    revisions = sa.table(
        "alert_revisions", sa.column("row"), sa.column("body"), sa.column("arrived_at", UtcTime)
    )
    join = alerts.join(revisions, alerts.c.row == revisions.c.row)
    newest = sa.select(alerts.c.alert_id, revisions.c.body, revisions.c.arrived_at)
    newest = newest.select_from(join).order_by(alerts.c.alert_id).limit(_BATCH)
    filled = sa.update(alerts).where(alerts.c.alert_id == sa.bindparam("of_alert"))
    done = ""
    while rows := connection.execute(newest.where(alerts.c.alert_id > done)).all():
        done = rows[-1].alert_id
        connection.execute(
            filled.values(
                {name: sa.bindparam(name, type_=alerts.c[name].type) for name in _FILLED}
            ),
            [
                {"of_alert": row.alert_id, "changed_at": row.arrived_at, **_values(row.body)}
                for row in rows
            ],
        )


def _values(body: str) -> dict[str, Any]:
    """Return what a stored alert says; in the words of this version, whatever comes later."""
    alert = json.loads(body)
    summaries = [reason["summary"][language] for reason in alert["reasons"] for language in _SPOKEN]
    many = any(reason["detector"] == "convergence" for reason in alert["reasons"])
    return {
        "severity": alert["severity"],
        "operator_id": alert["operator_id"],
        "section_id": alert.get("section_id"),
        "supervisor_id": alert.get("supervisor_id"),
        "resident_id": alert.get("resident_id"),
        "convergence_on": alert.get("resident_id") if many else None,
        "reasons_text": unicodedata.normalize("NFKC", "\n".join(summaries)).casefold(),
        "status": "open",
        "escalation": 0,
        "version": 0,
        "changed_by": "monomi",
    }
