"""Act at a terminal: find a resident, open the record, print, type in a case number."""

from __future__ import annotations

import random
from dataclasses import dataclass
from typing import Any

from benchmarks.hill_ward.attendance import Workday
from benchmarks.hill_ward.ledger import Case, Ledger, Seat
from benchmarks.hill_ward.town import Town

_WARNS = ("juminhyo", "koseki", "jido", "kokuho")
"""Systems that show the warning for protected residents; the others are older."""


@dataclass
class Act:
    """Hold how one resident is opened."""

    operator_id: str
    seat: Seat
    function: str
    case_id: str | None = None
    purpose: str | None = None
    one_record: bool = False
    wildcard: float = 0.05
    direct: float = 0.35
    """How likely the record is opened without a search, from a list or a number at hand."""


class Desk:
    """Write what people do at terminals."""

    def __init__(self, rng: random.Random, ledger: Ledger, town: Town) -> None:
        self._rng = rng
        self._ledger = ledger
        self._town = town

    def open(self, act: Act, at_ms: int, resident: int) -> tuple[int, list[tuple[int, str]]]:
        """Find and view one resident; return the time afterwards and what was written when."""
        rng, look_up = self._rng, self._ledger.look_up
        more = self._given(act, resident)
        if rng.random() < act.direct:
            written = look_up(
                act.operator_id, act.seat, at_ms, act.function, "view", resident, **more
            )
            return at_ms + rng.randint(12, 75) * 1000, [(at_ms, written)]
        found = self.search(rng.random() < act.wildcard)
        if act.one_record and rng.random() < 0.8:
            written = look_up(
                act.operator_id,
                act.seat,
                at_ms,
                act.function,
                "search",
                resident,
                search=found,
                **more,
            )
            return at_ms + rng.randint(15, 80) * 1000, [(at_ms, written)]
        first = (at_ms, self.blank_search(act, at_ms, found))
        at_ms += rng.randint(3, 22) * 1000 + rng.randrange(1000)
        second = look_up(act.operator_id, act.seat, at_ms, act.function, "view", resident, **more)
        return at_ms + rng.randint(15, 80) * 1000, [first, (at_ms, second)]

    def blank_search(self, act: Act, at_ms: int, found: dict[str, Any]) -> str:
        """Search without opening anybody."""
        return self._ledger.look_up(
            act.operator_id,
            act.seat,
            at_ms,
            act.function,
            "search",
            search=found,
            case_id=act.case_id if self._rng.random() < 0.4 else None,
        )

    def issue(
        self, act: Act, at_ms: int, resident: int, action: str, copies: int | None = None
    ) -> str:
        """Print or update a resident's record."""
        return self._ledger.look_up(
            act.operator_id,
            act.seat,
            at_ms,
            act.function,
            action,
            resident,
            copies=copies,
            **self._given(act, resident),
        )

    def take_list(
        self, act: Act, at_ms: int, action: str, copies: int, found: dict[str, Any] | None = None
    ) -> str:
        """Print or export a list that names no single resident."""
        return self._ledger.look_up(
            act.operator_id,
            act.seat,
            at_ms,
            act.function,
            action,
            copies=copies,
            search=found,
            case_id=act.case_id,
            purpose=act.purpose,
        )

    def search(self, wildcard: bool, sequential: bool = False) -> dict[str, Any]:
        """Return how somebody was searched for."""
        rng = self._rng
        kind = rng.choices(
            ("name", "birthdate", "address", "resident_id", "my_number"), (52, 20, 11, 15, 2)
        )[0]
        if wildcard:
            kind = rng.choice(("name", "name", "address"))
        hits = min(400, int(rng.paretovariate(0.9)) + 3) if wildcard else self._hits(kind)
        return {"kind": kind, "wildcard": wildcard, "hits": hits, "sequential": sequential}

    def _hits(self, kind: str) -> int:
        if kind in ("resident_id", "my_number"):
            return 1
        return self._rng.choice((0, 1, 1, 1, 1, 1, 2, 2, 3, 5))

    def _given(self, act: Act, resident: int) -> dict[str, Any]:
        protected = self._town.residents[resident].protected
        warned = protected and act.function.startswith(_WARNS)
        return {
            "case_id": act.case_id,
            "purpose": act.purpose,
            "warning_overridden": warned and self._rng.random() < 0.88,
        }


class Numbers:
    """Let clerks give case numbers as they do: mostly right, sometimes not, sometimes none."""

    def __init__(self, rng: random.Random, ledger: Ledger) -> None:
        self._rng = rng
        self._ledger = ledger

    def typed(self, workday: Workday, case: Case) -> str | None:
        """Return what the clerk types for a case."""
        careless = workday.clerk.carelessness + (0.15 if workday.novice else 0.0)
        draw = self._rng.random()
        if draw < 0.02 + 0.25 * careless:
            return None
        if draw > 1 - 0.004 - 0.05 * careless:
            digits = list(case.case_id)
            digits[-1 - self._rng.randrange(3)] = str(self._rng.randrange(10))
            return "".join(digits)
        return case.case_id

    def purpose(self, function: str) -> str | None:
        """Return the purpose code where the screen asks for one."""
        if not function.startswith(("juminhyo", "koseki", "taino")):
            return None
        return self._rng.choices(("p.apply", "p.check", "p.letter", "p.other"), (50, 30, 12, 8))[0]
