"""Do the honest work of a stay: one errand after another until it is time to go."""

from __future__ import annotations

from itertools import accumulate
from random import Random

from benchmarks.valley_ward.days import DAY_S, HOUR_S, MINUTE_S, Calendar, season
from benchmarks.valley_ward.records import Act, Case, Stay
from benchmarks.valley_ward.register import Register
from benchmarks.valley_ward.screens import Screens, search_terms
from benchmarks.valley_ward.sections import BY_ID, Errand, Section
from benchmarks.valley_ward.staff import Operator
from benchmarks.valley_ward.town import Resident, Town

_Load = list[tuple[Resident, Case | None, float]]


class Desk:
    """Serve residents; caseloads and habitual callers are remembered over the run."""

    def __init__(
        self, rng: Random, town: Town, calendar: Calendar, register: Register, screens: Screens
    ) -> None:
        self._rng, self._town, self._calendar = rng, town, calendar
        self._register, self._screens = register, screens
        self._loads: dict[tuple[str, str], _Load] = {}
        self._callers: dict[tuple[str, str], list[Resident]] = {}
        self._last_case: dict[str, Case] = {}

    def fill(self, operator: Operator, stay: Stay, begin: float) -> None:
        """Fill a stay with errands from `begin` on."""
        rng, section = self._rng, BY_ID[stay.section_id]
        errands = section.errands_of(stay.role)
        taste = operator.habits.taste
        seasons = [season(one.season, stay.day) for one in errands]
        weights = [
            one.weight * taste.setdefault(f"{section.section_id}.{one.name}", _taste(rng)) * factor
            for one, factor in zip(errands, seasons, strict=True)
        ]
        cumulated = list(accumulate(weights))
        usual = sum(one.weight for one in errands)
        # A season that doubles one errand fills the office only in proportion.
        rush = max(0.5, min(2.0, cumulated[-1] / usual)) ** 0.5
        gap_s = section.gap_min * MINUTE_S / (operator.habits.pace * rush)
        gap_s /= self._calendar.crowd(stay.day) * (0.6 if stay.is_overtime else 1.0)
        at = begin + rng.expovariate(1 / gap_s)
        while at < stay.ends_at - 90:
            errand = rng.choices(errands, cum_weights=cumulated)[0]
            ends = min(self._serve(operator, section, errand, stay, at), stay.ends_at - 5)
            wait_s = 20 + rng.expovariate(1 / gap_s)
            stay.gaps.append(ends + min(15.0, wait_s / 2))
            at = ends + wait_s

    def _serve(
        self, operator: Operator, section: Section, errand: Errand, stay: Stay, at: float
    ) -> float:
        """Do one errand and return when it is over."""
        wants_case = self._wants_case(operator, errand)
        people, case = self._subjects(operator, section, errand, stay, at, wants_case)
        typed: Case | str | None = None
        if case is None and wants_case:
            case = self._case(operator, section, errand, people, at)
        if case is not None:
            typed = self._typed(operator, section, case, at)
        clock = at
        for place, resident in enumerate(people):
            clock = self._look(operator, section, errand, stay, clock, resident, typed, place)
            if clock > stay.ends_at - 20:
                break
        if case is not None:
            self._last_case[operator.operator_id] = case
        return max(clock, at + self._rng.expovariate(1 / (errand.minutes * MINUTE_S * 0.6)))

    def _wants_case(self, operator: Operator, errand: Errand) -> bool:
        """Return whether an errand gets a case; who is only rung up or visited seldom does."""
        if errand.source == "caseload":
            return self._rng.random() < 0.1
        without = min(0.97, (1 - errand.covered) * operator.habits.loose)
        return self._rng.random() >= without

    def _pick(self, section: Section, errand: Errand, at: float, wants_case: bool) -> Resident:
        """Return somebody for an errand: without a case it is mostly about one who has none."""
        for _ in range(4):
            one = self._town.pools[errand.pool].pick(self._rng)
            if wants_case or not self._register.has_case(
                section.section_id, one.resident_id, at - HOUR_S, at
            ):
                break
        return one

    def _subjects(
        self,
        operator: Operator,
        section: Section,
        errand: Errand,
        stay: Stay,
        at: float,
        wants_case: bool,
    ) -> tuple[list[Resident], Case | None]:
        """Return whom an errand is about, and the case it belongs to where there is one."""
        rng, pool = self._rng, self._town.pools[errand.pool]
        case: Case | None = None
        if errand.source == "list":
            return [pool.pick(rng) for _ in range(rng.randint(3, 9))], None
        if errand.source == "review" and (recent := self._register.recent[section.section_id]):
            case = rng.choice(recent)
            if case.opened_at < at:
                tokens = case.residents[:4]
                return [self._town.by_id[one] for one in tokens], case
            case = None
        if errand.source == "caseload" and rng.random() < 0.9:
            first, case = self._from_load(operator, section, errand, at)
        elif errand.source == "phone" and rng.random() < 0.22:
            first = rng.choice(self._callers_of(section, errand))
        else:
            first = self._pick(section, errand, at, wants_case)
        family = [one for one in self._town.households[first.household_id] if one is not first]
        if family and rng.random() < errand.household * operator.habits.family:
            family = family if stay.role != "assess" else family[:1]
            return [first, *family], case
        return [first], case

    def _callers_of(self, section: Section, errand: Errand) -> list[Resident]:
        """Return the people who ring again and again, known by voice at the section."""
        key = (section.section_id, errand.pool)
        if key not in self._callers:
            pool = self._town.pools[errand.pool]
            self._callers[key] = [pool.pick(self._rng) for _ in range(24)]
        return self._callers[key]

    def _from_load(
        self, operator: Operator, section: Section, errand: Errand, at: float
    ) -> tuple[Resident, Case | None]:
        """Return one of the residents that the operator keeps returning to."""
        rng = self._rng
        key = (operator.operator_id, f"{section.section_id}.{errand.name}")
        load = self._loads.setdefault(key, [])
        if not load:
            load.extend(self._client(operator, section, errand, at) for _ in range(45))
        elif rng.random() < 0.012:
            load[rng.randrange(len(load))] = self._client(operator, section, errand, at)
        first, case, _ = rng.choices(load, [weight for _, _, weight in load])[0]
        return first, case

    def _client(
        self, operator: Operator, section: Section, errand: Errand, at: float
    ) -> tuple[Resident, Case | None, float]:
        """Return a client, most with a standing case opened long ago, and how often they come."""
        rng = self._rng
        has_case = rng.random() < 1 - (1 - errand.covered) * operator.habits.loose
        resident = self._pick(section, errand, at, has_case)
        weight = rng.lognormvariate(0.0, 1.0)
        if not has_case:
            return resident, None, weight
        household = self._town.households[resident.household_id]
        opened = at - rng.uniform(0.1, 500) * DAY_S
        functions = [step.split(":")[0] for step in errand.steps]
        case = self._register.open(
            section.section_id, functions, household, [operator.operator_id], opened, None
        )
        return resident, case, weight

    def _case(
        self,
        operator: Operator,
        section: Section,
        errand: Errand,
        people: list[Resident],
        at: float,
    ) -> Case:
        """Open the errand's case before, or hours or days after it."""
        rng, habits = self._rng, operator.habits
        opened = at - rng.uniform(0.5, 14) * MINUTE_S
        if errand.source in ("desk", "list"):
            opened -= rng.expovariate(1 / (2.5 * DAY_S))
        if rng.random() < section.late_case * habits.late:
            later = rng.choice((rng.uniform(0.3, 7) * HOUR_S, rng.uniform(0.7, 4) * DAY_S))
            opened = at + later
        closed = max(opened, at) + errand.minutes * MINUTE_S
        if errand.case_days > 1:
            closed += rng.expovariate(1 / (errand.case_days * DAY_S))
        # The form names the applicant alone more often than it should.
        named = people[:1] if rng.random() < 0.12 and errand.source != "list" else people
        functions = sorted({step.split(":")[0] for step in errand.steps})
        return self._register.open(
            section.section_id, functions, named, [operator.operator_id], opened, closed
        )

    def _typed(
        self, operator: Operator, section: Section, case: Case, at: float
    ) -> Case | str | None:
        """Return what stands in the field of the case: it, nothing, the last one, or a slip."""
        rng = self._rng
        if case.opened_at > at or rng.random() < section.blank_case * operator.habits.blank:
            return None
        draw = rng.random()
        if draw < 0.007:
            return self._last_case.get(operator.operator_id, case)
        if draw < 0.012:
            return rng.choice(self._register.recent[section.section_id])
        if draw < 0.019:
            return (
                f"R{rng.choice('67')}-{section.section_id[:3].upper()}-{rng.randint(0, 99999):05}"
            )
        return case

    def _look(
        self,
        operator: Operator,
        section: Section,
        errand: Errand,
        stay: Stay,
        at: float,
        resident: Resident,
        typed: Case | str | None,
        place: int,
    ) -> float:
        """Open one resident and do the errand's further steps; return when it is done."""
        rng, screens, habits = self._rng, self._screens, operator.habits
        search = None
        # The household's next is a click away; a list goes person by person.
        if rng.random() > habits.direct and (place == 0 or errand.source == "list"):
            unclear = section.wildcard * (2 if errand.source in ("phone", "desk") else 1)
            search = search_terms(rng, habits, unclear)
            if rng.random() < 0.1:
                missed = search | {"hits": 0 if rng.random() < 0.6 else search["hits"] + 3}
                screens.act(stay, at, errand.function, "search", search=missed, typed=typed)
                at += rng.uniform(6, 30)
        acts = screens.open(
            stay, at, errand.function, resident, search, typed=typed, purpose=errand.purpose
        )
        clock = acts[-1].at
        for step in errand.steps[1:]:
            function, action = step.split(":")
            if action != "view" and rng.random() > (habits.prints if place == 0 else 0.4):
                continue
            clock += 5 + rng.expovariate(1 / 40)
            copies = rng.choice(habits.copies) if action == "print" else None
            screens.act(
                stay, clock, function, action, resident,
                typed=typed, purpose=errand.purpose, copies=copies,
            )  # fmt: skip
        return clock + 4 + rng.expovariate(1 / 20)

    def own_matter(self, operator: Operator, stay: Stay, subject: Resident) -> list[Act]:
        """Serve a member of the staff, or their family, as a resident like any other."""
        rng, section = self._rng, BY_ID[stay.section_id]
        errand = rng.choice(section.errands_of(stay.role))
        at = stay.gaps[rng.randrange(len(stay.gaps))] + rng.uniform(1, 20)
        case = None
        if rng.random() < 0.85:
            case = self._register.open(
                section.section_id, [errand.function], [subject], [operator.operator_id],
                at - rng.uniform(30, 600), at + 600,
            )  # fmt: skip
        first = len(self._screens.acts)
        self._look(operator, section, errand, stay, at, subject, case, 0)
        return self._screens.acts[first:]


def _taste(rng: Random) -> float:
    return rng.lognormvariate(0.0, 0.45)
