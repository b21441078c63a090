"""How a clerk does a piece of work at the terminal, key by key."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass

from benchmarks.island_ward.attendance import Attendance
from benchmarks.island_ward.casework import Case, Ledger, Thread
from benchmarks.island_ward.days import MINUTE, SECOND
from benchmarks.island_ward.records import Act, Log
from benchmarks.island_ward.town import Resident, Town
from benchmarks.island_ward.work import Batch, Business

_BECOMES_A_CASE = 0.3
"""The chance, at every further look-up, that business without a case is made one."""


@dataclass(slots=True)
class Visit:
    """Hold one piece of work wanted at a moment; `cite` and `label` are a misuse's alone."""

    want: int
    kind: Business | Batch
    residents: list[Resident]
    thread: Thread | None = None
    cite: str | None = None
    label: int | None = None


@dataclass(slots=True)
class Hand:
    """Hold what the acts of one piece of work share, and the running clock."""

    attendance: Attendance
    visit: Visit
    at: int
    case_id: str | None = None
    purpose: str | None = None


class Clerk:
    """Turn work into acts."""

    def __init__(self, seed: int, log: Log, ledger: Ledger, town: Town) -> None:
        self.rng = random.Random(f"{seed}:clerk")
        self._log, self._ledger, self._town = log, ledger, town

    def serve(self, visit: Visit, attendance: Attendance, at: int) -> int:
        """Do one piece of work from a moment on; return when it is over."""
        hand = Hand(attendance, visit, at, visit.cite)
        if isinstance(visit.kind, Batch):
            self._batch(hand, visit.kind)
        else:
            self._business(hand, visit.kind)
        return hand.at

    def _business(self, hand: Hand, kind: Business) -> None:
        rng, visit = self.rng, hand.visit
        habits = hand.attendance.operator.habits
        people = list(visit.residents)
        if visit.thread is None and visit.label is None:
            chance = kind.family * habits.family
            people += [p for p in self._town.family(people[0]) if rng.random() < chance]
        case, known = self._case(hand, kind, people)
        if case and known and rng.random() < kind.cites * habits.cites:
            typo = rng.random() < habits.typo
            hand.case_id = self._ledger.mistyped(case.case_id) if typo else case.case_id
        if kind.purpose and rng.random() < 0.9:
            hand.purpose = kind.purpose
        ends = hand.at + int(rng.lognormvariate(0, 0.5) * kind.minutes * MINUTE)
        self._open(hand, kind, people[0], listed=bool(case) and visit.thread is not None)
        for person in people[1:]:
            hand.at += rng.randint(4, 45) * SECOND
            self._act(hand, "view", person)
        if rng.random() < kind.updates:
            hand.at += rng.randint(25, 200) * SECOND
            self._act(hand, "update", people[0])
        if rng.random() < kind.prints:
            hand.at += rng.randint(8, 80) * SECOND
            self._act(hand, "print", people[0], copies=rng.choice([1, 1, 1, 1, 2, 2, 3]))
        hand.at = max(hand.at + rng.randint(10, 60) * SECOND, ends)
        goes_on = visit.thread is None and visit.label is None and rng.random() < kind.spawns
        if goes_on:
            operator, left = hand.attendance.operator, 1 + int(rng.expovariate(1 / kind.visits))
            desk = hand.attendance.desk
            thread = Thread(desk, kind, people, operator, case, left)
            self._ledger.begin(thread, hand.attendance.day)

    def _case(self, hand: Hand, kind: Business, people: list[Resident]) -> tuple[Case | None, bool]:
        visit, operator = hand.visit, hand.attendance.operator
        if visit.label is not None:
            return None, False
        if visit.thread is not None:
            thread = visit.thread
            if thread.case is None and self.rng.random() < _BECOMES_A_CASE:
                desk, people = thread.desk, thread.residents
                thread.case = self._ledger.open(desk, kind, people, operator, hand.at - MINUTE)
                thread.case.closed = None
            case = thread.case
            return case, case is not None and case.opened <= hand.at
        if self.rng.random() >= kind.cased:
            return None, False
        desk = hand.attendance.desk
        return self._ledger.open_for(desk, kind, people, operator, hand.at)

    def _open(self, hand: Hand, kind: Business, person: Resident, listed: bool) -> None:
        """Search for a person and open the record; `listed`: a case is at hand to open it from."""
        rng, habits = self.rng, hand.attendance.operator.habits
        if listed and rng.random() < 0.45:
            self._act(hand, "view", person)
            return
        if rng.random() < kind.missed:
            self._search(hand, kind, hits=0 if rng.random() < 0.7 else rng.randint(20, 90))
            hand.at += rng.randint(6, 40) * SECOND
        wildcard = rng.random() < kind.wildcard * habits.wildcard
        if rng.random() < kind.one_record:
            self._search(hand, kind, wildcard=wildcard, person=person)
            return
        self._search(hand, kind, wildcard=wildcard)
        hand.at += rng.randint(2500, 19000 if not wildcard else 50000)
        self._act(hand, "view", person)

    def _search(
        self,
        hand: Hand,
        kind: Business,
        hits: int | None = None,
        wildcard: bool = False,
        person: Resident | None = None,
    ) -> None:
        rng, prefers = self.rng, hand.attendance.operator.habits.prefers
        weights = [w * (3 if k == prefers else 1) for k, w in kind.searched.items()]
        way = rng.choices(list(kind.searched), weights)[0]
        exact = way in ("resident_id", "my_number")
        wildcard = wildcard and not exact
        if hits is None:
            middle = {"name": 1.6, "address": 3.0, "birthdate": 1.3}.get(way, 1.0)
            many = rng.lognormvariate(0, 0.7) * middle * (9 if wildcard else 1)
            hits = 1 if exact else max(1, int(many))
        self._act(hand, "search", person, (way, wildcard, hits, False))

    def _batch(self, hand: Hand, kind: Batch) -> None:
        rng, visit, operator = self.rng, hand.visit, hand.attendance.operator
        people = _in_order(visit.residents, kind.order)
        if kind.cased != "none" and visit.label is None:
            named: Sequence[Resident] = people if kind.cased == "list" else ()
            before = hand.at - rng.randint(5, 3000) * MINUTE
            desk = hand.attendance.desk
            case = self._ledger.open(desk, kind, list(named), operator, before)
            case.closed = None if case.closed is None else case.closed + 3 * 24 * 60 * MINUTE
            if rng.random() < 0.85 * operator.habits.cites:
                hand.case_id = case.case_id
        last = hand.attendance.spans[-1][1] + 15 * MINUTE
        block, sequential = "", rng.random() < kind.sequential
        for person in people:
            if hand.at > last:
                break
            if kind.searched and (person.block != block or rng.random() < 0.5):
                wildcard = rng.random() < kind.wildcard
                hits = rng.randint(4, 70) if wildcard else rng.randint(1, 3)
                self._act(hand, "search", None, (kind.searched, wildcard, hits, sequential))
                hand.at += rng.randint(2, 12) * SECOND
                block = person.block
            self._act(hand, "view", person)
            if rng.random() < kind.updates:
                hand.at += rng.randint(8, 50) * SECOND
                self._act(hand, "update", person)
            hand.at += int(rng.lognormvariate(-0.2, 0.6) * kind.gap_s * SECOND)
        if kind.ends:
            hand.at += rng.randint(20, 400) * SECOND
            low, high = kind.copies
            copies = int(low * (high / low) ** rng.random())
            self._act(hand, kind.ends, None, copies=copies)
        hand.at += 2 * MINUTE

    def _act(
        self,
        hand: Hand,
        action: str,
        person: Resident | None,
        search: tuple[str, bool, int, bool] | None = None,
        copies: int | None = None,
    ) -> None:
        rng, attendance = self.rng, hand.attendance
        session = attendance.session_at(hand.at)
        shielded = person is not None and person.protected
        hand.at += rng.randint(0, 999)
        act = Act(
            session.terminal.clock(hand.at, attendance.day), attendance.operator.operator_id,
            session.terminal.terminal_id, session.session_id, hand.visit.kind.function, action,
            person.token if person else None, search, hand.case_id, hand.purpose, copies,
            shielded and rng.random() < 0.93, hand.visit.label,
        )  # fmt: skip
        self._log.acts.append(act)


def _in_order(people: list[Resident], order: str) -> list[Resident]:
    if order == "number":
        return sorted(people, key=lambda p: p.token)
    if order == "block":
        return sorted(people, key=lambda p: (p.block, p.household))
    return people
