"""Neighbours and colleagues of a clerk, who come with their own business like anybody."""

from __future__ import annotations

from collections.abc import Sequence
from random import Random

from simulation.population import Population, Resident
from simulation.reserved import ReservedResidents
from simulation.staff import Operator

_ADULT = 20


class Acquaintances:
    """Know who of the residents lives next door to an operator, or works in the same house."""

    def __init__(
        self, operators: Sequence[Operator], population: Population, reserved: ReservedResidents
    ) -> None:
        self._population, self._reserved = population, reserved
        self._colleagues = [op.resident for op in operators if op.resident is not None]

    def draw(self, rng: Random, operator: Operator) -> Resident | None:
        """Return somebody whom the operator knows and may honestly serve, or None."""
        home, known = operator.resident, self._colleagues
        if home is not None and rng.random() < 0.6:
            known = [r for r in self._population.blocks[home.block_id] if r.decade >= _ADULT]
        if not known:
            return None
        resident = known[int(rng.random() * len(known))]
        if resident is home or self._reserved.avoids(operator.operator_id, resident.resident_id):
            return None
        return resident
