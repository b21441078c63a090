"""The store's tables through time: each version's migration, applied when the store is opened."""

from __future__ import annotations

import logging
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.util import CommandError
from sqlalchemy import Connection

from schemas.errors import MonomiError

# Of every start it would say which database it speaks to.
logging.getLogger("alembic").setLevel(logging.WARNING)


def migrate(connection: Connection) -> None:
    """Bring the tables up to date within the connection's transaction: whole or not at all.

    Raises MonomiError `store_newer` where a newer Monomi made them.
    """
    try:
        command.upgrade(_config(connection), "head")
    except CommandError as error:
        raise MonomiError(
            "store_newer",
            f"the alert store was made by a newer Monomi ({error}): start that one, or choose "
            "another store with --store",
        ) from None


def _config(connection: Connection) -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent).replace("%", "%%"))
    config.attributes["connection"] = connection
    return config
