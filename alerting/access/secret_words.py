"""Secrets that a browser or a machine shows to be let in; the store has their hashes alone."""

from __future__ import annotations

import hashlib
import secrets

_BYTES = 32


def new_secret(prefix: str = "") -> str:
    """Return a secret that nobody guesses; a prefix lets scanners find it where it leaked."""
    return prefix + secrets.token_urlsafe(_BYTES)


def hash_of(secret: str) -> str:
    """Return what the store keeps: of so long a secret, a plain hash is enough."""
    return hashlib.sha256(secret.encode("utf-8", "replace")).hexdigest()
