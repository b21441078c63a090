"""The truth of a simulated ward: which look-ups were misuse, and of which kind."""

from __future__ import annotations

from collections.abc import Iterable

from simulation.insiders.misuse import Misuse
from simulation.jobs import Record


def label_records(cases: Iterable[Misuse]) -> list[Record]:
    """Return the records of `labels.jsonl`, by first look-up, of finished look-ups."""
    found = [(sorted(m.records, key=lambda r: r["occurred_at"]), m) for m in cases if m.records]
    found.sort(key=lambda pair: (pair[0][0]["occurred_at"], pair[1].operator.operator_id))
    counts: dict[str, int] = {}
    labels = []
    for records, misuse in found:
        counts[misuse.kind] = counts.get(misuse.kind, 0) + 1
        labels.append(
            {
                "label_id": f"{misuse.kind}-{counts[misuse.kind]}",
                "kind": misuse.kind,
                "operator_id": misuse.operator.operator_id,
                "resident_id": misuse.resident_id,
                "event_ids": [record["event_id"] for record in records],
                "starts_at": records[0]["occurred_at"],
                "ends_at": records[-1]["occurred_at"],
            }
        )
    return labels
