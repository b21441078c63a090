"""What tests of several files share."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, settings

from streams.broker import Broker, start_broker

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
