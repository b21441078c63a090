"""Wards of several makings, simulated once and kept on disk."""

from __future__ import annotations

import contextlib
import hashlib
import io
import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Literal, NamedTuple

import benchmarks.harbour_ward
import benchmarks.hill_ward
import benchmarks.island_ward
import benchmarks.plain_ward
import benchmarks.valley_ward
import simulation
from benchmarks.harbour_ward.__main__ import main as harbour
from benchmarks.hill_ward.__main__ import main as hill
from benchmarks.island_ward.__main__ import main as island
from benchmarks.plain_ward.__main__ import main as plain
from benchmarks.valley_ward.__main__ import main as valley
from schemas.errors import MonomiError
from simulation import WardPlan, simulate_ward, write_ward

Making = Literal["own", "harbour", "plain", "hill", "valley", "island"]
TAUGHT: tuple[Making, ...] = ("own", "harbour", "plain", "hill")
"""What the weights are learned on; `own` is the product's simulator."""

HELD_OUT: tuple[Making, ...] = ("valley", "island")
"""No parameter was chosen on them, and no weight learned."""

MAKINGS: tuple[Making, ...] = (*TAUGHT, *HELD_OUT)
_SOURCES = {
    "own": simulation,
    "harbour": benchmarks.harbour_ward,
    "plain": benchmarks.plain_ward,
    "hill": benchmarks.hill_ward,
    "valley": benchmarks.valley_ward,
    "island": benchmarks.island_ward,
}
_FOREIGN: dict[Making, Callable[[list[str]], None]] = {
    "harbour": harbour,
    "plain": plain,
    "hill": hill,
    "valley": valley,
    "island": island,
}


class Size(NamedTuple):
    """Say how large a ward is; `operators` are the staff at a time."""

    days: int = 200
    operators: int = 70
    residents: int = 12_000


class AskedWard(NamedTuple):
    """Name one ward: equal ones have byte-identical files."""

    making: Making
    seed: int
    size: Size


def ward_folder(cache: Path, ward: AskedWard) -> Path:
    """Return where a ward lies; a change of its simulator's code gives another folder."""
    digest = hashlib.sha256()
    for path in sorted(Path(str(_SOURCES[ward.making].__file__)).parent.rglob("*.py")):
        digest.update(path.read_bytes())
    days, operators, residents = ward.size
    name = f"{ward.making}-{ward.seed}-{days}d-{operators}o-{residents}r-{digest.hexdigest()[:8]}"
    return cache / name


def make_ward(folder: Path, ward: AskedWard) -> None:
    """Simulate a ward into a folder, unless it is there.

    The folder appears under its name only when it is whole. Raises MonomiError
    `folder_not_writable`, and `plan_out_of_range` on a size that makes no ward.
    """
    if folder.is_dir():
        return
    partial = folder.with_name(f".{folder.name}.{os.getpid()}")
    days, operators, residents = ward.size
    try:
        partial.mkdir(parents=True, exist_ok=True)
        if ward.making == "own":
            plan = WardPlan(ward.seed, days=days, operators=operators, residents=residents)
            write_ward(simulate_ward(plan), partial)
        else:
            sizes = {"days": days, "operators": operators, "residents": residents}
            asked = {"out": partial, "seed": ward.seed, **sizes}
            options = [text for key, size in asked.items() for text in (f"--{key}", str(size))]
            with contextlib.redirect_stdout(io.StringIO()):
                _FOREIGN[ward.making](options)
        partial.replace(folder)
    except OSError as error:
        reason = error.strerror or str(error)
        raise MonomiError(
            "folder_not_writable",
            f"Cannot write into {folder.parent} ({reason}); name another by --cache.",
        ) from error
    finally:
        shutil.rmtree(partial, ignore_errors=True)
