"""How well scores of blocks tell masquerades from operators' own work, all blocks pooled."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

FALSE_ALARMS = 0.01


class Figures(NamedTuple):
    """Hold the area under the ROC curve, and the share found at 1 % false alarms."""

    auc: float
    found: float


def figures_of(scores: Sequence[float], masked: Sequence[bool]) -> Figures:
    """Return the figures of scores that are higher the likelier somebody else sits there.

    >>> figures_of([0.9, 0.8, 0.1, 0.2], [True, False, False, False])
    Figures(auc=1.0, found=1.0)
    """
    own = sorted(s for s, other in zip(scores, masked, strict=True) if not other)
    others = sorted(s for s, other in zip(scores, masked, strict=True) if other)
    if not own or not others:
        return Figures(0.5, 0.0)
    below = equal = passed = tied = 0
    for score in others:
        while passed < len(own) and own[passed] < score:
            passed += 1
        tied = max(tied, passed)
        while tied < len(own) and own[tied] == score:
            tied += 1
        below, equal = below + passed, equal + tied - passed
    threshold = own[-1 - int(FALSE_ALARMS * len(own))]
    found = sum(score > threshold for score in others) / len(others)
    return Figures((below + equal / 2) / (len(own) * len(others)), found)
