"""The soak: one fault after another under load, and then the comparison with replay."""

from __future__ import annotations

import random
import sys
import time
import uuid
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NamedTuple

from tests.beside_replay import replayed
from tests.faults.deployment import Deployment
from tests.faults.faults import FAULTS, Fault, is_possible
from tests.faults.load import Load, Producing, make_load
from tests.faults.verdict import Verdict, verdict_of
from tests.processes import eventually

_CALM_S = 10.0
"""So long after the recovery from the last fault comes the next."""
_RECOVERED_WITHIN_S = 240.0
"""A soak goes on so long at most with a worker that does not come back: then it tells why."""
_LINES_TOLD = 30
_WORKED_OFF_WITHIN_S = 300.0
_A_KILL_MORE_EVERY_S = 100.0
"""A longer soak kills more often in a row: twenty times in ten minutes, other faults' too."""

Tell = Callable[[str], None]


class Mended(NamedTuple):
    """Say how long after a fault was over the worker was at it again."""

    fault: str
    seconds: float


class Outcome(NamedTuple):
    """Hold what a soak came to; `restarts` of the worker that is always there."""

    events: int
    restarts: int
    mended: list[Mended]
    verdict: Verdict


def soak(
    folder: Path,
    *,
    duration_s: float,
    rate: float,
    seed: int,
    faults: Sequence[Fault] = FAULTS,
    calm_s: float = _CALM_S,
    tell: Tell,
) -> Outcome:
    """Do faults to a deployment under load until the time is up, and compare it with replay."""
    load = make_load(folder / "ward", round(rate * duration_s), seed)
    tell(f"{len(load.times_s):,} look-ups to be sent, {rate:g} a second")
    kills = max(1, int(duration_s / _A_KILL_MORE_EVERY_S) - 1)
    deployment = Deployment(folder, f"s{uuid.uuid4().hex[:8]}.", kills)
    try:
        assert eventually(deployment.is_ready, _RECOVERED_WITHIN_S), "the worker does not start"
        producing = Producing(load, deployment.bootstrap, deployment.prefix, rate)
        mended = _do(deployment, producing, faults, random.Random(seed), calm_s, tell)
        events = producing.wait()
        tell(f"{events:,} look-ups sent; waiting until all are worked off, then replaying them")
        verdict = _compared(deployment, load, events)
    finally:
        deployment.close()
    for line in (*verdict.lost[:20], *verdict.doubled[:20]):
        tell(line)
    return Outcome(events, deployment.first.restarts, mended, verdict)


def _do(
    deployment: Deployment,
    producing: Producing,
    faults: Sequence[Fault],
    chance: random.Random,
    calm_s: float,
    tell: Tell,
) -> list[Mended]:
    """Do the faults in turn, each some time after the recovery from the one before."""
    mended: list[Mended] = []
    left_out = [fault for fault in faults if not is_possible(fault, deployment)]
    for fault in left_out:
        tell(f"{fault.__name__}: left out, this machine does not allow it")
    faults = [fault for fault in faults if fault not in left_out]
    while True:
        time.sleep(calm_s + chance.random())
        if producing.ended:
            return mended
        fault = faults[len(mended) % len(faults)]
        fault(deployment, chance)
        began_s = time.monotonic()
        back = _recovers(deployment, producing)
        seconds = time.monotonic() - began_s
        if not back:
            tell(deployment.first.worker.last_lines(_LINES_TOLD))
        assert back, f"{fault.__name__}: not back at work after {seconds:.0f} s"
        mended.append(Mended(fault.__name__, seconds))
        tell(f"{fault.__name__}: at work again after {seconds:.1f} s ({producing.sent:,} sent)")


def _recovers(deployment: Deployment, producing: Producing) -> bool:
    """Wait until the worker is once seen at work; False where that takes too long."""
    deadline_s = time.monotonic() + _RECOVERED_WITHIN_S
    while time.monotonic() < deadline_s:
        if deployment.works() or producing.ended:
            return True
    return False


def _compared(deployment: Deployment, load: Load, events: int) -> Verdict:
    """Wait for the stream to come to agree with replay; return what still differs then."""
    expected = replayed([load.look_ups], load.context, events)
    deadline_s = time.monotonic() + _WORKED_OFF_WITHIN_S
    while True:
        verdict = verdict_of(deployment.bootstrap, deployment.prefix, expected)
        if not any(verdict) or time.monotonic() >= deadline_s:
            return verdict
        time.sleep(2.0)


def told(outcome: Outcome) -> dict[str, object]:
    """Return the outcome as the one JSON object with which a soak ends."""
    slowest: dict[str, float] = {}
    for fault, seconds in outcome.mended:
        slowest[fault] = max(slowest.get(fault, 0.0), round(seconds, 1))
    return {
        "lost": len(outcome.verdict.lost),
        "doubled": len(outcome.verdict.doubled),
        "faults": len(outcome.mended),
        "events": outcome.events,
        "worker_restarts": outcome.restarts,
        "slowest_recovery_s": slowest,
    }


def say(line: str) -> None:
    """Print a line of progress where it does not mix with the result."""
    print(line, file=sys.stderr, flush=True)
