"""A ward office with its work, its seasons and its insiders, by seed."""

from simulation.files import write_ward
from simulation.plan import WardPlan
from simulation.ward import Ward, simulate_ward

__all__ = ["Ward", "WardPlan", "simulate_ward", "write_ward"]
