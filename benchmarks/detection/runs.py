"""Run one method over one ward and measure what its alerts find."""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from benchmarks.detection import fixed, half_space
from benchmarks.detection.facts import facts_of
from benchmarks.detection.wards import AskedWard
from models.calendar import Calendar
from models.context import Context
from models.evaluation import DEFAULT_BUDGETS, evaluate, when_found
from models.policy import Policy
from models.recordings import EventFiles, Fault, load_context
from models.replay import Replay
from models.weights import weights_in
from schemas.alerts import Alert
from schemas.errors import MonomiError
from schemas.files import Label
from schemas.lines import read_records
from schemas.topics import EVENT_TOPICS

MONOMI = "monomi"
METHODS = (MONOMI, fixed.METHOD, half_space.METHOD)
_ZONE = ZoneInfo("Asia/Tokyo")


class Run(NamedTuple):
    """Name one measurement: a method on a ward.

    `without` is a detector that is off, `weights` a file of others than the product's.
    """

    ward: AskedWard
    method: str
    without: str | None = None
    weights: Path | None = None

    def __str__(self) -> str:
        """Return the run in words."""
        off = f" without {self.without}" if self.without else ""
        return f"{self.ward.making} {self.ward.seed}, {self.method}{off}"


@dataclass(frozen=True)
class AtBudget:
    """Hold what is found at one budget; shares of nothing are None.

    `found_before_last` is the share of all cases that are found before their last look-up; a
    case of one look-up never is. `kinds` maps a case's kind to (found, of).
    """

    recall: float | None
    precision: float | None
    median_days_to_find: float | None
    found_before_last: float | None
    alerts: int
    kinds: dict[str, tuple[int, int]]


@dataclass(frozen=True)
class Measured:
    """Hold one run's figures; `emitted` is places a supervisor and weekday with no budget."""

    run: Run
    emitted: float
    seconds: float
    budgets: dict[float, AtBudget]

    def as_json(self) -> dict[str, Any]:
        """Return the run as a JSON object."""
        (making, seed, size), method, without, weights = self.run
        return {
            "ward": making,
            "seed": seed,
            **size._asdict(),
            "method": method,
            "without": without,
            "weights": None if weights is None else str(weights),
            "emitted": self.emitted,
            "seconds": round(self.seconds, 1),
            "budgets": {f"{budget:g}": vars(at) for budget, at in self.budgets.items()},
        }


def measure(folder: Path, run: Run) -> Measured:
    """Run a method over a ward's files; raises MonomiError `ward_damaged` on a malformed line."""
    labels = list(read_records(folder / "labels.jsonl", Label))
    began_s = time.perf_counter()
    alerts = alerts_of(folder, run)
    return measured(run, alerts, labels, time.perf_counter() - began_s)


def ward_files(folder: Path) -> tuple[Context, EventFiles]:
    """Return a ward's context and its events; raises `ward_damaged` on a malformed line."""

    def damaged(fault: Fault) -> None:
        raise MonomiError(
            "ward_damaged",
            f"{fault.path}, line {fault.number}: {fault.sentence} Delete the folder {folder}.",
        )

    context = load_context(folder / "context", damaged)
    paths = [folder / f"{topic.name}.jsonl.gz" for topic in EVENT_TOPICS]
    return context, EventFiles(paths, damaged)


def alerts_of(folder: Path, run: Run) -> list[Alert]:
    """Return every revision of every alert that a method raises on a ward's files."""
    calendar = Calendar(_ZONE)
    context, events = ward_files(folder)
    if run.method == fixed.METHOD:
        return list(fixed.fixed_alerts(facts_of(events, context, calendar), calendar))
    if run.method == half_space.METHOD:
        facts = facts_of(events, context, calendar)
        return list(half_space.half_space_alerts(facts, calendar, run.ward.seed))
    alerts: list[Alert] = []
    off = (run.without,) if run.without else ()
    weights = None if run.weights is None else weights_in(run.weights)
    policy = Policy(switched_off=off)
    Replay(context, policy, calendar, alerts.append, weights=weights).run(events)
    return alerts


def measured(run: Run, alerts: list[Alert], labels: list[Label], seconds: float) -> Measured:
    """Return what alerts find of the labelled cases, at every budget."""
    result = evaluate(alerts, labels, _ZONE)
    budgets = {}
    for budget in DEFAULT_BUDGETS:
        at, found = result.budgets[budget], when_found(alerts, labels, _ZONE, budget)
        budgets[budget] = AtBudget(
            recall=at.recall,
            precision=at.precision,
            median_days_to_find=at.median_days_to_find,
            found_before_last=_share_in_time(labels, found),
            alerts=at.alerts,
            kinds=dict(at.kinds),
        )
    return Measured(run, result.emitted, seconds, budgets)


def _share_in_time(labels: list[Label], found: dict[str, datetime]) -> float | None:
    if not labels:
        return None
    in_time = [label for label in labels if _is_before_last(label, found.get(label.label_id))]
    return len(in_time) / len(labels)


def _is_before_last(label: Label, found: datetime | None) -> bool:
    return found is not None and found - label.ends_at < timedelta()
