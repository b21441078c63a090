"""What tests need to wait for processes, and to put others in their place."""

from __future__ import annotations

import os
import socket
import time
from collections.abc import Callable
from pathlib import Path

DEADLINE_S = 30.0


def eventually(condition: Callable[[], bool], timeout_s: float = DEADLINE_S) -> bool:
    """Poll a condition until it holds or the deadline has passed; return whether it holds."""
    deadline = time.monotonic() + timeout_s
    while not condition() and time.monotonic() < deadline:
        time.sleep(0.02)
    return condition()


def free_port() -> int:
    """Return a port of this machine that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def is_gone(pid: int) -> bool:
    """Tell whether no process has the id."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return True
    return False


def program(path: Path, script: str) -> Path:
    """Write a shell script that stands in for java."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(0o755)
    return path


def answering(version: str) -> str:
    """Return the script of a java of that version, which does nothing else."""
    return f"""echo 'openjdk version "{version}" 2025-01-01' >&2"""
