"""A signed-in person and what their role lets them do."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, get_args

Role = Literal["supervisor", "privacy_officer", "analyst", "operations", "auditor"]
"""`supervisor`: alerts that reached them; `privacy_officer`: all alerts; `analyst`: all, under
pseudonyms; `operations`: no alert at all; `auditor`: the audit log only."""

ROLES: tuple[Role, ...] = get_args(Role)


@dataclass(frozen=True)
class Person:
    """Hold who is signed in; `person_id` is the operator id where the person is one."""

    person_id: str
    role: Role
    name: str
