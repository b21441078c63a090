"""The likelihood ratio of self against others that is told the blocks and the clean start.

Naive Bayes of Maxion and Townsend, "Masquerade detection using truncated command lines", DSN
2002, with updating: of all blocks, or (gated) of those alone that fit the person.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from math import log

from benchmarks.masquerade.log import BLOCK, Line, Size

ALPHA = 0.01
GATE_NATS = -0.8
"""A block whose mean is below is not learned; -0.4 to -1.2 differ by a few points."""


def reference_scores(lines: Sequence[Line], size: Size, *, gated: bool) -> list[float]:
    """Return a score for each test block, operator by operator, in order."""
    clean = size.clean_blocks * BLOCK
    firsts = [Counter(line.commands[:clean]) for line in lines]
    everybody = sum(firsts, Counter[str]())
    kinds = len({command for line in lines for command in line.commands})
    scores: list[float] = []
    for line, first in zip(lines, firsts, strict=True):
        own, others = Counter(first), everybody - first
        own_total, others_total = clean, clean * (len(lines) - 1)
        for start in range(clean, size.blocks * BLOCK, BLOCK):
            block = line.commands[start : start + BLOCK]
            level = log((others_total + ALPHA * kinds) / (own_total + ALPHA * kinds))
            nats = sum(log((own[c] + ALPHA) / (others[c] + ALPHA)) for c in block) / BLOCK + level
            scores.append(-nats)
            if not gated or nats >= GATE_NATS:
                own.update(block)
                own_total += BLOCK
    return scores
