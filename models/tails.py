"""Tail probabilities that detectors share: closed forms, never zero."""

from __future__ import annotations

from math import erfc, exp, log, sqrt

_LEAST = 1e-13
SHAPE = 2.0
"""So many happenings a prior weighs, wherever a small group leans on a greater one."""


def binomial_tail(successes: int, trials: int, share: float) -> float:
    """Return an upper bound of P(X >= successes) for X ~ Binomial(trials, share).

    Chernoff's bound (Hoeffding 1963); exact for one success of one trial.

    >>> binomial_tail(1, 1, 0.2)
    0.2
    >>> binomial_tail(1, 10, 0.2)
    1.0
    """
    seen = successes / trials
    if seen <= share:
        return 1.0
    if successes == trials:
        return max(_LEAST, share**trials)
    gain = seen * log(seen / share) + (1 - seen) * log((1 - seen) / (1 - share))
    return max(_LEAST, exp(-trials * gain))


def excess_nats(count: float, expected: float) -> float:
    """Return minus the logarithm of a bound of P(X >= count) for X ~ Poisson(expected).

    Chernoff's bound; `count` may be a decayed sum.

    >>> round(excess_nats(6.0, 2.0), 3)
    2.592
    >>> excess_nats(1.0, 2.0)
    0.0
    """
    if count <= expected:
        return 0.0
    if expected <= 0.0:
        return -log(_LEAST)
    return count * log(count / expected) - count + expected


def habit_nats(seen: float, usual: float) -> float:
    """Return by how much a person's own happenings make a further one likelier than usual.

    A Gamma prior of the usual mean and SHAPE happenings; never below 0.

    >>> round(habit_nats(8.0, 3.0), 3), habit_nats(1.0, 3.0)
    (0.693, 0.0)
    """
    return max(0.0, log((seen + SHAPE) / (usual + SHAPE)))


def normal_tail(deviations: float) -> float:
    """Return P(Z >= deviations) of a standard normal.

    >>> round(normal_tail(1.96), 3)
    0.025
    """
    return max(_LEAST, 0.5 * erfc(deviations / sqrt(2)))
