"""The soak's short form: two faults amid a small load; `make soak` is the long one."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.faults.faults import kill_worker, send_poison
from tests.faults.soak import say, soak


@pytest.mark.kafka
@pytest.mark.timeout(420)
def test_a_killed_worker_and_a_heap_of_poison_lose_nothing_and_double_nothing(
    tmp_path: Path,
) -> None:
    """Alerts and counted look-ups are replay's, on a broker of the soak's own."""
    outcome = soak(
        tmp_path,
        duration_s=40.0,
        rate=125.0,
        seed=3,
        faults=[kill_worker, send_poison],
        calm_s=2.0,
        tell=say,
    )
    assert outcome.events == 5000
    assert len(outcome.mended) >= 2
    assert outcome.verdict == ([], [])
