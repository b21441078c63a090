"""People at a command line as the public masquerade logs show them: habits, scripts, drift.

What is known of the logs of Schonlau et al. ("Computer intrusion: detecting masquerades",
Statistical Science 2001), and of where naive Bayes fails on them (Maxion and Townsend, DSN
2002): some 850 distinct commands among 70 people, a common core that all use and tools of one
person alone; scripts whose few commands fill whole windows; work that changes as it goes on.
"""

from __future__ import annotations

from itertools import accumulate
from random import Random
from typing import NamedTuple

COMMON, SHARED, OWN = 130, 220, 9
"""Commands that all know, that a few share, and of one person alone, about."""
_GROUPS = 9
_GROUP_TOOLS = 24
_GROUP_SCRIPTS = 9


class Nature(NamedTuple):
    """Say how hard people are to tell apart; the defaults make a ratio do as on the real logs.

    `taste` is how far a person's share of a common command strays from all people's;
    `new_script_every` and `script_life` are in commands; `typed` is the share of commands that
    are typed and not run by a script; `novel` the share of a new script's commands that the
    person never used before; `burst` the share of scripts that run for many rounds; `odd` how
    often an errand comes up that is like nothing before, and does not come again.
    """

    taste: float = 1.3
    new_script_every: float = 450.0
    script_life: float = 1500.0
    typed: float = 0.6
    novel: float = 0.5
    burst: float = 0.2
    odd: float = 0.024


class Script(NamedTuple):
    """Hold commands that are run one after another, how often at a time, and until when."""

    commands: tuple[str, ...]
    rounds: float
    ends: int


class Group(NamedTuple):
    """Hold what people of one kind share: tools, and scripts."""

    tools: tuple[str, ...]
    scripts: tuple[Script, ...]


def groups_of(rng: Random) -> list[Group]:
    """Return the kinds of people of one log."""
    shared = [f"tool{n}" for n in range(SHARED)]
    made = []
    for _ in range(_GROUPS):
        tools = tuple(rng.sample(shared, _GROUP_TOOLS))
        pool = [*tools, *(common(rng) for _ in range(_GROUP_TOOLS))]
        scripts = tuple(_script(rng, pool, 1 << 30) for _ in range(_GROUP_SCRIPTS))
        made.append(Group(tools, scripts))
    return made


_CORE = list(accumulate(1.0 / (rank + 3.0) for rank in range(COMMON)))


def common(rng: Random) -> str:
    """Return a command of the common core, by a law like Zipf's."""
    return f"c{rng.choices(range(COMMON), cum_weights=_CORE)[0]}"


def _script(rng: Random, pool: list[str], ends: int, burst: float = 0.1) -> Script:
    length = 1 + min(9, int(rng.expovariate(0.35)))
    rounds = 25.0 if rng.random() < burst else 1.0 + rng.expovariate(0.5)
    return Script(tuple(rng.choice(pool) for _ in range(length)), rounds, ends)


class Person:
    """Type commands, and run scripts that come and go."""

    def __init__(self, name: str, group: Group, nature: Nature, rng: Random) -> None:
        self._nature, self._rng, self._group = nature, rng, group
        weights = [
            rng.lognormvariate(0.0, nature.taste) / (rank + 3.0) * (rng.random() < 0.62)
            for rank in range(COMMON)
        ]
        self._words = [f"c{rank}" for rank in range(COMMON)]
        own = [f"{name}.{n}" for n in range(rng.randint(3, 2 * OWN - 3))]
        self._unused = own[len(own) // 2 :]
        for word in (*rng.sample(group.tools, 9), *own[: len(own) // 2]):
            self._words.append(word)
            weights.append(rng.lognormvariate(-2.6, 1.4))
        self._weights = list(accumulate(weights))
        self._known = [w for w, weight in zip(self._words, weights, strict=True) if weight]
        self._scripts = [self._new_script(0, new=False) for _ in range(5)]
        self._scripts += rng.sample(group.scripts, 3)

    def _new_script(self, now: int, *, new: bool = True) -> Script:
        rng, nature, pool = self._rng, self._nature, []
        for _ in range(5):
            if new and rng.random() < nature.novel:
                pool.append(self._never_used())
            else:
                pool.append(rng.choice(self._known))
        life = rng.expovariate(1.0 / nature.script_life) * (1 if new else 4)
        return _script(rng, pool, now + int(life), nature.burst)

    def _never_used(self) -> str:
        rng = self._rng
        if self._unused and rng.random() < 0.2:
            return self._unused.pop()
        return common(rng) if rng.random() < 0.5 else rng.choice(self._group.tools)

    def commands(self, count: int) -> list[str]:
        """Return so many commands, in order."""
        rng, nature, line = self._rng, self._nature, list[str]()
        next_new = rng.expovariate(1.0 / nature.new_script_every)
        mean_typed = 8.0
        while len(line) < count:
            if len(line) >= next_new:
                self._scripts.append(self._new_script(len(line)))
                next_new += rng.expovariate(1.0 / nature.new_script_every)
            if rng.random() < nature.typed:
                for _ in range(1 + int(rng.expovariate(1.0 / mean_typed))):
                    line.append(rng.choices(self._words, cum_weights=self._weights)[0])
                continue
            self._scripts = [s for s in self._scripts if s.ends > len(line)]
            if rng.random() < nature.odd:
                errand = tuple(self._never_used() for _ in range(rng.randint(2, 6)))
                line.extend(errand * rng.randint(8, 40))
                continue
            if self._scripts:
                script = self._current()
                for _ in range(1 + int(rng.expovariate(1.0 / script.rounds))):
                    line.extend(c for c in script.commands if rng.random() < 0.93)
        return line[:count]

    def _current(self) -> Script:
        """Return a script, oftenest one of the newest: work of the day."""
        rng = self._rng
        if rng.random() < 0.5:
            return rng.choice(self._scripts[-3:])
        return rng.choice(self._scripts)
