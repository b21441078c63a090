"""Lines of the files that replay, simulate and evaluate exchange."""

from __future__ import annotations

from typing import Literal

from schemas.alerts import Risk, Score
from schemas.record import Id, Record, Text, Time


class Label(Record):
    """Name one simulated case of misuse and its look-ups (`labels.jsonl`)."""

    label_id: Id
    kind: Id
    operator_id: Id
    resident_id: Id | None = None
    event_ids: tuple[Id, ...]
    starts_at: Time
    ends_at: Time


class ScoredLookUp(Record):
    """Hold how one look-up was judged when it was applied (`replay --scores`)."""

    event_id: Id
    occurred_at: Time
    operator_id: Id
    resident_id: Id | None = None
    risk: Risk
    scores: dict[Text, Score | None]
    readiness: Literal["warming_up", "ready"]
