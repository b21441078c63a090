"""Pseudonyms: the same id is the same name each time, and only who has the key can tell whose."""

from __future__ import annotations

import hashlib
import hmac
import os
import secrets
from pathlib import Path

from schemas.errors import MonomiError

_KEY_BYTES = 32


class Pseudonyms:
    """Name people and residents by a keyed hash of their ids.

    >>> Pseudonyms(b"k" * 32)("op-017")
    'px-81f978c349df9341'
    """

    def __init__(self, key: bytes) -> None:
        self._key = key

    @classmethod
    def load(cls, path: Path) -> Pseudonyms:
        """Return those of a key file, which is made for its owner alone where there is none.

        Raises MonomiError `pseudonym_key_unusable`.
        """
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            try:
                descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            except FileExistsError:
                key = path.read_bytes()
            else:
                key = secrets.token_bytes(_KEY_BYTES)
                with os.fdopen(descriptor, "wb") as file:
                    file.write(key)
        except OSError as error:
            raise _unusable(path, error.strerror or str(error)) from None
        if len(key) < _KEY_BYTES:
            raise _unusable(path, f"it has fewer than {_KEY_BYTES} bytes")
        return cls(key)

    def __call__(self, identifier: str) -> str:
        """Return an id's pseudonym."""
        digest = hmac.digest(self._key, identifier.encode(), hashlib.sha256)
        return "px-" + digest.hex()[:16]


def _unusable(path: Path, why: str) -> MonomiError:
    return MonomiError(
        "pseudonym_key_unusable",
        f"the key of pseudonyms {path} cannot be used ({why}): remove it for a new one",
    )
