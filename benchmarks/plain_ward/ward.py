"""Hold the ward while it is made: its people, places, papers and everything written down."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date
from random import Random

from benchmarks.plain_ward.city import City
from benchmarks.plain_ward.errands import Bench
from benchmarks.plain_ward.records import Act, Json, Misuse, Passage, Shift, Sign, Stay
from benchmarks.plain_ward.register import Register
from benchmarks.plain_ward.sections import BY_ID, SECTIONS, Section
from benchmarks.plain_ward.staff import Operator
from benchmarks.plain_ward.year import Year, midnight


@dataclass
class Ward:
    """Hold all of one ward; `acts` and `stays` by operator and day."""

    seed: int
    year: Year
    city: City
    staff: list[Operator]
    register: Register = field(default_factory=Register)
    acts: dict[tuple[str, date], list[Act]] = field(default_factory=lambda: defaultdict(list))
    stays: dict[tuple[str, date], list[Stay]] = field(default_factory=lambda: defaultdict(list))
    signs: list[Sign] = field(default_factory=list)
    passages: list[Passage] = field(default_factory=list)
    shifts: list[Shift] = field(default_factory=list)
    misuses: list[Misuse] = field(default_factory=list)
    sessions: int = 0

    def __post_init__(self) -> None:
        self.by_id = {operator.operator_id: operator for operator in self.staff}
        self.terminals = {one.section_id: _terminals(one, len(self.staff)) for one in SECTIONS}

    def stream(self, name: str) -> Random:
        """Return a source of chance that no other part of the making disturbs."""
        return Random(f"plain:{self.seed}:{name}")

    def new_session(self, rng: Random) -> str:
        """Return the id of a session that nobody had before."""
        self.sessions += 1
        return f"s{self.sessions:06x}{rng.randrange(256):02x}"

    def bench(self, rng: Random, stay: Stay, section_id: str, at: float) -> Bench:
        """Return the bench at which an operator works for a section during a stay."""
        operator = self.by_id[stay.operator_id]
        return Bench(
            rng,
            self.city,
            self.register,
            operator,
            BY_ID[section_id],
            stay.terminal_id,
            stay.session_id,
            operator.is_new(stay.day),
            at,
        )

    def present(self, day: date, section_id: str) -> list[Operator]:
        """Return who is at work in a section on a day that was made already."""
        return [
            one
            for one in self.staff
            if any(
                stay.section_id == section_id for stay in self.stays.get((one.operator_id, day), ())
            )
        ]

    def end_s(self) -> float:
        """Return the Unix time at which the run ends."""
        return midnight(self.year.last) + 86_400

    def terminal_lines(self) -> list[Json]:
        """Return the records of all terminals."""
        return [
            {
                "terminal_id": terminal_id,
                "site_id": section.site_id,
                "zone_id": section.zone_id,
                "section_id": section.section_id,
                "camera_ids": [f"cam-{section.zone_id}-{number % 2 + 1}"],
            }
            for section in SECTIONS
            for number, terminal_id in enumerate(self.terminals[section.section_id])
        ]


def _terminals(section: Section, staff: int) -> list[str]:
    """Return a terminal for everybody who may come to work in a section, and two more."""
    letters = "".join(part[:3] for part in section.section_id.split("-"))
    number = max(2, round(section.people * staff / 75)) + 4
    return [f"pc-{letters}-{place:02}" for place in range(1, number + 1)]
