"""A policy from its TOML file: every fault with its line, what was given, what is allowed."""

from __future__ import annotations

from pathlib import Path

from models.detectors import DETECTOR
from models.policy import Policy
from schemas import toml_file
from schemas.toml_file import BadTomlError, load_toml
from schemas.toml_lines import Place


class BadPolicyError(BadTomlError):
    """Refuse a policy file; `faults` are all of them, in the order of the file."""

    file_code = "bad_policy"
    check = "monomi policy check"


def load_policy(path: Path | None) -> Policy:
    """Return the policy in a TOML file, or the default; raises BadPolicyError."""
    if path is None:
        return Policy()
    return load_toml(path, Policy, BadPolicyError, context=tuple(DETECTOR))


def allowed_at(place: Place) -> str:
    """Return in words what a policy may hold at a place.

    >>> allowed_at(("budget_per_day",)), allowed_at(("sections", "koseki", "clock_working_days"))
    ('above 0 up to 100', 'a whole number from 1 to 20')
    """
    return toml_file.allowed_at(Policy, place)
