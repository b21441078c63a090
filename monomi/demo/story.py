"""What the demo has seen: alerts with their latencies, and which labelled cases they found."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from schemas.alerts import Alert
from schemas.files import Label
from schemas.lines import open_lines, read_records
from schemas.record import parse_time

_SHARE_OF_EVENTS = 0.2


@dataclass
class Story:
    """Collect alerts and hold them against the labels.

    A case is found by the first revision about its operator of whose look-ups at least a
    fifth are the case's (contract, "How alerts are measured").
    """

    labels: list[Label]
    times: dict[str, float]
    latencies_s: list[float] = field(default_factory=list)
    alerts: set[str] = field(default_factory=set)
    found: dict[str, dict[str, Any]] = field(default_factory=dict)

    @classmethod
    def of_ward(cls, folder: Path) -> Story:
        """Return the story to be told of a simulated ward."""
        labels = list(read_records(folder / "labels.jsonl", Label))
        wanted = {event_id for label in labels for event_id in label.event_ids}
        times = {}
        for line in open_lines(folder / "access.queries.jsonl.gz"):
            row = json.loads(line.value)
            if row["event_id"] in wanted:
                times[row["event_id"]] = parse_time(row["occurred_at"]).timestamp()
        return cls(labels, times)

    def take(self, alert: Alert, latency_s: float) -> list[Label]:
        """Take a revision as it arrives; return the cases that it is the first to find."""
        self.alerts.add(alert.alert_id)
        self.latencies_s.append(latency_s)
        return [label for label in self.labels if self._finds(alert, label, latency_s)]

    def _finds(self, alert: Alert, label: Label, latency_s: float) -> bool:
        if label.label_id in self.found or alert.operator_id != label.operator_id:
            return False
        shared = set(alert.event_ids) & set(label.event_ids)
        if len(shared) < _SHARE_OF_EVENTS * len(alert.event_ids):
            return False
        until_s = alert.updated_at.timestamp()
        self.found[label.label_id] = {
            "kind": label.kind,
            "at_look_up": sum(self.times.get(e, until_s + 1) <= until_s for e in label.event_ids),
            "of": len(label.event_ids),
            "latency_s": round(latency_s, 3),
        }
        return True

    def summary(self, events: int, reached_s: float) -> dict[str, Any]:
        """Return the closing object of `monomi demo --json`.

        A case none of whose look-ups came before the end is neither found nor missed.
        """
        begun = [
            label
            for label in self.labels
            if any(self.times.get(e, reached_s + 1) <= reached_s for e in label.event_ids)
        ]
        return {
            "events": events,
            "alerts": len(self.alerts),
            "alert_latency_s": _quantiles(self.latencies_s),
            "cases_found": self.found,
            "cases_missed": [b.label_id for b in begun if b.label_id not in self.found],
        }


def _quantiles(latencies_s: list[float]) -> dict[str, float | None]:
    if not latencies_s:
        return {"p50": None, "p99": None, "max": None}
    ordered = sorted(latencies_s)
    last = len(ordered) - 1
    return {
        "p50": round(ordered[round(0.50 * last)], 3),
        "p99": round(ordered[round(0.99 * last)], 3),
        "max": round(ordered[last], 3),
    }
