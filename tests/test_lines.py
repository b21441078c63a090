"""Files of records: what is read, and how a bad file is named."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest
import zstandard

from schemas.errors import MonomiError
from schemas.files import Label
from schemas.lines import Line, open_blocks, open_lines, read_records

TEXT = b'{"a": 1}\r\n\n  \n{"b": "\xff"}\nlast'
LINES = [Line(1, b'{"a": 1}\r'), Line(4, b'{"b": "\xff"}'), Line(5, b"last")]
LABEL = (
    b'{"label_id":"c1","kind":"founding","operator_id":"op1","resident_id":null,'
    b'"event_ids":["e1"],"starts_at":"2014-10-21T10:00:00+09:00",'
    b'"ends_at":"2014-10-21T10:00:00+09:00"}\n'
)


def packed(name: str, data: bytes) -> bytes:
    """Return `data` as a file of this name would hold it, in two frames."""
    half = len(data) // 2
    if name.endswith(".gz"):
        return gzip.compress(data[:half]) + gzip.compress(data[half:])
    if name.endswith(".zst"):
        pack = zstandard.ZstdCompressor().compress
        return pack(data[:half]) + pack(data[half:])
    return data


@pytest.mark.parametrize("name", ["a.jsonl", "a.jsonl.gz", "a.jsonl.zst"])
def test_lines_come_as_they_stand_with_their_numbers(name: str, tmp_path: Path) -> None:
    """Bytes are kept, blank lines are counted and passed over, the last needs no newline."""
    path = tmp_path / name
    path.write_bytes(packed(name, TEXT))
    assert list(open_lines(path)) == LINES


@pytest.mark.parametrize("name", ["a.jsonl", "a.jsonl.gz", "a.jsonl.zst"])
def test_blocks_hold_whole_lines_however_the_file_is_cut(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A line may span many pieces, and a piece hold many lines."""
    path = tmp_path / name
    data = b"\n".join(b"x" * (n % 50) for n in range(500)) + b"\n\n\n last"
    path.write_bytes(packed(name, data))
    for size in (16, 100, 1 << 20):
        monkeypatch.setattr("schemas.lines._CHUNK_BYTES", size)
        assert b"\n".join(open_blocks(path)) == data
        assert list(open_lines(path)) == [
            Line(n, value) for n, value in enumerate(data.split(b"\n"), 1) if value
        ]


@pytest.mark.parametrize("name", ["a.jsonl", "a.jsonl.gz", "a.jsonl.zst"])
def test_an_empty_file_has_no_lines(name: str, tmp_path: Path) -> None:
    """A day without records is no error."""
    (tmp_path / name).write_bytes(b"")
    assert list(open_lines(tmp_path / name)) == []


@pytest.mark.parametrize("name", ["a.jsonl.gz", "a.jsonl.zst"])
def test_a_cut_off_file_is_named_with_the_line_it_reached(name: str, tmp_path: Path) -> None:
    """A half-copied archive must not pass for a whole one."""
    path = tmp_path / name
    path.write_bytes(packed(name, b"".join(b"%d\n" % n for n in range(100_000)))[:-9])
    with pytest.raises(MonomiError, match=rf"{name}: cannot be read at line \d\d+") as caught:
        list(open_lines(path))
    assert caught.value.code == "file_unreadable"


@pytest.mark.parametrize("name", ["a.jsonl.gz", "a.jsonl.zst"])
def test_a_file_that_is_not_what_its_name_says_is_unreadable(name: str, tmp_path: Path) -> None:
    """Plain text under a packed name is an error, not an empty file."""
    (tmp_path / name).write_bytes(TEXT)
    with pytest.raises(MonomiError, match=name) as caught:
        list(open_lines(tmp_path / name))
    assert caught.value.code == "file_unreadable"


def test_a_missing_file_and_a_folder_are_named(tmp_path: Path) -> None:
    """The sentence names the path, so that a typing error is seen."""
    with pytest.raises(MonomiError, match=r"gone\.jsonl: no such file") as caught:
        list(open_lines(tmp_path / "gone.jsonl"))
    assert caught.value.code == "file_missing"
    with pytest.raises(MonomiError) as caught:
        list(open_lines(tmp_path))
    assert caught.value.code == "file_unreadable"


def test_a_broken_record_is_named_by_file_and_line(tmp_path: Path) -> None:
    """Records before it are read; the sentence says which line and what is wrong."""
    path = tmp_path / "labels.jsonl"
    path.write_bytes(LABEL + b"\n" + LABEL.replace(b"+09:00", b"", 1))
    records = read_records(path, Label)
    assert next(records).label_id == "c1"
    with pytest.raises(MonomiError, match=r"labels\.jsonl, line 3: starts_at: .*offset"):
        next(records)
