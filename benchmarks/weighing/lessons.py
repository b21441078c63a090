"""Make lessons of wards: every judged look-up with its evidence, and whose misuse it was."""

from __future__ import annotations

from pathlib import Path
from zoneinfo import ZoneInfo

import numpy as np

from benchmarks.detection.runs import ward_files
from benchmarks.detection.wards import AskedWard, make_ward, ward_folder
from models.calendar import Calendar
from models.detectors import DETECTORS
from models.policy import Policy
from models.replay import Replay
from models.scorer import Judgement
from models.tables import SIGNS_BESIDE_DETECTORS
from models.training import Lesson
from schemas.alerts import Alert
from schemas.files import Label
from schemas.lines import read_records

_ZONE = ZoneInfo("Asia/Tokyo")
_SKIPPED_DAYS = 40
"""Misuse begins after the warm-up in every ward: earlier look-ups would teach the time."""

_DAY_S = 86_400.0
_PLACE = {detector.name: place for place, detector in enumerate(DETECTORS)}
_COLUMNS = len(DETECTORS) + len(SIGNS_BESIDE_DETECTORS)


def lesson_of(cache: Path, ward: AskedWard) -> Lesson:
    """Return a ward's lesson; the ward is made if need be. Raises MonomiError `ward_damaged`."""
    folder = ward_folder(cache, ward)
    make_ward(folder, ward)
    cases = {
        event_id: place
        for place, label in enumerate(read_records(folder / "labels.jsonl", Label))
        for event_id in label.event_ids
    }
    taken = _Taken(cases)
    context, events = ward_files(folder)
    replay = Replay(context, Policy(), Calendar(_ZONE), _ignored)
    replay.on_judged(taken.take)
    replay.run(events)
    return taken.lesson()


def _ignored(_alert: Alert) -> None:
    """Take an alert for nothing: only judgements teach."""


class _Taken:
    """Take down judgements, at most one row for each."""

    def __init__(self, cases: dict[str, int]) -> None:
        self._cases = cases
        self._first_s = 0.0
        self._rows: list[bytes] = []
        self._of_case: list[int] = []

    def take(self, judgement: Judgement, at_s: float) -> None:
        """Take one judgement down, on arrival or at the end of a clock."""
        self._first_s = self._first_s or at_s
        if at_s - self._first_s < _SKIPPED_DAYS * _DAY_S:
            return
        features, findings = judgement.features, judgement.findings
        if not findings and not features.open:
            return
        row = np.zeros(_COLUMNS, np.float32)
        for finding in findings:
            row[_PLACE[finding.detector]] = finding.evidence
            row[-3] += finding.relief if features.open else 0.0
        row[-2], row[-1] = features.open, features.run if features.open else 0
        self._rows.append(row.tobytes())
        self._of_case.append(self._cases.get(features.look_up.event_id, -1))

    def lesson(self) -> Lesson:
        """Return all rows taken."""
        rows = np.frombuffer(b"".join(self._rows), np.float32).reshape(-1, _COLUMNS)
        case = np.array(self._of_case, np.int32)
        return Lesson(rows[:, :-3], rows[:, -3], rows[:, -2] > 0.0, rows[:, -1], case)
