"""Passwords: what is a good one, and how it is kept (argon2id)."""

from __future__ import annotations

import asyncio

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError, VerifyMismatchError

from schemas.errors import MonomiError

LEAST_CHARS, MOST_CHARS = 12, 200

_HASHER = PasswordHasher()  # RFC 9106's second choice: 64 MiB, three passes
_NOBODYS = _HASHER.hash("of an account that there is not")


def checked_password(password: str, name: str) -> str:
    """Return a password that will do; raises MonomiError `password_weak`."""
    if not LEAST_CHARS <= len(password) <= MOST_CHARS:
        raise MonomiError(
            "password_weak", f"take a password of {LEAST_CHARS} to {MOST_CHARS} characters"
        )
    if name.lower() in password.lower() or len(set(password)) < 5:
        raise MonomiError(
            "password_weak", "take a password without the name in it, of more than four characters"
        )
    return password


async def hashed(password: str) -> str:
    """Return what is kept of a password; it takes a tenth of a second, in a thread."""
    return await asyncio.to_thread(_HASHER.hash, password)


async def is_right(password_hash: str | None, password: str) -> bool:
    """Return whether a password is the one; without a hash it takes as long, and is not."""
    return await asyncio.to_thread(_verify, password_hash, password)


def needs_rehash(password_hash: str) -> bool:
    """Return whether a hash was made with weaker settings than today's."""
    return _HASHER.check_needs_rehash(password_hash)


def _verify(password_hash: str | None, password: str) -> bool:
    try:
        _HASHER.verify(password_hash or _NOBODYS, password[:MOST_CHARS])
    except (VerifyMismatchError, VerificationError, InvalidHashError):
        return False
    return password_hash is not None
