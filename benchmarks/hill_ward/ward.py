"""Build the ward, let it work, and write its files."""

from __future__ import annotations

import gzip
import random
from collections.abc import Iterable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from benchmarks.hill_ward.attendance import Attendance
from benchmarks.hill_ward.careers import shape_careers
from benchmarks.hill_ward.desk import Desk
from benchmarks.hill_ward.honest import HonestWork
from benchmarks.hill_ward.insiders import misuse
from benchmarks.hill_ward.ledger import Ledger, line_of
from benchmarks.hill_ward.oddities import Oddities
from benchmarks.hill_ward.offices import furnish, section_records
from benchmarks.hill_ward.scheme import Ward
from benchmarks.hill_ward.seasons import Calendar
from benchmarks.hill_ward.staff import hire, operator_records
from benchmarks.hill_ward.town import settle

_FIRST_DAYS = (date(2024, 9, 9), date(2025, 1, 6), date(2025, 9, 8))
"""Two runs go from autumn over both transfer days, one from New Year into summer."""


def generate(
    out: Path, seed: int, days: int = 210, operators: int = 70, residents: int = 12_000
) -> dict[str, int]:
    """Write a ward into a folder; return how many lines each file has."""
    rng = random.Random(f"hill-{seed}")
    first = rng.choice(_FIRST_DAYS) + timedelta(days=7 * rng.randint(0, 1))
    ward = _work(rng, Calendar(first, days), operators, residents)
    labels = misuse(rng, ward)
    ledger, context = ward.ledger, out / "context"
    context.mkdir(parents=True, exist_ok=True)
    counts = {
        "access.queries": _pack(out / "access.queries.jsonl.gz", ledger.queries),
        "presence.signins": _pack(out / "presence.signins.jsonl.gz", ledger.signins),
        "presence.doors": _pack(out / "presence.doors.jsonl.gz", ledger.doors),
        "labels": _write(out / "labels.jsonl", labels),
    }
    files: dict[str, list[dict[str, Any]]] = {
        "directory.operators": operator_records(ward.calendar, ward.town, ward.clerks),
        "directory.sections": section_records(ward.calendar),
        "directory.terminals": ward.premises.records(),
        "directory.residents": ward.town.records(),
        "work.cases": ledger.case_records(),
        "work.shifts": ledger.shifts,
    }
    for name, records in files.items():
        counts[name] = _write(context / f"{name}.jsonl", records)
    return counts


def _work(rng: random.Random, calendar: Calendar, operators: int, residents: int) -> Ward:
    """Let everybody do their honest work, day by day."""
    town = settle(rng, residents)
    clerks = hire(rng, calendar, town, operators)
    shape_careers(rng, calendar, clerks)
    homes: dict[str, int] = {}
    for clerk in clerks:
        homes[clerk.postings[0].code] = homes.get(clerk.postings[0].code, 0) + 1
    premises = furnish(homes)
    ledger = Ledger(rng, calendar, town)
    desk = Desk(rng, ledger, town)
    attendance = Attendance(rng, calendar, premises, ledger)
    work = HonestWork(rng, calendar, town, ledger, desk)
    oddities = Oddities(rng, calendar, town, work, desk)
    for day in range(calendar.days):
        workdays = attendance.attend(clerks, day)
        for workday in workdays:
            work.serve(workday)
        oddities.happen(workdays)
    return Ward(calendar, town, premises, clerks, ledger, desk, attendance, work, oddities)


def _pack(path: Path, lines: list[tuple[int, str]]) -> int:
    """Write lines in the order of their arrival; the same lines give the same bytes."""
    lines.sort()
    text = "".join(f"{line}\n" for _, line in lines)
    path.write_bytes(gzip.compress(text.encode(), compresslevel=5, mtime=0))
    return len(lines)


def _write(path: Path, records: Iterable[dict[str, Any]]) -> int:
    lines = [line_of(record) for record in records]
    path.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    return len(lines)
