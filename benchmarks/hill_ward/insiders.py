"""Choose who misuses what, and let them."""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Any

from benchmarks.hill_ward import accounts, harvests, singles
from benchmarks.hill_ward.scheme import Scheme, Stage, Ward
from benchmarks.hill_ward.staff import Clerk

# Those for which few clerks come into question choose first.
KINDS: dict[str, Callable[[Stage, Scheme], None]] = {
    "founding": singles.founding,
    "expired": accounts.expired,
    "after_transfer": accounts.after_transfer,
    "bulk_export": harvests.bulk_export,
    "neighbour": singles.neighbour,
    "family": singles.family,
    "colleague": singles.colleague,
    "public_figure": singles.public_figure,
    "protected": singles.protected,
    "borrowed_case": singles.borrowed_case,
    "slow_bulk": harvests.slow_bulk,
    "seller": harvests.seller,
    "target_skew": harvests.target_skew,
    "enumeration": harvests.enumeration,
    "shared_id": accounts.shared_id,
    "night": accounts.night,
}

_STORIES = {
    "founding": ("rehired",),
    "expired": ("left", "dormant", "returned"),
    "after_transfer": ("transferred",),
}


def misuse(rng: random.Random, ward: Ward) -> list[dict[str, Any]]:
    """Let about one insider for every two operators misuse the register; return the labels."""
    stage = Stage(rng, ward)
    free = list(ward.clerks)
    schemes = []
    for kind in _plan(rng, round(len(ward.clerks) / 2)):
        scheme = _first_that_works(stage, kind, free)
        if scheme is not None:
            free.remove(scheme.clerk)
            schemes.append(scheme)
    rng.shuffle(schemes)
    return [
        scheme.label(ward.calendar, ward.town, f"hill-{place:03}")
        for place, scheme in enumerate(schemes, 1)
    ]


def _plan(rng: random.Random, count: int) -> list[str]:
    """Return the kinds of `count` cases, all kinds about equally often."""
    kinds: list[str] = []
    while len(kinds) < count:
        kinds += rng.sample(list(KINDS), len(KINDS))
    order = list(KINDS)
    return sorted(kinds[:count], key=order.index)


def _first_that_works(stage: Stage, kind: str, free: list[Clerk]) -> Scheme | None:
    """Return a scheme of the first clerk who finds an occasion, or None."""
    rng = stage.rng
    able = [c for c in free if _fits(kind, c)]
    rng.shuffle(able)
    if kind == "bulk_export":
        able.sort(key=lambda c: not c.keeps_lists or rng.random() < 0.3)
    for clerk in able[:12]:
        # This city's insiders know that they are watched: most are careful.
        scheme = Scheme(kind, clerk, rng.betavariate(3.2, 1.6))
        KINDS[kind](stage, scheme)
        if scheme.written:
            return scheme
    return None


def _fits(kind: str, clerk: Clerk) -> bool:
    if kind in _STORIES:
        return clerk.story in _STORIES[kind]
    return not clerk.chief and clerk.story not in ("dormant", "left")
