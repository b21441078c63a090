"""Write a ward's files: events as they arrive, its context, and the labels."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from pathlib import Path
from random import Random
from typing import Protocol

from benchmarks.valley_ward.days import HOUR_S, WEEKDAYS, Calendar
from benchmarks.valley_ward.records import Json
from benchmarks.valley_ward.sections import SECTIONS, Section
from benchmarks.valley_ward.ward import Ward
from schemas.files import Label
from schemas.record import Record
from schemas.topics import TOPICS


class Event(Protocol):
    """Stand for an act, a sign-in or a passage."""

    at: float
    event_id: str

    def line(self) -> Json:
        """Return the record."""
        ...


def write(ward: Ward, folder: Path) -> dict[str, int]:
    """Write all files of a ward into a folder and return how many lines each has."""
    context = folder / "context"
    context.mkdir(parents=True, exist_ok=True)
    rng, end_s = ward.stream("arrival"), ward.calendar.end_s
    cases = [case for case in ward.register.number() if case.opened_at < end_s]
    shifts = sorted(ward.presence.shifts, key=lambda one: (one.starts_at, one.operator_id))
    events: dict[str, Sequence[Event]] = {
        "access.queries": ward.screens.acts,
        "presence.signins": ward.presence.signs,
        "presence.doors": ward.presence.passages,
    }
    counts = {
        name: _events(folder / f"{name}.jsonl.gz", name, rng, [e for e in those if e.at < end_s])
        for name, those in events.items()
    }
    contents: dict[str, Iterable[Json]] = {
        "directory.operators": (one.line() for one in ward.staff.operators),
        "directory.sections": (_section(one, ward.calendar) for one in SECTIONS),
        "directory.terminals": (one.line() for one in ward.building.all()),
        "directory.residents": (one.line() for one in ward.town.residents if one.listed),
        "work.cases": (case.line(end_s) for case in cases),
        "work.shifts": (one.line(f"w{place:06}") for place, one in enumerate(shifts)),
    }
    for name, lines in contents.items():
        counts[name] = _lines(context / f"{name}.jsonl", TOPICS[name].record, lines)
    misuses = sorted(ward.misuses, key=lambda one: min(act.at for act in one.acts))
    labels = (one.line(f"valley-{place:03}") for place, one in enumerate(misuses, 1))
    counts["labels"] = _lines(folder / "labels.jsonl", Label, labels)
    return counts


def _events(path: Path, name: str, rng: Random, events: Sequence[Event]) -> int:
    """Number events by time and write them as they arrive: a few late, a few twice."""
    letter = {"access.queries": "q", "presence.signins": "s", "presence.doors": "d"}[name]
    arrivals: list[tuple[float, int, Json]] = []
    for place, event in enumerate(sorted(events, key=lambda one: one.at)):
        event.event_id = f"{letter}{place:07}"
        line = event.line()
        late_s = 0.0
        if rng.random() < 0.003:
            late_s = rng.choice((rng.uniform(5, 400), rng.uniform(0.1, 6) * HOUR_S))
        arrivals.append((event.at + late_s, place, line))
        if rng.random() < 0.002:
            arrivals.append((event.at + late_s + rng.uniform(0.5, 3600), place, line))
    arrivals.sort(key=lambda arrival: arrival[:2])
    record = TOPICS[name].record
    # Without a time in its head the packed file depends on the seed alone.
    with path.open("wb") as raw, gzip.GzipFile("", "wb", 6, raw, mtime=0) as packed:
        for _, _, line in arrivals:
            packed.write(_json(record, line))
    return len(arrivals)


def _section(section: Section, calendar: Calendar) -> Json:
    """Return a section's record with its late Thursday and its open Sundays."""
    week = WEEKDAYS if section.section_id == "night" else WEEKDAYS[:5]
    hours = {day: [section.opens, section.closes] for day in week}
    openings: list[Json] = []
    if section.section_id == "citizen":
        hours["thu"] = ["08:30", "19:00"]
    for day in calendar.days:
        if section.section_id in ("citizen", "insurance") and calendar.is_open_sunday(day):
            openings.append({"date": str(day), "from": "08:30", "to": "17:15"})
    if section.section_id == "night":
        openings = [{"date": str(d), "from": "00:00", "to": "24:00"} for d in _closed(calendar)]
    return {
        "section_id": section.section_id,
        "name": {"en": section.en, "ja": section.ja},
        "head_id": "head-health" if section.site_id == "health" else "head-hall",
        "hours": hours,
        "openings": openings,
    }


def _closed(calendar: Calendar) -> list[date]:
    """Return the days on which the office is shut though its week says otherwise."""
    days = [*calendar.days, calendar.last + timedelta(days=1)]
    return [day for day in days if day.weekday() < 5 and not calendar.is_worked(day)] + [
        day for day in days if day.weekday() > 4 and not calendar.is_worked(day)
    ]


def _lines(path: Path, record: type[Record], lines: Iterable[Json]) -> int:
    written = [_json(record, line) for line in lines]
    path.write_bytes(b"".join(written))
    return len(written)


def _json(record: type[Record], line: Json) -> bytes:
    """Return a line that the schema accepts; a mistake of ours stops the run here."""
    text = json.dumps(line, ensure_ascii=False, separators=(",", ":")).encode()
    record.parse(text)
    return text + b"\n"
