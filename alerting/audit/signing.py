"""Ed25519 keys of the audit log, and statements signed with them."""

from __future__ import annotations

import base64
import binascii
import hashlib
import logging
import os
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
    load_pem_public_key,
)

from alerting.audit.entry import canonical
from schemas.errors import MonomiError

PRIVATE_NAME = "audit.key"
PUBLIC_NAME = "audit.pub"

_log = logging.getLogger(__name__)


class Signer:
    """Sign statements with a private key; `key_id` names its public half."""

    def __init__(self, key: Ed25519PrivateKey) -> None:
        self._key = key
        self.key_id = _id_of(key.public_key())

    @classmethod
    def load(cls, path: Path) -> Signer:
        """Return the signer of a PEM file; raises MonomiError `key_unusable`.

        Warns in the log where others than its owner may read it.
        """
        try:
            key = load_pem_private_key(_read(path), password=None)
        except (ValueError, TypeError, UnsupportedAlgorithm):
            key = None
        if not isinstance(key, Ed25519PrivateKey):
            raise _unusable(path, "holds no private Ed25519 key in PEM")
        if path.stat().st_mode & 0o077:
            _log.warning("others than its owner may read %s: chmod 600 it", path)
        return cls(key)

    def sign(self, kind: str, statement: Mapping[str, Any]) -> str:
        """Return the signature of a statement of some kind, in base64."""
        return base64.b64encode(self._key.sign(_signed(kind, statement))).decode()

    def public(self) -> PublicKeys:
        """Return the public half, to check with."""
        return PublicKeys([self._key.public_key()])


class PublicKeys:
    """Check statements with the public keys that are trusted; after a change of keys, several."""

    def __init__(self, keys: Iterable[Ed25519PublicKey]) -> None:
        self._keys = {_id_of(key): key for key in keys}

    @classmethod
    def load(cls, paths: Iterable[Path]) -> PublicKeys:
        """Return the keys of PEM files; raises MonomiError `key_unusable`."""
        return cls([_public_key(path) for path in paths])

    def hold(self, kind: str, statement: Mapping[str, Any], key_id: str, signature: str) -> bool:
        """Return whether one of the keys signed this statement as one of this kind."""
        key = self._keys.get(key_id)
        if key is None:
            return False
        try:
            key.verify(base64.b64decode(signature, validate=True), _signed(kind, statement))
        except (InvalidSignature, binascii.Error, ValueError):
            return False
        return True


def make_keys(folder: Path) -> tuple[Path, Path]:
    """Write a new key pair; return the paths of the private and the public key.

    The private one is readable to its owner alone. Raises MonomiError `keys_exist`, or
    `keys_not_written` where the folder cannot be written.
    """
    key = Ed25519PrivateKey.generate()
    private, public = folder / PRIVATE_NAME, folder / PUBLIC_NAME
    private_pem = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    public_pem = key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        if public.exists():
            raise FileExistsError
        _write_new(private, private_pem, 0o600)
        _write_new(public, public_pem, 0o644)
    except FileExistsError:
        raise MonomiError(
            "keys_exist", f"{folder} holds keys already: choose another folder with --out"
        ) from None
    except OSError as error:
        raise MonomiError(
            "keys_not_written", f"{folder} cannot be written: {error.strerror or error}"
        ) from None
    return private, public


def _write_new(path: Path, value: bytes, mode: int) -> None:
    # Never for a moment with other rights than these, and never over what is there.
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode), "wb") as file:
        os.fchmod(file.fileno(), mode)
        file.write(value)
        file.flush()
        os.fsync(file.fileno())


def _public_key(path: Path) -> Ed25519PublicKey:
    try:
        key = load_pem_public_key(_read(path))
    except (ValueError, UnsupportedAlgorithm):
        key = None
    if not isinstance(key, Ed25519PublicKey):
        raise _unusable(path, "holds no public Ed25519 key in PEM")
    return key


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise _unusable(path, f"cannot be read: {error.strerror or error}") from None


def _unusable(path: Path, why: str) -> MonomiError:
    return MonomiError("key_unusable", f"{path} {why}; `monomi audit keys` makes a pair")


def _id_of(key: Ed25519PublicKey) -> str:
    return hashlib.sha256(key.public_bytes(Encoding.Raw, PublicFormat.Raw)).hexdigest()[:16]


def _signed(kind: str, statement: Mapping[str, Any]) -> bytes:
    return f"monomi audit {kind} 1\n{canonical(statement)}".encode()
