"""A ward on disk: the files that `monomi replay`, `produce` and `evaluate` read."""

from __future__ import annotations

import gzip
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import msgspec

from schemas.errors import MonomiError
from simulation.jobs import Record
from simulation.ward import Progress, Ward

_LINES_A_STEP = 5000
_COMPRESSION = 5


def prepare_folder(folder: Path) -> None:
    """Make the folder for a ward and its `context`, and try that files can be made there.

    Raises MonomiError `folder_not_writable`.
    """
    trial = folder / "context" / ".trial"
    try:
        trial.parent.mkdir(parents=True, exist_ok=True)
        trial.touch()
        trial.unlink()
    except OSError as error:
        raise _not_writable(folder, error) from error


def write_ward(ward: Ward, out_dir: Path, progress: Progress | None = None) -> None:
    """Write a ward's files; equal wards make byte-identical files.

    `progress` is told lines written and lines in all. Each file appears under its name only
    when it is whole. Raises MonomiError `folder_not_writable`.
    """
    prepare_folder(out_dir)
    files: list[tuple[Path, list[Record]]] = [
        *((out_dir / f"{topic}.jsonl.gz", rows) for topic, rows in ward.events.items()),
        *((out_dir / "context" / f"{topic}.jsonl", rows) for topic, rows in ward.context.items()),
        (out_dir / "labels.jsonl", ward.labels),
    ]
    total = sum(len(rows) for _, rows in files)
    done = 0

    def step(lines: int) -> None:
        nonlocal done
        done += lines
        if progress is not None:
            progress(done, total)

    try:
        for path, rows in files:
            _write(path, _chunks(rows, step))
    except OSError as error:
        raise _not_writable(out_dir, error) from error


def _chunks(rows: list[Record], step: Callable[[int], None]) -> Iterator[bytes]:
    encoder = msgspec.json.Encoder()
    for start in range(0, len(rows), _LINES_A_STEP):
        part = rows[start : start + _LINES_A_STEP]
        yield encoder.encode_lines(part)
        step(len(part))


def _write(path: Path, chunks: Iterable[bytes]) -> None:
    """Write a file beside its place and move it there when it is whole."""
    partial = path.with_name(f".{path.name}.part")
    with partial.open("wb") as file:
        if path.suffix == ".gz":
            # No name and no time in the header: the bytes depend on the records alone.
            with gzip.GzipFile("", "wb", _COMPRESSION, file, mtime=0) as packed:
                for chunk in chunks:
                    packed.write(chunk)
        else:
            for chunk in chunks:
                file.write(chunk)
    partial.replace(path)


def _not_writable(folder: Path, error: OSError) -> MonomiError:
    reason = error.strerror or str(error)
    return MonomiError(
        "folder_not_writable",
        f"Cannot write into {folder} ({reason}); choose a folder that you may write to.",
    )
