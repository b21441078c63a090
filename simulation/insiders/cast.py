"""Who plays which part: the founding case first, then as many kinds as the ward can hold."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from random import Random

from simulation.insiders.curiosity import celebrity, colleague, curious_neighbour, family
from simulation.insiders.dormant import expired
from simulation.insiders.founding import founding
from simulation.insiders.harvest import bulk_export, enumeration, target_skew
from simulation.insiders.identity import after_transfer, night_owl, shared_id
from simulation.insiders.misuse import Misuse
from simulation.insiders.pretext import borrowed_case, protected
from simulation.insiders.scene import Scene
from simulation.insiders.trade import seller, slow_bulk

KINDS: Mapping[str, Callable[[Scene], Misuse | None]] = {
    "after_transfer": after_transfer,
    "expired": expired,
    "bulk_export": bulk_export,
    "slow_bulk": slow_bulk,
    "target_skew": target_skew,
    "celebrity": celebrity,
    "curious_neighbour": curious_neighbour,
    "family": family,
    "seller": seller,
    "night_owl": night_owl,
    "shared_id": shared_id,
    "colleague": colleague,
    "enumeration": enumeration,
    "borrowed_case": borrowed_case,
    "protected": protected,
}
"""Every kind but `founding`, by the name in `labels.jsonl`; those that few can play first."""

_COMMON = (
    "curious_neighbour",
    "celebrity",
    "family",
    "curious_neighbour",
    "celebrity",
    "colleague",
)
"""What a bigger ward has more of."""
_TRIES_A_CASE = 3


def case_count(operators: int) -> int:
    """Return how many cases a ward has: 6 with 10 operators, 8 with 20, 16 with 60.

    >>> [case_count(n) for n in (10, 20, 60)]
    [6, 8, 16]
    """
    return 4 + operators // 5


def cast_insiders(scene: Scene) -> list[Misuse]:
    """Plan the ward's cases of misuse, one an operator; kinds that do not fit are left out."""
    cases: list[Misuse] = []
    first = founding(scene)
    if first is not None:
        _enlist(scene, cases, first)
    wanted = case_count(scene.plan.operators)
    for name in _parts(scene.rng, wanted - len(cases)):
        if len(cases) == wanted:
            break
        misuse = KINDS[name](scene)
        if misuse is not None and misuse.errands:
            _enlist(scene, cases, misuse)
    return cases


def _parts(rng: Random, room: int) -> Iterator[str]:
    """Yield kinds to try: as many different ones as there is room for, then others, then more."""
    names = rng.sample(list(KINDS), len(KINDS))
    order = list(KINDS)
    yield from sorted(names[:room], key=order.index)
    yield from names[room:]
    for _ in range(_TRIES_A_CASE * room):
        yield rng.choice(_COMMON if rng.random() < 0.65 else order)


def _enlist(scene: Scene, cases: list[Misuse], misuse: Misuse) -> None:
    scene.taken.add(misuse.operator.operator_id)
    cases.append(misuse)
