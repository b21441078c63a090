"""A log of operators' commands in which some runs are somebody else's, and nothing marks them."""

from __future__ import annotations

from random import Random
from typing import NamedTuple

from benchmarks.masquerade.people import Nature, Person, groups_of

BLOCK = 100
"""Commands in a block: a masquerade begins and ends with one."""
_STARTS, _GOES_ON = 0.01, 0.8


class Size(NamedTuple):
    """Say how many operators and other people there are, and each one's blocks."""

    operators: int = 50
    strangers: int = 20
    clean_blocks: int = 50
    blocks: int = 150


class Line(NamedTuple):
    """Hold one operator's commands, and whether each block is somebody else's."""

    operator_id: str
    commands: list[str]
    masked: list[bool]


def make_log(seed: int, size: Size, nature: Nature) -> list[Line]:
    """Return a log: the first blocks of each operator are clean."""
    rng = Random(seed)
    groups = groups_of(rng)

    def stream(name: str) -> list[str]:
        person = Person(name, rng.choice(groups), nature, rng)
        return person.commands(size.blocks * BLOCK)

    strangers = [stream(f"s{n}") for n in range(size.strangers)]
    return [
        _masked(f"op{n:02d}", stream(f"p{n}"), strangers, size, rng) for n in range(size.operators)
    ]


def _masked(
    operator_id: str, own: list[str], strangers: list[list[str]], size: Size, rng: Random
) -> Line:
    commands, masked = list(own), [False] * size.blocks
    stranger = None
    for block in range(size.clean_blocks, size.blocks):
        begins = stranger is None and rng.random() < _STARTS
        if begins or (stranger is not None and rng.random() >= _GOES_ON):
            stranger = rng.choice(strangers) if begins else None
        if stranger is not None:
            place = rng.randrange(size.blocks) * BLOCK
            theirs = [stranger[(place + n) % len(stranger)] for n in range(BLOCK)]
            commands[block * BLOCK : (block + 1) * BLOCK] = theirs
            masked[block] = True
    return Line(operator_id, commands, masked)
