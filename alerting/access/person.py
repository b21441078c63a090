"""A signed-in person and what their role lets them do."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal, get_args

Role = Literal["supervisor", "privacy_officer", "analyst", "operations", "auditor"]
"""`supervisor`: alerts that reached them; `privacy_officer`: all alerts; `analyst`: all, under
pseudonyms; `operations`: no alert at all; `auditor`: the audit log only."""

_PERSON_ID = re.compile(r"[A-Za-z0-9._:@-]{1,64}")

ROLES: tuple[Role, ...] = get_args(Role)


@dataclass(frozen=True)
class Person:
    """Hold who is signed in; `person_id` is the operator id where the person is one."""

    person_id: str
    role: Role
    name: str


def is_person_id(text: str) -> bool:
    """Return whether a text may be a person's id.

    >>> is_person_id("op-017"), is_person_id("op 17")
    (True, False)
    """
    return _PERSON_ID.fullmatch(text) is not None
