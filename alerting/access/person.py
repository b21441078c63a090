"""A signed-in person and what their role lets them do."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal, get_args

from alerting.store.alerts import MONITOR

Role = Literal["supervisor", "privacy_officer", "analyst", "operations", "auditor"]
"""`supervisor`: alerts that reached them; `privacy_officer`: all alerts; `analyst`: all, under
pseudonyms; `operations`: no alert at all; `auditor`: the audit log only."""

_PERSON_ID = re.compile(r"[A-Za-z0-9._:-]{1,64}")
_MACHINE = "token:"

ROLES: tuple[Role, ...] = get_args(Role)


@dataclass(frozen=True)
class Person:
    """Hold who is signed in; `person_id` is the operator id where the person is one."""

    person_id: str
    role: Role
    name: str


def is_person_id(text: str) -> bool:
    """Return whether a text may be a person's id: it is no office's, machine's or Monomi's own.

    >>> [is_person_id(text) for text in ("op-017", "op 17", "@privacy-officer", "monomi")]
    [True, False, False, False]
    """
    if text == MONITOR or text.startswith(_MACHINE):
        return False
    return _PERSON_ID.fullmatch(text) is not None


def machine_id(name: str) -> str | None:
    """Return the id by which a machine acts, None where its name makes none."""
    identifier = f"{_MACHINE}{name}"
    return identifier if _PERSON_ID.fullmatch(identifier) else None
