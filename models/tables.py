"""What several signs say together: small decision tables, beside the curves of each alone.

A table asks a few questions ("is this sign above that bound?") and has a weight for each set of
answers (oblivious decision tables: Kohavi, "The power of decision tables", 1995). Many of them,
each learned on what the others left (Friedman, "Greedy function approximation", 2001), tell what
a sum of curves cannot: that a repeat in the middle of a list says less than one alone.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from functools import lru_cache
from operator import getitem

import msgspec

QUESTIONS = 4
"""A table asks so many: two tables' answers fit into a byte."""
SIGNS_BESIDE_DETECTORS = ("relief", "open", "run")


class Table(msgspec.Struct, frozen=True):
    """Hold one table: questions by sign and bound, and thousandths of a nat by answers.

    Whole thousandths, so that a sum is the same on every machine and in any order. Answers are
    read as a binary number, the first question's first.
    """

    signs: tuple[str, ...]
    bounds: tuple[float, ...]
    millinats: tuple[int, ...]


class Tables:
    """Look up many tables at once: an answer is a bit, all answers one number.

    >>> one = Table(("run", "run", "open", "open"), (2.0, 5.0, 0.5, 0.5), tuple(range(16)))
    >>> tables = Tables([one], most_nats=2.0)
    >>> tables.nats(tables.answers("run", 3.0) | tables.answers("open", 1.0))
    0.011
    """

    def __init__(self, tables: Sequence[Table], most_nats: float) -> None:
        self._most_nats = most_nats
        self._bytes = (len(tables) + 1) // 2
        bits: dict[str, list[tuple[float, int]]] = {}
        for place, table in enumerate(tables):
            for question, (sign, bound) in enumerate(zip(table.signs, table.bounds, strict=True)):
                bit = 1 << (QUESTIONS * place + QUESTIONS - 1 - question)
                bits.setdefault(sign, []).append((bound, bit))
        self._asked = {sign: _steps(questions) for sign, questions in bits.items()}
        self._millinats = [_both(tables[n : n + 2]) for n in range(0, len(tables), 2)]
        # Most look-ups give one of a few thousand sets of answers.
        self.nats = lru_cache(maxsize=1 << 14)(self._sum)

    def answers(self, sign: str, value: float) -> int:
        """Return the answers to all questions about one sign; signs are joined by `|`."""
        asked = self._asked.get(sign)
        if asked is None:
            return 0
        bounds, answers = asked
        return answers[bisect_left(bounds, value)]

    def _sum(self, answers: int) -> float:
        """Return what the answers weigh together, either way at most so much."""
        told = answers.to_bytes(self._bytes, "little")
        nats = sum(map(getitem, self._millinats, told)) / 1000.0
        most = self._most_nats
        return most if nats > most else -most if nats < -most else nats


def _steps(questions: list[tuple[float, int]]) -> tuple[list[float], list[int]]:
    """Return the bounds in order, and the answers between them: yes to all that are below."""
    answers, so_far = [0], 0
    questions.sort()
    for _, bit in questions:
        so_far |= bit
        answers.append(so_far)
    return [bound for bound, _ in questions], answers


def _both(tables: Sequence[Table]) -> list[int]:
    """Return the sum of two tables by a byte: the first is answered in its lower half."""
    first, second = (*(table.millinats for table in tables), (0,) * (1 << QUESTIONS))[:2]
    return [low + high for high in second for low in first]
