"""Do the honest work of a day: tickets, calls, files on the desk, files handed over."""

from __future__ import annotations

import random
from collections.abc import Callable

from benchmarks.hill_ward.attendance import Workday
from benchmarks.hill_ward.desk import Act, Desk, Numbers
from benchmarks.hill_ward.ledger import Case, Ledger
from benchmarks.hill_ward.offices import OFFICES, Office
from benchmarks.hill_ward.seasons import DAY_MS, HOUR_MS, MINUTE_MS, Calendar
from benchmarks.hill_ward.town import Town

_GRACE_MS = 30 * DAY_MS


class HonestWork:
    """Serve the residents of the hill."""

    def __init__(
        self, rng: random.Random, calendar: Calendar, town: Town, ledger: Ledger, desk: Desk
    ) -> None:
        self._rng = rng
        self._calendar = calendar
        self._town = town
        self._ledger = ledger
        self._desk = desk
        self.numbers = Numbers(rng, ledger)
        self._dossiers: dict[tuple[str, str], list[Case]] = {}
        self._inbox: dict[str, list[tuple[int, Case]]] = {code: [] for code in OFFICES}
        self._met: dict[str, set[int]] = {}
        self._tasks: tuple[Callable[[Workday, int, Act], int], ...] = (
            self._ticket,
            self._call,
            self._file,
            self._handover,
        )

    def serve(self, workday: Workday) -> None:
        """Do one clerk's look-ups of one day."""
        rng, office = self._rng, workday.office
        hours = (workday.ends_ms - workday.starts_ms) / HOUR_MS - 1.0
        load = office.look_ups_a_day * workday.clerk.pace * hours / 7.75
        load *= self._calendar.busy(office.code, workday.day) * rng.lognormvariate(0.0, 0.22)
        left = max(2, round(load))
        while left > 0:
            at_ms, _ = workday.moment(rng)
            task = rng.choices(self._tasks, office.mix)[0]
            left -= task(workday, at_ms, self.act(workday, at_ms))
            if workday.novice and rng.random() < 0.12:
                act = self.act(workday, at_ms)
                self._desk.blank_search(act, at_ms - 25_000, self._desk.search(True))
                left -= 1

    def act(self, workday: Workday, at_ms: int) -> Act:
        """Return a plain act of a clerk at the seat where they are at that time."""
        office, clerk = workday.office, workday.clerk
        seat = next((s for s in workday.seats if at_ms <= s.to_ms), workday.seats[-1])
        granted = [f for f in office.inquiries if f in workday.posting.functions]
        draw = self._rng.random()
        function = granted[0] if draw < 0.72 else self._rng.choice(granted)
        wildcard = clerk.wildcard + (0.12 if workday.novice else 0.0)
        purpose = self.numbers.purpose(function)
        act = Act(clerk.operator_id, seat, function, None, purpose, office.one_record_search)
        act.wildcard = wildcard
        return act

    def pick_new(self, workday: Workday) -> int:
        """Return whom the clerk has not met without a case before: most people call once."""
        met = self._met.setdefault(workday.clerk.operator_id, set())
        place = self.pick(workday, near=False)
        for _ in range(6):
            if place not in met:
                break
            place = self.pick(workday, near=False)
        met.update(self._town.household_of(place))
        return place

    def pick(self, workday: Workday, near: bool = True) -> int:
        """Return a resident whom this desk would serve, mostly of the clerk's own blocks."""
        rng = self._rng
        districts = workday.clerk.districts if near else []
        if districts and rng.random() < 0.6:
            place = rng.choice(self._town.blocks[rng.choice(districts)])
        elif rng.random() < 0.85:
            place = rng.choice(self._town.pools[workday.office.pool])
        else:
            place = rng.randrange(len(self._town.residents))
        # Decency and the rules: nobody serves themselves or their own household.
        own = workday.clerk.resident
        if own is not None and place in self._town.household_of(own):
            return self.pick(workday, near)
        return place

    def _view_all(self, act: Act, at_ms: int, residents: list[int]) -> tuple[int, int]:
        count = 0
        for place, resident in enumerate(residents):
            act.direct = 0.35 if place == 0 else 0.85
            at_ms, written = self._desk.open(act, at_ms, resident)
            count += len(written)
        return at_ms, count

    def _opened_ms(self, at_ms: int) -> int:
        """Return when the case of a look-up was opened: mostly before, sometimes well after."""
        rng, draw = self._rng, self._rng.random()
        if draw < 0.84:
            return at_ms - rng.randint(20, 900) * 1000
        if draw < 0.93:
            return at_ms + rng.randint(1, 45) * MINUTE_MS
        if draw < 0.985:
            return at_ms + rng.randint(1, 7) * HOUR_MS
        return at_ms + rng.randint(15, 50) * HOUR_MS

    def take_in(self, workday: Workday, residents: list[int], opened_ms: int) -> Case:
        """Open a case for residents; longer ones go to the clerk's files."""
        rng, office = self._rng, workday.office
        days = 0.02 if office.counter and rng.random() < 0.75 else rng.lognormvariate(2.3, 0.8)
        closed_ms = opened_ms + max(10 * MINUTE_MS, int(days * DAY_MS))
        functions = [office.inquiries[0], office.update if rng.random() < 0.5 else office.issue]
        assigned = [workday.clerk.operator_id]
        case = self._ledger.open_case(
            office.code, functions, residents, assigned, opened_ms, closed_ms
        )
        if days > 0.5:
            self._dossiers.setdefault((workday.clerk.operator_id, office.code), []).append(case)
        return case

    def _listed(self, office: Office, resident: int) -> tuple[list[int], list[int]]:
        """Return whom the case lists and whom the clerk views: sometimes the whole household."""
        rng = self._rng
        household = self._town.household_of(resident)
        if len(household) == 1 or rng.random() > office.whole_household:
            return [resident], [resident]
        viewed = [resident, *[m for m in household if m != resident]]
        return (viewed if rng.random() < 0.6 else [resident]), viewed

    def _ticket(self, workday: Workday, at_ms: int, act: Act) -> int:
        rng, office = self._rng, workday.office
        listed, viewed = self._listed(office, self.pick(workday))
        case = self.take_in(workday, listed, self._opened_ms(at_ms))
        act.case_id = self.numbers.typed(workday, case) if case.opened_ms <= at_ms else None
        count = 0
        if rng.random() < (0.06 if workday.novice else 0.018):
            at_ms, written = self._desk.open(act, at_ms, self.pick_new(workday))  # a namesake first
            count += len(written)
        at_ms, more = self._view_all(act, at_ms, viewed)
        count += more + self._finish(workday, act, at_ms, viewed[0])
        if rng.random() < 0.24:
            due_ms = at_ms + int(rng.lognormvariate(1.2, 1.2) * HOUR_MS)
            self._inbox[rng.choice(office.hands_to)].append((due_ms, case))
        return count

    def _finish(self, workday: Workday, act: Act, at_ms: int, resident: int) -> int:
        rng, office = self._rng, workday.office
        if rng.random() < 0.42:
            act.function = office.issue
            self._desk.issue(act, at_ms, resident, "print", rng.choice((1, 1, 1, 2, 3)))
            return 1
        if rng.random() < 0.4 and office.update in workday.posting.functions:
            act.function = office.update
            self._desk.issue(act, at_ms, resident, "update")
            return 1
        return 0

    def _call(self, workday: Workday, at_ms: int, act: Act) -> int:
        """Answer the telephone; few calls become a case."""
        rng = self._rng
        resident = self.pick_new(workday)
        viewed = [resident]
        if rng.random() < 0.15:
            viewed = self._town.household_of(resident)[:2]
        _, count = self._view_all(act, at_ms, viewed)
        if rng.random() < 0.08:
            self.take_in(workday, [resident], at_ms + rng.randint(5, 300) * MINUTE_MS)
        return count

    def _file(self, workday: Workday, at_ms: int, act: Act) -> int:
        """Take up a file again, or a new one from the tray."""
        rng = self._rng
        dossier = self._dossiers.setdefault((act.operator_id, workday.office.code), [])
        case = self._taken_up(dossier, at_ms)
        if case is None:
            listed, viewed = self._listed(workday.office, self.pick(workday))
            opened_ms = at_ms - int(rng.lognormvariate(0.5, 1.3) * HOUR_MS)
            case = self.take_in(workday, listed, opened_ms)
        else:
            viewed = list(case.residents)
            if len(viewed) == 1 and rng.random() < 0.08:
                viewed = self._town.household_of(viewed[0])
        # In the back office the number stands on the cover; it is often not typed in.
        act.case_id = self.numbers.typed(workday, case) if rng.random() < 0.75 else None
        act.direct = 0.6
        at_ms, count = self._view_all(act, at_ms, viewed)
        return count + self._finish(workday, act, at_ms, viewed[0])

    def _taken_up(self, dossier: list[Case], at_ms: int) -> Case | None:
        rng = self._rng
        if len(dossier) < 4 or rng.random() < 0.4:
            return None
        recent = int(len(dossier) * rng.random() ** 0.5)
        if rng.random() < 0.9:
            recent = max(recent, len(dossier) - 150)
        case = dossier[recent]
        long_closed = case.closed_ms is not None and at_ms > case.closed_ms + _GRACE_MS
        if case.opened_ms > at_ms or (long_closed and rng.random() > 0.35):
            return None
        return case

    def _handover(self, workday: Workday, at_ms: int, act: Act) -> int:
        """Go on with what another section has begun."""
        rng = self._rng
        inbox = self._inbox[workday.office.code]
        place = next((n for n, (due_ms, _) in enumerate(inbox) if due_ms <= at_ms), None)
        if place is None:
            return self._file(workday, at_ms, act)
        _, source = inbox.pop(place)
        if rng.random() < 0.07:
            act.case_id = source.case_id  # the other section's number, no case of one's own
        else:
            late = rng.random() < 0.2
            shift_ms = rng.randint(10, 400) if late else -rng.randint(1, 600)
            case = self.take_in(workday, list(source.residents), at_ms + shift_ms * MINUTE_MS)
            act.case_id = None if late else self.numbers.typed(workday, case)
            if rng.random() < 0.12:
                due_ms = at_ms + int(rng.lognormvariate(2.6, 1.0) * HOUR_MS)
                inbox_next = rng.choice(workday.office.hands_to)
                self._inbox[inbox_next].append((due_ms, case))
        at_ms, count = self._view_all(act, at_ms, source.residents)
        return count + self._finish(workday, act, at_ms, source.residents[0])
