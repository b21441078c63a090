"""The alert store: one database, SQLite or PostgreSQL, written by one hand at a time."""

from alerting.store.alerts import MONITOR, AlertStore
from alerting.store.database import Database
from alerting.store.listing import AlertQuery, Listed
from alerting.store.states import AlertState, HistoryRow, Recipient
from alerting.store.stored import Arrival, News, Progress, Stored, StoredEvidence

__all__ = [
    "MONITOR",
    "AlertQuery",
    "AlertState",
    "AlertStore",
    "Arrival",
    "Database",
    "HistoryRow",
    "Listed",
    "News",
    "Progress",
    "Recipient",
    "Stored",
    "StoredEvidence",
]
