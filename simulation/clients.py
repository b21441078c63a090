"""Whom honest work is about: residents drawn as they come to a desk, and come again."""

from __future__ import annotations

import random

from simulation.desk import Desk
from simulation.population import Population, Resident
from simulation.reserved import ReservedResidents

_REGULARS = 20  # one resident in so many comes often
_REGULAR_SHARE = 0.08
_DRAWS = 50
_MEMORY = 120


class Clients:
    """Draw residents for desks, and remember whom each operator saw."""

    def __init__(
        self, population: Population, reserved: ReservedResidents, rng: random.Random
    ) -> None:
        self._population, self._reserved, self._rng = population, reserved, rng
        self._seen: dict[str, list[Resident]] = {}
        self._regulars = {name: pool[::_REGULARS] for name, pool in population.pools.items()}

    def draw(self, desk: Desk, operator_id: str) -> Resident:
        """Return somebody of the desk's clients whom the operator may honestly serve."""
        rng = self._rng
        pool = self._population.pools[desk.clients] or self._population.adults
        if rng.random() < _REGULAR_SHARE:
            pool = self._regulars[desk.clients] or pool
        for _ in range(_DRAWS):
            resident = pool[int(rng.random() * len(pool))]
            if not self._reserved.avoids(operator_id, resident.resident_id):
                return resident
        return next(  # so many draws can hardly fail
            r
            for r in self._population.adults
            if not self._reserved.avoids(operator_id, r.resident_id)
        )

    def draw_unprotected(self, desk: Desk, operator_id: str) -> Resident:
        """Return a client without protection: with it, clerks do nothing without a case."""
        for _ in range(_DRAWS):
            resident = self.draw(desk, operator_id)
            if not resident.protected or self._rng.random() < 0.02:
                break
        return resident

    def again(self, operator_id: str) -> Resident | None:
        """Return somebody whom the operator saw before, or None at the beginning."""
        seen = self._seen.get(operator_id)
        if not seen:
            return None
        resident = seen[int(self._rng.random() * len(seen))]
        return None if self._reserved.avoids(operator_id, resident.resident_id) else resident

    def remember(self, operator_id: str, resident: Resident) -> None:
        """Note that the operator saw a resident; the memory holds a sample of the past."""
        seen = self._seen.setdefault(operator_id, [])
        if len(seen) < _MEMORY:
            seen.append(resident)
        elif self._rng.random() < 0.3:
            seen[int(self._rng.random() * _MEMORY)] = resident
