"""Lines of the files that replay, simulate and evaluate exchange."""

from __future__ import annotations

from typing import Literal

import msgspec

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


class ScoreLine(msgspec.Struct, frozen=True, gc=False):
    """Hold a ScoredLookUp on its way into the file, where millions are written.

    Nothing is checked: `occurred_at` is a time as the contract writes it, the other fields
    keep to the schema, of which this holds the fields in the same order.
    """

    event_id: str
    occurred_at: str
    operator_id: str
    resident_id: str | None
    risk: float
    scores: dict[str, float | None]
    readiness: Literal["warming_up", "ready"]

    def to_json(self) -> bytes:
        """Return the line, byte for byte what ScoredLookUp.to_json returns."""
        return _encode_line(self)


_encode_line = msgspec.json.Encoder().encode
