"""Write acts as the terminals record them, honest or not."""

from __future__ import annotations

from random import Random

from benchmarks.valley_ward.records import Act, Case, Json, Stay
from benchmarks.valley_ward.sections import BY_ID
from benchmarks.valley_ward.staff import Habits
from benchmarks.valley_ward.town import Resident

KINDS = ("name", "address", "birthdate", "resident_id", "my_number")


class Screens:
    """Collect all acts of a ward."""

    def __init__(self) -> None:
        self.acts: list[Act] = []

    def act(
        self,
        stay: Stay,
        at: float,
        function: str,
        action: str,
        resident: Resident | None = None,
        *,
        search: Json | None = None,
        typed: Case | str | None = None,
        purpose: str | None = None,
        copies: int | None = None,
    ) -> Act:
        """Record one act and return it."""
        # The branch and the night window have the old system, which shows no warnings.
        warns = stay.section_id not in ("north", "night")
        act = Act(
            at,
            stay.operator_id,
            stay.terminal_id,
            stay.session_id,
            function,
            action,
            resident.resident_id if resident else None,
            search,
            typed,
            purpose,
            copies,
            warned=resident is not None and resident.protected and warns,
        )
        self.acts.append(act)
        return act

    def open(
        self,
        stay: Stay,
        at: float,
        function: str,
        resident: Resident,
        search: Json | None,
        *,
        typed: Case | str | None = None,
        purpose: str | None = None,
    ) -> list[Act]:
        """Open a resident, by a search or straight from a number on a form."""
        if search is None:
            return [self.act(stay, at, function, "view", resident, typed=typed, purpose=purpose)]
        if BY_ID[stay.section_id].one_record:
            one = self.act(
                stay, at, function, "search", resident, search=search, typed=typed, purpose=purpose
            )
            return [one]
        # Picking a person from a list takes longer the longer it is.
        wait_s = 2.5 + min(search["hits"], 60) * 0.4 + len(resident.resident_id) * 0.05
        found = self.act(stay, at, function, "search", search=search, typed=typed)
        view = self.act(stay, at + wait_s, function, "view", resident, typed=typed, purpose=purpose)
        return [found, view]


def search_terms(
    rng: Random, habits: Habits, unclear: float, kinds: tuple[float, ...] | None = None
) -> Json:
    """Return how somebody is searched for; `unclear` is the share typed with a wildcard."""
    kind = rng.choices(KINDS, kinds or habits.kinds)[0]
    wildcard = kind in ("name", "address") and rng.random() < min(0.7, unclear * habits.wildcard)
    if wildcard:
        hits = min(400, int(rng.lognormvariate(2.8, 0.9)) + 2)
    elif kind in ("name", "birthdate"):
        hits = 1 + int(rng.expovariate(0.6))
    elif kind == "address":
        hits = 1 + int(rng.expovariate(0.3))
    else:
        hits = 1
    return {"kind": kind, "wildcard": wildcard, "hits": hits}
