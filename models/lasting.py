"""What a process that judges does once its context is loaded: spare the garbage collector."""

from __future__ import annotations

import gc

_THRESHOLDS = 50_000, 20, 20


def let_context_last() -> None:
    """Take all that is loaded out of the collector's rounds, and let it come seldom.

    The context stays, and a look-up's records hold no cycles: collections find nothing, and
    took a seventh of a worker's time. Call it once, when the context is there.
    """
    gc.freeze()
    gc.set_threshold(*_THRESHOLDS)
