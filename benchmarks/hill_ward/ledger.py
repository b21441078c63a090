"""Keep every record that the ward writes, and know which cases cover which look-ups."""

from __future__ import annotations

import json
import random
from dataclasses import dataclass
from typing import Any

from benchmarks.hill_ward.seasons import DAY_MS, MINUTE_MS, Calendar
from benchmarks.hill_ward.town import Town

_GRACE_MS = 30 * DAY_MS
_FOREVER_MS = 10_000 * DAY_MS


@dataclass(slots=True)
class Case:
    """Hold one case of a section."""

    case_id: str
    code: str
    functions: list[str]
    residents: list[int]
    assigned_to: list[str]
    opened_ms: int
    closed_ms: int | None


@dataclass(frozen=True, slots=True)
class Seat:
    """Hold one sign-in at one terminal, from when to when."""

    from_ms: int
    to_ms: int
    terminal_id: str
    session_id: str


def line_of(record: dict[str, Any]) -> str:
    """Return a record as one line of JSON."""
    return json.dumps(record, ensure_ascii=False, separators=(",", ":"))


class Ledger:
    """Collect look-ups, sign-ins, doors, cases and shifts in the order of their arrival."""

    def __init__(self, rng: random.Random, calendar: Calendar, town: Town) -> None:
        self._rng = rng
        self.calendar = calendar
        self._town = town
        self.queries: list[tuple[int, str]] = []
        self.signins: list[tuple[int, str]] = []
        self.doors: list[tuple[int, str]] = []
        self.shifts: list[dict[str, Any]] = []
        self.cases: dict[str, list[Case]] = {}
        self._cover: dict[tuple[str, int], list[Case]] = {}
        # The clocks of the other two sources go wrong by seconds to a minute or two.
        self._signin_skew_ms = rng.choice((-1, 1)) * rng.randint(4_000, 70_000)
        self._door_skew_ms = rng.choice((-1, 1)) * rng.randint(15_000, 110_000)

    def new_id(self, prefix: str) -> str:
        """Return an identifier that tells nothing of when it was made."""
        return f"{prefix}{self._rng.getrandbits(56):014x}"

    def look_up(
        self,
        operator_id: str,
        seat: Seat,
        at_ms: int,
        function: str,
        action: str,
        resident: int | None = None,
        **more: Any,
    ) -> str:
        """Write one look-up and return its event_id; `more` are fields of the contract."""
        record: dict[str, Any] = {
            "event_id": self.new_id("q"),
            "occurred_at": self.calendar.stamp(at_ms),
            "operator_id": operator_id,
            "terminal_id": seat.terminal_id,
            "session_id": seat.session_id,
            "function": function,
            "action": action,
            "resident_id": None if resident is None else self._town.residents[resident].token,
        }
        record.update((key, value) for key, value in more.items() if value not in (None, False))
        self._arrive(self.queries, at_ms, record, 0.003)
        return str(record["event_id"])

    def sign_in(
        self, operator_id: str, at_ms: int, seat: Seat, method: str, outcome: str = "success"
    ) -> None:
        """Write a sign-in, a failed try or a sign-out; a few get lost."""
        if self._rng.random() < 0.003:
            return
        jitter_ms = self._rng.randint(-1500, 1500)
        record = {
            "event_id": self.new_id("s"),
            "occurred_at": self.calendar.stamp(at_ms + self._signin_skew_ms + jitter_ms),
            "operator_id": operator_id,
            "terminal_id": seat.terminal_id,
            "session_id": None if outcome == "failure" else seat.session_id,
            "method": method,
            "outcome": outcome,
        }
        self._arrive(self.signins, at_ms, record, 0.002)

    def door(self, operator_id: str, at_ms: int, zone: str, direction: str) -> None:
        """Write a passage; now and then somebody holds the door open for another."""
        if self._rng.random() < 0.02:
            return
        jitter_ms = self._rng.randint(-25_000, 25_000)
        record = {
            "event_id": self.new_id("d"),
            "occurred_at": self.calendar.stamp(at_ms + self._door_skew_ms + jitter_ms),
            "operator_id": operator_id,
            "zone_id": zone,
            "direction": direction,
        }
        self._arrive(self.doors, at_ms, record, 0.002)

    def shift(self, operator_id: str, starts_ms: int, ends_ms: int, kind: str) -> None:
        """Write an approved span of work."""
        self.shifts.append(
            {
                "shift_id": f"w{len(self.shifts):06}",
                "operator_id": operator_id,
                "starts_at": self.calendar.stamp(starts_ms),
                "ends_at": self.calendar.stamp(ends_ms),
                "kind": kind,
            }
        )

    def open_case(
        self,
        code: str,
        functions: list[str],
        residents: list[int],
        assigned_to: list[str],
        opened_ms: int,
        closed_ms: int,
    ) -> Case:
        """Register a case; one that outlasts the run is still open at its end."""
        cases = self.cases.setdefault(code, [])
        closed = closed_ms if closed_ms < self.calendar.days * DAY_MS else None
        number = f"{code[:3]}-{len(cases) + 4001:06}"
        case = Case(number, code, functions, residents, assigned_to, opened_ms, closed)
        cases.append(case)
        for resident in residents:
            self._cover.setdefault((code, resident), []).append(case)
        return case

    def is_covered(self, codes: set[str], resident: int, at_ms: int, slack_ms: int = 0) -> bool:
        """Return whether a case of these sections covers the resident at that time.

        `slack_ms` also counts cases that open so much later.
        """
        return any(
            case.opened_ms - slack_ms <= at_ms <= _end_ms(case)
            for code in codes
            for case in self._cover.get((code, resident), ())
        )

    def case_records(self) -> list[dict[str, Any]]:
        """Return all cases as the case system lists them, oldest first."""
        cases = sorted(
            (case for cases in self.cases.values() for case in cases),
            key=lambda case: (case.opened_ms, case.case_id),
        )
        return [
            {
                "case_id": case.case_id,
                "section_id": case.code,
                "functions": case.functions,
                "resident_ids": [self._town.residents[i].token for i in case.residents],
                "assigned_to": case.assigned_to,
                "opened_at": self.calendar.stamp(case.opened_ms),
                "closed_at": None
                if case.closed_ms is None
                else self.calendar.stamp(max(case.closed_ms, case.opened_ms + MINUTE_MS)),
            }
            for case in cases
        ]

    def _arrive(
        self, lines: list[tuple[int, str]], at_ms: int, record: dict[str, Any], late: float
    ) -> None:
        draw = self._rng.random()
        delay_ms = int(draw * 2500)
        if draw < late:
            far = self._rng.random() < 0.2
            delay_ms = self._rng.randint(15, 420) * MINUTE_MS if far else int(draw / late * 600_000)
        line = line_of(record)
        lines.append((at_ms + delay_ms, line))
        if draw > 0.9985:
            lines.append((at_ms + delay_ms + self._rng.randint(500, 900_000), line))


def _end_ms(case: Case) -> int:
    return _FOREVER_MS if case.closed_ms is None else case.closed_ms + _GRACE_MS
