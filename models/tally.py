"""What one operator's day adds to what all operators share; mergeable, whole numbers only.

Whole numbers, because sums of floats depend on their order, and the order of partitions must
not matter: then any number of partitions and workers, and replay, add up to the same bytes.
"""

from __future__ import annotations

from collections.abc import Callable
from math import log10
from typing import TypeVar
from zlib import crc32

import msgspec

Key = TypeVar("Key", int, str)
EVIDENCE_BIN_NATS = 0.25
EVIDENCE_BINS = 200
PEAK_BIN_LN = 0.1
RISK_BINS_A_DECADE = 20
_MOST_CAUSES = 3
_MOST_FUNCTIONS = 200
_MOST_MARKS = 400
VECTORS_AN_OPERATOR = 8
"""So many of an operator's look-ups a day may teach the forest: no one can fill it alone."""


class Tally(msgspec.Struct, array_like=True):
    """Count what one operator did on the open day within one cohort.

    `slots` and `functions` count look-ups that passed the gate; `open` settled look-ups that
    no case explains, `covered` those that one does; `marks` the rare things among them, by
    name; `joint` is the day's highest bin of the joint evidence; `repeats` counts open look-ups
    by bucket; `peaks` are the day's peaks; `candidates` the highest risk bin of each cause;
    `residents` are hashes of the residents whom no case explained on arrival; `vectors`
    (hash of the event id, features as bytes) of the lowest hashes.
    """

    cohort: str
    supervisor_id: str | None = None
    look_ups: int = 0
    open: int = 0
    covered: int = 0
    slots: dict[int, int] = msgspec.field(default_factory=dict)
    functions: dict[str, int] = msgspec.field(default_factory=dict)
    repeats: dict[int, int] = msgspec.field(default_factory=dict)
    marks: dict[str, int] = msgspec.field(default_factory=dict)
    joint: int = 0
    peaks: list[float] = msgspec.field(default_factory=lambda: [0.0] * 6)
    candidates: dict[str, int] = msgspec.field(default_factory=dict)
    residents: list[int] = msgspec.field(default_factory=list)
    vectors: list[tuple[int, bytes]] = msgspec.field(default_factory=list)

    def offer_vector(self, event_id: str, vector: Callable[[], bytes]) -> None:
        """Keep a look-up's features when its hash is among the day's lowest."""
        mark = crc32(event_id.encode())
        if len(self.vectors) < VECTORS_AN_OPERATOR or mark < self.vectors[-1][0]:
            keep_lowest(self.vectors, (mark, vector()), VECTORS_AN_OPERATOR)

    def mark(self, name: str, times: int = 1) -> None:
        """Count a rare thing, of at most so many: classes are the source's free text."""
        marks = self.marks
        if name in marks:
            marks[name] += times
        elif len(marks) < _MOST_MARKS:
            marks[name] = times

    def note_joint(self, evidence: float) -> None:
        """Keep the day's highest joint evidence."""
        place = evidence_bin(evidence)
        if place > self.joint:
            self.joint = place

    def count_function(self, function: str) -> None:
        """Count a function, of at most so many: the code is the source's free text."""
        if function in self.functions or len(self.functions) < _MOST_FUNCTIONS:
            count_into(self.functions, function)

    def offer_candidate(self, cause: str, risk_bin: int) -> None:
        """Keep the highest risk of a cause on this day, of at most a few causes.

        A clerk with a hundred residents must not use up a supervisor's budget for months.
        """
        if risk_bin > self.candidates.get(cause, -1):
            self.candidates[cause] = risk_bin
            if len(self.candidates) > _MOST_CAUSES:
                del self.candidates[min(self.candidates, key=lambda c: (self.candidates[c], c))]


def count_into(histogram: dict[Key, int], key: Key, by: int = 1) -> None:
    """Add to one bin."""
    histogram[key] = histogram.get(key, 0) + by


def keep_lowest(sample: list[tuple[int, bytes]], item: tuple[int, bytes], most: int) -> None:
    """Insert an item into a sorted sample of the lowest, at most `most` of them."""
    if len(sample) < most or item < sample[-1]:
        sample.append(item)
        sample.sort()
        del sample[most:]


def evidence_bin(evidence: float) -> int:
    """Return the histogram bin of an evidence."""
    place = int(evidence / EVIDENCE_BIN_NATS)
    return place if place < EVIDENCE_BINS else EVIDENCE_BINS - 1


def risk_bin(risk: float) -> int:
    """Return the bin of a risk: RISK_BINS_A_DECADE for each factor of ten in 1 - risk."""
    return int(-log10(1.0 - risk) * RISK_BINS_A_DECADE)


encode_tallies = msgspec.msgpack.Encoder().encode
decode_tallies = msgspec.msgpack.Decoder(list[Tally]).decode
