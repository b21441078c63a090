"""What tests of several files share."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from streams.broker import Broker, start_broker
from tests.databases import NewStore, postgres

# A busy machine is no fault of what is tested.
settings.register_profile("patient", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("patient")


def pytest_configure(config: pytest.Config) -> None:
    """Let kafka-python read its own data in the way that Python 3.11 and 3.12 deprecate."""
    config.addinivalue_line(
        "filterwarnings", "ignore:(read|open)_text is deprecated:DeprecationWarning"
    )


@pytest.fixture(scope="session")
def kafka() -> Iterator[Broker]:
    """Run one real Kafka for all tests that ask for it; `kafka.bootstrap` is its host:port."""
    with start_broker() as broker:
        yield broker


@pytest.fixture(scope="session")
def new_postgres() -> Iterator[NewStore]:
    """Run one private PostgreSQL for all tests that ask for it; each call is a new database."""
    with postgres() as new_database:
        yield new_database


@pytest.fixture(params=["sqlite", "postgresql"])
def new_store(request: pytest.FixtureRequest, tmp_path: Path) -> NewStore:
    """Return where a new store can be, on either database; each call is another."""
    if request.param == "postgresql":
        new_database: NewStore = request.getfixturevalue("new_postgres")
        return new_database
    numbers = itertools.count()
    return lambda: str(tmp_path / f"store-{next(numbers)}" / "alerts.sqlite3")
