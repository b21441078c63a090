"""Do the errands of honest work: each is a few acts at a terminal, with a case or without."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from random import Random

from benchmarks.plain_ward.city import City, Resident
from benchmarks.plain_ward.records import Act, Json
from benchmarks.plain_ward.register import Case, Register, mistyped
from benchmarks.plain_ward.sections import Section
from benchmarks.plain_ward.staff import Operator
from benchmarks.plain_ward.year import DAY_S, HOUR_S


@dataclass
class Bench:
    """Hold who sits where and works for which section, and the time that passes meanwhile."""

    rng: Random
    city: City
    register: Register
    operator: Operator
    section: Section
    terminal_id: str
    session_id: str
    is_new: bool
    at: float
    acts: list[Act] = field(default_factory=list)

    def act(
        self,
        function: str,
        action: str,
        resident: Resident | None = None,
        case_id: str | None = None,
        search: Json | None = None,
        copies: int | None = None,
    ) -> None:
        """Do one act now; the next one comes some seconds to a minute later."""
        warned = resident is not None and resident.protected and action != "search"
        self.acts.append(
            Act(
                self.at,
                self.operator.operator_id,
                self.terminal_id,
                self.session_id,
                function,
                action,
                resident.resident_id if resident else None,
                search,
                case_id,
                copies,
                warned and self.rng.random() < 0.85,
            )
        )
        self.at += self.rng.uniform(6, 28) + self.rng.expovariate(1 / 22)

    def search(self, likely: float, case_id: str | None = None) -> None:
        """Search by name, address or birth date, more often and more broadly when new."""
        likely = min(0.95, likely * (1.5 if self.is_new else 1.0))
        while self.rng.random() < likely:
            wildcard = self.rng.random() < (0.3 if self.is_new else 0.1)
            kind = self.rng.choices(
                ("name", "address", "birthdate", "resident_id"), (0.5, 0.15, 0.25, 0.1)
            )[0]
            hits = 1 + int(self.rng.expovariate(1 / (14 if wildcard else 2)))
            terms: Json = {"kind": kind, "wildcard": wildcard, "hits": hits}
            self.act(self.section.inquiry[0], "search", None, case_id, terms)
            likely *= 0.25

    def number(self, case: Case, given: float = 0.93) -> str | None:
        """Return the case number as typed in: right, forgotten or, more so when new, wrong."""
        roll = self.rng.random()
        if roll > given:
            return None
        if roll < (0.05 if self.is_new else 0.012):
            return mistyped(self.rng, case.case_id)
        return case.case_id

    def inquiry(self) -> str:
        """Return an inquiry screen of the section that the operator may use."""
        screens = [one for one in self.section.inquiry if self._may(one)]
        own = self.operator.contracts[-1].functions
        return self.rng.choice(screens or list(self.section.inquiry[:1]) or list(own))

    def edit(self) -> str:
        """Return a screen of the section on which something is issued or changed."""
        return self.rng.choice(self.section.edits)

    def _may(self, function: str) -> bool:
        return any(function in one.functions for one in self.operator.contracts)

    def new_case(self, residents: list[Resident], lag_s: float, open_s: float) -> Case:
        """Open a case for these residents, so many seconds after now."""
        return self.register.open(
            self.rng,
            self.section.section_id,
            (*self.section.inquiry, *self.section.edits),
            residents,
            [self.operator.operator_id],
            self.at + lag_s,
            open_s,
        )


def lag_of_case_s(rng: Random) -> float:
    """Return how long after the look-up the reception opens the case; mostly before it."""
    roll = rng.random()
    if roll < 0.87:
        return -rng.uniform(40, 900)
    if roll < 0.985:
        return min(7 * HOUR_S, rng.expovariate(1 / (1.2 * HOUR_S)))
    return rng.uniform(0.7, 2.1) * DAY_S


def ticket(bench: Bench) -> None:
    """Serve somebody at the counter: a case, a search, a view or more, a certificate."""
    rng = bench.rng
    visitor = bench.city.visitor(bench.section.section_id, rng)
    house = bench.city.household_of(visitor)
    looks_wide = rng.random() < 0.24
    listed = house if rng.random() < (0.6 if looks_wide else 0.1) else [visitor]
    quick = bench.section.section_id in ("citizens", "branch")
    open_s = rng.uniform(300, 5400) if quick else rng.uniform(0.5, 12) * DAY_S
    case = bench.new_case(listed, lag_of_case_s(rng), open_s)
    number = bench.number(case)
    bench.search(0.5, number)
    bench.act(bench.inquiry(), "view", visitor, number)
    if looks_wide:
        for member in house[:4]:
            bench.act(bench.section.inquiry[0], "view", member, number)
    if rng.random() < 0.5:
        action = "print" if "certificate" in (screen := bench.edit()) else "update"
        copies = rng.choice((1, 1, 1, 2, 3)) if action == "print" else None
        bench.act(screen, action, visitor, number, None, copies)


def question(bench: Bench) -> None:
    """Answer a question over the counter that nobody registers."""
    visitor = bench.city.visitor(bench.section.section_id, bench.rng)
    bench.search(0.4)
    bench.act(bench.inquiry(), "view", visitor)


def phone(bench: Bench) -> None:
    """Answer a call: often about something on file, without its number; rarely a new case."""
    rng, section = bench.rng, bench.section
    caller = bench.city.visitor(section.section_id, rng)
    decade = bench.operator.callers_decade
    if decade is not None and rng.random() < 0.75:
        caller = rng.choice(bench.city.clients[f"decade.{decade}"])
    known = bench.register.of_section[section.section_id][-900:]
    if decade is None and known and rng.random() < 0.45:
        caller = bench.city.by_id[rng.choice(rng.choice(known).resident_ids)]
    number = None
    if rng.random() < section.phones_logged:
        lag_s = rng.uniform(-60, 90 * 60)
        number = bench.number(bench.new_case([caller], lag_s, rng.uniform(0, 9) * DAY_S), 0.5)
    bench.search(0.6, number)
    bench.act(bench.inquiry(), "view", caller, number)
    if rng.random() < 0.18:
        bench.act(bench.inquiry(), "view", caller, number)
    if rng.random() < 0.08:
        bench.act(section.inquiry[0], "view", rng.choice(bench.city.household_of(caller)), number)


def intake(bench: Bench) -> None:
    """Register an application that came by post; it stays open for days to weeks."""
    rng = bench.rng
    applicant = bench.city.visitor(bench.section.section_id, rng)
    house = bench.city.household_of(applicant)
    listed = house if rng.random() < 0.4 else [applicant]
    case = bench.new_case(listed, lag_of_case_s(rng), rng.uniform(3, 45) * DAY_S)
    number = bench.number(case)
    bench.search(0.3, number)
    for resident in listed if rng.random() < 0.8 else house:
        bench.act(bench.inquiry(), "view", resident, number)
    bench.act(bench.edit(), "update", applicant, number)


def _case_to_take_up(bench: Bench) -> Case | None:
    rng = bench.rng
    section_id = bench.section.section_id
    cases = bench.register.of_clerk[bench.operator.operator_id, section_id]
    if rng.random() < 0.25 or len(cases) < 40:
        cases = bench.register.of_section[section_id]
    for _ in range(6 if cases else 0):
        back = rng.randrange(len(cases)) if rng.random() < 0.04 else int(rng.expovariate(1 / 25))
        case = cases[-1 - min(back, len(cases) - 1)]
        if case.opened_at <= bench.at:
            return case
    return None


def file(bench: Bench) -> None:
    """Take up a file again: mostly one's own and recent, sometimes closed long ago."""
    rng = bench.rng
    case = _case_to_take_up(bench)
    if case is None:
        intake(bench)
        return
    number = bench.number(case, 0.84)
    resident = bench.city.by_id[rng.choice(case.resident_ids)]
    bench.act(bench.inquiry(), "view", resident, number)
    if rng.random() < 0.05:
        other = rng.choice(bench.city.household_of(resident))
        bench.act(bench.inquiry(), "view", other, number)
    if rng.random() < 0.35:
        bench.act(bench.edit(), "update", resident, number)


def check(bench: Bench) -> None:
    """Look over what a colleague did under their case."""
    recent = bench.register.of_section[bench.section.section_id][-60:]
    if not recent:
        intake(bench)
        return
    case = bench.rng.choice(recent)
    if case.opened_at > bench.at:
        return
    resident = bench.city.by_id[case.resident_ids[0]]
    bench.act(bench.inquiry(), "view", resident, bench.number(case, 0.75))


def round_of_visits(bench: Bench) -> None:
    """Prepare a round: a few clients of one block in a row, half of them under a case."""
    rng = bench.rng
    clients = bench.city.clients[bench.section.section_id]
    block_id = rng.choice(clients).block_id if clients else ""
    if bench.operator.own_block_id and rng.random() < 0.9:
        block_id = bench.operator.own_block_id
    near = [one for one in clients[:900] if one.block_id == block_id]
    for client in rng.sample(near, min(len(near), rng.randint(3, 6))):
        number = None
        if rng.random() < 0.5:
            case = bench.new_case([client], -rng.uniform(60, 7200), rng.uniform(2, 60) * DAY_S)
            number = bench.number(case)
        bench.act(bench.inquiry(), "view", client, number)


def listing(bench: Bench) -> None:
    """Search an address or a class of people broadly, and print or export the list."""
    rng = bench.rng
    hits = rng.randint(25, 420)
    terms: Json = {"kind": "address", "wildcard": True, "hits": hits}
    bench.act(bench.section.lists, "search", None, None, terms)
    action = "export" if rng.random() < 0.3 else "print"
    bench.act(bench.section.lists, action, None, None, None, hits)


ERRANDS: Mapping[str, tuple[Callable[[Bench], None], float]] = {
    "ticket": (ticket, 3.1),
    "question": (question, 1.5),
    "phone": (phone, 2.1),
    "intake": (intake, 3.2),
    "file": (file, 1.5),
    "check": (check, 1.0),
    "round": (round_of_visits, 4.2),
    "listing": (listing, 2.0),
}
"""Each errand, and about how many look-ups it makes."""
