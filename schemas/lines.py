"""Files of records, one JSON object a line, plain or packed with gzip or zstd."""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import BinaryIO, NamedTuple, Protocol, TypeVar

import zstandard

from schemas.errors import MalformedError, MonomiError
from schemas.record import Record

SUFFIXES = (".jsonl", ".jsonl.gz", ".jsonl.zst")
"""How the names of such files end."""

MAX_LINE_BYTES = 64 * 1024 * 1024
"""A line over this size is no line of ours, and would fill the memory."""

_CHUNK_BYTES = 1 << 20
_GZIP = 16 + zlib.MAX_WBITS
_Record = TypeVar("_Record", bound=Record)


class Line(NamedTuple):
    """Hold one line as it stands, without its newline; `number` counts from 1."""

    number: int
    value: bytes


def open_lines(path: Path) -> Iterator[Line]:
    """Yield the lines of a file in order; blank lines are passed over, yet counted.

    Raises what `open_blocks` raises.
    """
    number = 0
    for block in open_blocks(path):
        for value in block.split(b"\n"):
            number += 1
            if value and not value.isspace():
                yield Line(number, value)


def open_blocks(path: Path) -> Iterator[bytes]:
    """Yield a file in blocks of whole lines, the last newline of each left out.

    Raises MonomiError `file_missing`, or `file_unreadable` with the line that was reached:
    no permission, damaged or cut-off compression, a line over MAX_LINE_BYTES.
    """
    number = 1
    rest = b""
    try:
        with path.open("rb") as file:
            for chunk in _chunks(path, file):
                block, newline, rest_of_chunk = chunk.rpartition(b"\n")
                if newline:
                    block, rest = rest + block, rest_of_chunk
                    yield block
                    number += block.count(b"\n") + 1
                else:
                    rest += chunk
                if len(rest) > MAX_LINE_BYTES:
                    raise OSError(f"it is longer than {MAX_LINE_BYTES >> 20} MiB")
    except FileNotFoundError:
        raise MonomiError("file_missing", f"{path}: no such file; check its name") from None
    except (OSError, EOFError, zlib.error, zstandard.ZstdError) as error:
        reason = getattr(error, "strerror", None) or error
        raise MonomiError(
            "file_unreadable", f"{path}: cannot be read at line {number}: {reason}"
        ) from None
    if rest:
        yield rest


def read_records(path: Path, record: type[_Record]) -> Iterator[_Record]:
    """Yield the records of a file in order.

    Raises what `open_lines` raises, and MonomiError `line_malformed` naming the line.
    """
    for line in open_lines(path):
        try:
            yield record.parse(line.value)
        except MalformedError as error:
            raise MonomiError(
                "line_malformed", f"{path}, line {line.number}: {error.sentence}"
            ) from None


def _chunks(path: Path, file: BinaryIO) -> Iterator[bytes]:
    if path.suffix == ".gz":
        return _unpacked(file, lambda: zlib.decompressobj(_GZIP))
    if path.suffix == ".zst":
        return _unpacked(file, lambda: zstandard.ZstdDecompressor().decompressobj())
    return iter(lambda: file.read(_CHUNK_BYTES), b"")


class _Frame(Protocol):
    """One packed part of a file, as zlib and zstandard both unpack it."""

    @property
    def eof(self) -> bool: ...
    @property
    def unused_data(self) -> bytes: ...
    def decompress(self, data: bytes, /) -> bytes: ...


def _unpacked(file: BinaryIO, new_frame: Callable[[], _Frame]) -> Iterator[bytes]:
    """Yield the bytes of all frames; raises EOFError where the last one is cut off.

    The libraries' own readers give up what came before the cut, or take it for the end.
    """
    frame, begun = new_frame(), False
    while packed := file.read(_CHUNK_BYTES >> 4):
        while packed:
            begun = True
            yield frame.decompress(packed)
            packed = frame.unused_data
            if frame.eof:
                frame, begun = new_frame(), False
    if begun:
        raise EOFError("the file is cut off")
