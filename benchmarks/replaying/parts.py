"""Which functions a look-up's microseconds are counted to."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import NamedTuple

from benchmarks.replaying.meter import THE_REST, Meter
from models import cohort
from models.assessor import Assessor
from models.detectors import DETECTORS
from models.features import FeatureMaker
from models.ledger import Ledger
from models.lookout import Lookout
from models.memory import Memory
from models.pair_memory import PairMemory
from models.pairs import Pair
from models.replay import RECORDS_A_BATCH, DictStore, Replay
from models.scorer import Scorer

READING = "reading and parsing"
PROFILE = "dedupe and profile"
PAIRS = "pair memory"
FEATURES = "context and features"
JOINING = "joining to a risk"
LEARNING = "learning and tallies"
CLOCKS = "clocks: judged again"
CUT = "the day's cut: folding, forests"
ALERTS = "alerts"
SCORES = "score lines"
PRESENCE = "sign-ins and doors"
STORING = f"state written, a batch of {RECORDS_A_BATCH:,}"


class Place(NamedTuple):
    """Name a function of which the own time counts to a part, or `whole` all of its time."""

    part: str
    owner: object
    name: str
    whole: bool = False


PLACES = (
    Place(PROFILE, Assessor, "apply"),
    Place(PAIRS, Assessor, "_pair"),
    Place(PAIRS, PairMemory, "look_up"),
    Place(PAIRS, Pair, "with_look_up"),
    Place(FEATURES, FeatureMaker, "make"),
    *(Place(f"detector {d.name}", type(d), "find") for d in DETECTORS),
    Place(JOINING, Scorer, "judge"),
    Place(LEARNING, Assessor, "_learn"),
    Place(CLOCKS, Assessor, "_start_clock", whole=True),
    Place(CLOCKS, Memory, "wait"),
    Place(CLOCKS, Lookout, "advance"),
    Place(CLOCKS, Assessor, "end_clock", whole=True),
    Place(CUT, Lookout, "reach"),
    Place(CUT, Memory, "close_day"),
    Place(CUT, Ledger, "add"),
    Place(CUT, Ledger, "close"),
    Place(CUT, Ledger, "snapshot"),
    Place(CUT, Lookout, "adopt"),
    Place(CUT, cohort, "forest_of"),
    Place(ALERTS, Assessor, "_raise"),
    Place(ALERTS, Replay, "_hand_on"),
    Place(SCORES, Replay, "_score"),
    Place(PRESENCE, Lookout, "observe"),
    Place(STORING, Memory, "changes"),
    Place(STORING, DictStore, "write"),
)
PARTS = tuple(dict.fromkeys((READING, *(place.part for place in PLACES), THE_REST)))


@contextmanager
def metered_by(meter: Meter) -> Iterator[None]:
    """Meter all places until the end of the block."""
    plain = [(place, getattr(place.owner, place.name)) for place in PLACES]
    try:
        for place, function in plain:
            timed = meter.metered(place.part, function, whole=place.whole)
            setattr(place.owner, place.name, timed)
        yield
    finally:
        for place, function in plain:
            setattr(place.owner, place.name, function)
