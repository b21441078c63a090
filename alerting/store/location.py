"""Where the alert store is: a path or URL, tried, and set up."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import URL, event, make_url
from sqlalchemy.exc import ArgumentError, DatabaseError, NoSuchModuleError
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from schemas.errors import MonomiError

_WAL_TRIES = 50
_WAL_AGAIN_S = 0.02
_DRIVERS = {"sqlite": "sqlite+aiosqlite", "postgresql": "postgresql+psycopg"}


def open_engine(location: str) -> AsyncEngine:
    """Return an engine for a path or SQLAlchemy URL; a file's folder is made as needed.

    Raises MonomiError `folder_not_writable`, `store_not_usable` or `bad_store_url`.
    """
    url = _url(location)
    if url.get_backend_name() == "sqlite" and url.database:
        _try_file(Path(url.database))
    try:
        engine = create_async_engine(url)
    except (ArgumentError, NoSuchModuleError, ModuleNotFoundError):
        raise _bad_url() from None
    if engine.dialect.name == "sqlite":
        event.listen(engine.sync_engine, "connect", _prepare_sqlite)
    return engine


def _url(location: str) -> URL:
    """Return the SQLAlchemy URL of a path or URL; raises MonomiError `bad_store_url`."""
    if "://" not in location:
        return URL.create(_DRIVERS["sqlite"], database=str(Path(location).absolute()))
    try:
        url = make_url(location)
    except ArgumentError:
        raise _bad_url() from None
    if url.get_backend_name() not in _DRIVERS:
        raise _bad_url()
    return url.set(drivername=_DRIVERS.get(url.drivername, url.drivername))


def _bad_url() -> MonomiError:
    return MonomiError(
        "bad_store_url",
        "the alert store needs a file's path or a URL like sqlite:///alerts.sqlite3 or "
        "postgresql://user@host/alerts",
    )


def _try_file(database: Path) -> None:
    """Make a database file's folder, and see that SQLite can write there.

    Before aiosqlite does: its thread outlives a failure to open, and complains on its own.
    Raises MonomiError `folder_not_writable` or `store_not_usable`.
    """
    try:
        database.parent.mkdir(parents=True, exist_ok=True)
        with closing(sqlite3.connect(database)) as connection:
            connection.execute("BEGIN IMMEDIATE")
            connection.execute("SELECT count(*) FROM sqlite_master")
    except (OSError, sqlite3.OperationalError) as error:
        raise MonomiError(
            "folder_not_writable",
            f"the alert store {database} cannot be written ({error}): "
            "choose another place with --store",
        ) from None
    except sqlite3.DatabaseError as error:
        raise not_usable(str(database), error) from None


def _prepare_sqlite(connection: Any, _record: object) -> None:
    """Set what SQLite leaves off: readers beside the writer, and foreign keys."""
    # Transactions begin where `database` says so, and hold changes of tables too.
    connection.isolation_level = None
    cursor = connection.cursor()
    cursor.execute("PRAGMA busy_timeout=10000")
    _use_wal(cursor)
    # Safe in WAL: a power cut loses at most the last batch with its position.
    cursor.execute("PRAGMA synchronous=NORMAL")
    cursor.execute("PRAGMA foreign_keys=ON")
    cursor.close()


def _use_wal(cursor: Any) -> None:
    """Let readers go beside the writer; where another connection does so just now, try again.

    SQLite does not wait for that lock, whatever its timeout.
    """
    for tries_left in reversed(range(_WAL_TRIES)):
        try:
            cursor.execute("PRAGMA journal_mode=WAL")
        except sqlite3.OperationalError:
            if not tries_left:
                raise
            time.sleep(_WAL_AGAIN_S)
        else:
            return


def not_usable(place: str, error: Exception) -> MonomiError:
    """Return the error that says that a database failed, and why."""
    return MonomiError(
        "store_not_usable",
        f"the alert store {place} cannot be used ({getattr(error, 'orig', error)}): "
        "choose another with --store",
    )


@contextmanager
def failures_explained() -> Iterator[None]:
    """Raise MonomiError `store_not_usable` where the database fails in the block."""
    try:
        yield
    except DatabaseError as error:
        raise MonomiError(
            "store_not_usable",
            f"the alert store failed ({error.orig}): make room for it and start again",
        ) from None
