"""One entry of the audit log: who did what on what, and the hash that chains it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any, Self

GENESIS = "0" * 64
"""What stands for the hash before the first entry."""

_DOMAIN = b"monomi audit entry 1\n"


class Verb(StrEnum):
    """Name all that is ever logged."""

    SIGN_IN = "sign_in"
    SIGN_IN_FAILED = "sign_in_failed"
    SIGN_OUT = "sign_out"
    REFUSED = "refused"
    VIEW = "view"
    SEARCH = "search"
    ACKNOWLEDGE = "acknowledge"
    RESOLVE = "resolve"
    REOPEN = "reopen"
    ASSIGN = "assign"
    COMMENT = "comment"
    EXPORT = "export"
    POLICY_CHANGE = "policy_change"
    ACCOUNT_CHANGE = "account_change"
    ABSENCE_CHANGE = "absence_change"
    TOKEN_CHANGE = "token_change"
    PURGE = "purge"
    START = "start"


@dataclass(frozen=True)
class Act:
    """Say what is to be logged.

    `who` in which `role`, from which network `address`; `target`, on what, such as
    `alert:al-12`. `details` is anything that JSON can hold. Texts are cut to the columns'
    lengths, and characters that a database refuses replaced: an act is logged in any case.
    """

    who: str
    role: str
    address: str
    verb: Verb
    target: str
    details: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Entry:
    """Hold one entry as it is stored; `details` is canonical JSON, `at` in UTC."""

    number: int
    at: datetime
    who: str
    role: str
    address: str
    verb: str
    target: str
    details: str
    hash: str

    @classmethod
    def following(cls, number: int, previous: str, act: Act, at: datetime) -> Self:
        """Return the entry of an act, chained to the hash before it."""
        fields: dict[str, Any] = {
            "number": number,
            "at": at.astimezone(UTC),
            "who": _kept(act.who, 200),
            "role": _kept(act.role, 64),
            "address": _kept(act.address, 64),
            "verb": act.verb.value,
            "target": _kept(act.target, 200),
            "details": canonical(act.details),
        }
        return cls(**fields, hash=_hash(fields, previous))

    def hash_after(self, previous: str) -> str:
        """Return the hash that the entry must have after the one before it."""
        fields = dict(vars(self))
        del fields["hash"]
        return _hash(fields, previous)


def canonical(value: Any) -> str:
    """Return JSON of which there is only one for a value, in ASCII.

    Raises TypeError or ValueError on what JSON cannot hold.

    >>> canonical({"b": 1, "a": "物見"})
    '{"a":"\\\\u7269\\\\u898b","b":1}'
    """
    return json.dumps(value, sort_keys=True, separators=(",", ":"), allow_nan=False)


def instant(moment: datetime) -> str:
    """Return a time as hashes and signatures hold it: UTC, microseconds.

    >>> instant(datetime(2015, 3, 4, 1, 3, tzinfo=UTC))
    '2015-03-04T01:03:00.000000+00:00'
    """
    return moment.astimezone(UTC).isoformat(timespec="microseconds")


def _hash(fields: Mapping[str, Any], previous: str) -> str:
    hashed = {**fields, "at": instant(fields["at"]), "previous": previous}
    return hashlib.sha256(_DOMAIN + canonical(hashed).encode()).hexdigest()


def _kept(text: str, length: int) -> str:
    # NUL is no text to PostgreSQL, and half a surrogate pair to nobody.
    return (
        text.encode("utf-8", "replace").decode().replace("\0", "\N{REPLACEMENT CHARACTER}")[:length]
    )
