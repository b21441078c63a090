"""When in the day work comes in: a curve over the hours with its lunch dip."""

from __future__ import annotations

import random
from bisect import bisect_right
from functools import lru_cache
from itertools import accumulate

_SLOT_S = 900
LUNCH_S = 3600
_HOUR_WEIGHTS = {
    8: 0.55, 9: 0.95, 10: 1.3, 11: 1.2, 12: 0.75, 13: 1.05, 14: 1.15, 15: 1.0, 16: 0.8, 17: 0.4,
    18: 0.35, 19: 0.3, 20: 0.25,
}  # fmt: skip
_AT_NIGHT = 0.2


@lru_cache(maxsize=1024)
def _slots(starts_s: int, ends_s: int, lunch_s: int) -> tuple[list[int], list[float]]:
    """Return the quarter-hours of a shift without its lunch, and their running weights."""
    starts = [
        at_s
        for at_s in range(starts_s, max(ends_s - 300, starts_s + 1), _SLOT_S)
        if not lunch_s or at_s + _SLOT_S <= lunch_s or at_s >= lunch_s + LUNCH_S
    ]
    starts = starts or [starts_s]
    weights = (_HOUR_WEIGHTS.get(at_s // 3600, _AT_NIGHT) for at_s in starts)
    return starts, list(accumulate(weights))


def draw_time(rng: random.Random, starts_s: int, ends_s: int, lunch_s: int = 0) -> float:
    """Return a second of the day at which a job may begin; `lunch_s` 0 means no lunch."""
    starts, running = _slots(starts_s, ends_s, lunch_s)
    slot = bisect_right(running, rng.random() * running[-1] * 0.999999)
    return starts[slot] + rng.random() * min(_SLOT_S, max(60, ends_s - starts[slot] - 300))
