"""What a desk of a ward office is made of: steps, tasks, seasons, and rights by role."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field, replace

from simulation.calendar import Peak


@dataclass(frozen=True, slots=True)
class Step:
    """Name one act of a task on one resident; `chance` is how often it takes place."""

    function: str
    action: str
    chance: float = 1.0


@dataclass(frozen=True, slots=True)
class Task:
    """Describe one kind of work: its steps, and how often no case stands behind it."""

    name: str
    weight: float
    steps: tuple[Step, ...]
    uncovered: float
    """Share of these tasks, all legitimate, that no case ever covers."""
    whole_household: bool = False
    by_phone: bool = False
    """The caller comes first, the case (if any) is often opened after the look-up."""
    back_office: bool = False
    """The case stays open for days and is taken up again."""

    def reduced_to(self, functions: Collection[str]) -> Task:
        """Return the task with the steps only that some functions allow."""
        return replace(self, steps=tuple(s for s in self.steps if s.function in functions))


@dataclass(frozen=True, slots=True)
class Desk:
    """Describe one section: its names, its place, its work and its seasons."""

    section_id: str
    code: str
    """Two letters that its case numbers begin with."""
    en: str
    ja: str
    site_id: str
    floor: str
    share: float
    """Its part of the ward's staff."""
    tasks: tuple[Task, ...]
    peaks: tuple[Peak, ...] = ()
    clients: str = "adults"
    """Which residents it sees: a pool of the population."""
    more_functions: tuple[str, ...] = ()
    sundays: bool = False
    late_thursday: bool = False
    asks_purpose: bool = False
    search_opens: bool = False
    """Its screen sends a search and the record it opens as one record."""
    mail_batches: float = 0.0
    """Chance on a working day of an afternoon of returned mail."""
    functions: tuple[str, ...] = field(init=False)

    def __post_init__(self) -> None:
        used = [step.function for task in self.tasks for step in task.steps]
        object.__setattr__(self, "functions", tuple(dict.fromkeys([*used, *self.more_functions])))


def functions_of(desk: Desk, role: str) -> tuple[str, ...]:
    """Return the functions that a section grants a role."""
    if role in ("clerk", "supervisor"):
        return desk.functions
    barred = {
        "data_entry": (".print", ".certificate", ".card", ".list"),
        "head": (".print", ".certificate", ".card", ".list", ".update"),
    }.get(role, (".update", ".list"))  # the counter's temporary clerks, and substitutes
    return tuple(name for name in desk.functions if not name.endswith(barred))
