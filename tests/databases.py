"""Databases for the tests of the store: new SQLite files, and a private PostgreSQL."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import tempfile
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest

NewStore = Callable[[], str]
"""Returns the location of a store that is not there yet."""


@contextmanager
def postgres() -> Iterator[NewStore]:
    """Run a PostgreSQL of our own behind a socket in a folder of its own; no port is taken."""
    programs = _programs()
    # Not pytest's folder: only root may pass through it, and PostgreSQL refuses to be root.
    folder = Path(tempfile.mkdtemp(prefix="monomi-pg-"))
    user = "postgres" if os.geteuid() == 0 else None
    try:
        if user is not None:
            os.chown(folder, pwd.getpwnam(user).pw_uid, -1)

        def run(program: str, *arguments: str) -> None:
            command = [str(programs / program), "-D", str(folder / "data"), *arguments]
            with (folder / "output").open("wb") as output:
                # Not a pipe: the server keeps it open, and one would wait for its end.
                done = subprocess.run(
                    command, user=user, cwd=folder, stdout=output, stderr=output, check=False
                )
            assert done.returncode == 0, (folder / "output").read_text()

        run("initdb", "-U", "monomi", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "-N")
        options = f"-c listen_addresses= -c unix_socket_directories={folder} -c fsync=off"
        run("pg_ctl", "-w", "-l", str(folder / "log"), "-o", options, "start")
        try:
            yield lambda: _new_database(folder)
        finally:
            run("pg_ctl", "-m", "immediate", "stop")
    finally:
        shutil.rmtree(folder)


def _programs() -> Path:
    """Return the folder of PostgreSQL's programs; skip, and name the package, without it."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    on_path = shutil.which("initdb")
    if found:
        return found[-1].parent
    if on_path is not None:
        return Path(on_path).parent
    sentence = "needs Debian's package postgresql"
    if os.environ.get("CI") == "true":
        pytest.fail(sentence)
    pytest.skip(sentence)


def _new_database(folder: Path) -> str:
    name = f"t{uuid.uuid4().hex[:12]}"
    with psycopg.connect(f"host={folder} user=monomi dbname=postgres", autocommit=True) as server:
        server.execute(f"CREATE DATABASE {name}")
    return f"postgresql://monomi@/{name}?host={folder}"
