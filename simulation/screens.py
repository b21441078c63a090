"""What shows at the terminal when a task is done: searches, views, prints, updates."""

from __future__ import annotations

import random
from collections.abc import Sequence

from simulation.desk import Desk, Step
from simulation.jobs import Act, Record, search_record
from simulation.population import Resident

_SEARCH_KINDS = ("name", "name", "name", "birthdate", "address", "resident_id", "my_number")
SEARCH_SHARE = 0.45
"""Share of jobs that begin with a search; the others open a record by its number."""
_WRONG_HIT_SHARE = 0.04
_PASSED_WARNING_SHARE = 0.97


def draw_search(rng: random.Random) -> Record:
    """Return the `search` object of an ordinary search: most find a few, some find many."""
    kind = _SEARCH_KINDS[int(rng.random() * len(_SEARCH_KINDS))]
    if kind in ("resident_id", "my_number"):
        return search_record(kind, 1)
    wildcard = rng.random() < (0.15 if kind == "name" else 0.05)
    hits = 1 + int(rng.expovariate(1 / (12 if wildcard else 2)))
    return search_record(kind, hits, wildcard=wildcard)


def search_acts(
    rng: random.Random, desk: Desk, function: str, resident: Resident, bystander: Resident | None
) -> list[Act]:
    """Return a search before a view; now and then it finds nobody, or the wrong person first.

    `bystander` is who would be opened by mistake (None: nobody is).
    """
    search = draw_search(rng)
    if desk.search_opens:
        return [
            Act(
                function,
                "search",
                resident.resident_id,
                5.0,
                search,
                warning_overridden=passes_warning(rng, resident),
            )
        ]
    acts = [Act(function, "search", None, 5.0, search)]
    if rng.random() < 0.06:  # a second try with other words
        search["hits"] = 0
        search = draw_search(rng)
        acts.append(Act(function, "search", None, 10.0 + 30.0 * rng.random(), search))
    if bystander is not None and search["hits"] > 1 and rng.random() < _WRONG_HIT_SHARE:
        acts.append(view(rng, function, bystander))
    return acts


def view(rng: random.Random, function: str, resident: Resident) -> Act:
    """Return a view of a resident."""
    return Act(
        function,
        "view",
        resident.resident_id,
        4.0 + 26.0 * rng.random(),
        warning_overridden=passes_warning(rng, resident),
    )


def passes_warning(rng: random.Random, resident: Resident) -> bool:
    """Tell whether a protection warning was shown and passed."""
    return resident.protected and rng.random() < _PASSED_WARNING_SHARE


def step_acts(
    rng: random.Random, steps: Sequence[Step], resident: Resident, opened: bool
) -> list[Act]:
    """Return the acts of a task on one resident; `opened`: a search has opened the record."""
    acts = []
    for step in steps:
        if step.chance < 1.0 and rng.random() >= step.chance:
            continue
        if step.action == "view":
            if opened:
                opened = False
                continue
            acts.append(view(rng, step.function, resident))
        elif step.action == "print":
            copies = 1 if rng.random() < 0.75 else rng.randint(2, 5)
            gap_s = 20.0 + 90.0 * rng.random()
            acts.append(Act(step.function, "print", resident.resident_id, gap_s, copies=copies))
        else:
            gap_s = 40.0 + 160.0 * rng.random()
            acts.append(Act(step.function, step.action, resident.resident_id, gap_s))
    return acts


def any_purpose(rng: random.Random, desk: Desk) -> str | None:
    """Return one of a desk's purposes where its screens ask for one, or None."""
    return rng.choice(desk.tasks).name if desk.asks_purpose and rng.random() < 0.97 else None
