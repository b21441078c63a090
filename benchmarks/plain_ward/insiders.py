"""Choose the insiders of a run, one case an operator, and let them commit their misuse."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from random import Random

from benchmarks.plain_ward import access_kinds, quiet_kinds, steady_kinds
from benchmarks.plain_ward.desk_misuse import FIRST_DAY, Insider, contract_spans
from benchmarks.plain_ward.quiet_kinds import has_two_postings
from benchmarks.plain_ward.records import Misuse
from benchmarks.plain_ward.sections import BY_ID
from benchmarks.plain_ward.staff import Operator
from benchmarks.plain_ward.ward import Ward

CASES_AN_OPERATOR_DAY = 41 / (75 * 240)
FEWEST_LOOK_UPS = 2


@dataclass(frozen=True)
class Kind:
    """Hold one kind: its share of the cases, who could, and what they do."""

    share: float
    could: Callable[[Ward, Operator], bool]
    commit: Callable[[Insider], None]


def _anyone(ward: Ward, operator: Operator) -> bool:
    days = [day for who, day in ward.acts if who == operator.operator_id]
    return sum((day - ward.year.days[0]).days >= FIRST_DAY for day in days) >= 8


def _lives_here(ward: Ward, operator: Operator) -> bool:
    return operator.resident is not None and _anyone(ward, operator)


def _may_list(ward: Ward, operator: Operator) -> bool:
    contract = operator.contracts[0]
    granted = BY_ID[contract.section_id].lists in contract.functions
    return granted and len(operator.contracts) == 1 and _anyone(ward, operator)


def _changed_contract(ward: Ward, operator: Operator) -> bool:
    if not has_two_postings(operator, temporary=True):
        return False
    (_, _, last), (_, begins, ends) = contract_spans(ward, operator)[:2]
    return last >= FIRST_DAY + 45 and ends - begins >= 60


def _moved(ward: Ward, operator: Operator) -> bool:
    two = any(has_two_postings(operator, temporary=one) for one in (True, False))
    return two and contract_spans(ward, operator)[0][2] + 60 < ward.year.length_days


KINDS: Mapping[str, Kind] = {
    # Those who need particular operators come first, so that the operators are still free.
    "founding": Kind(2.5, _changed_contract, quiet_kinds.founding),
    "after_transfer": Kind(2.0, _moved, quiet_kinds.after_transfer),
    "expired": Kind(2.0, access_kinds.falls_asleep, access_kinds.expired),
    "bulk_export": Kind(1.5, _may_list, steady_kinds.bulk_export),
    "neighbour": Kind(4.0, _lives_here, quiet_kinds.neighbour),
    "family": Kind(4.5, _anyone, quiet_kinds.family),
    "colleague": Kind(3.5, _anyone, quiet_kinds.colleague),
    "public_figure": Kind(3.0, _anyone, quiet_kinds.public_figure),
    "protected": Kind(3.0, _anyone, quiet_kinds.protected),
    "borrowed_case": Kind(4.0, _anyone, quiet_kinds.borrowed_case),
    "slow_bulk": Kind(2.0, _anyone, steady_kinds.slow_bulk),
    "seller": Kind(2.0, _anyone, steady_kinds.seller),
    "target_skew": Kind(2.0, _anyone, steady_kinds.target_skew),
    "enumeration": Kind(1.5, _anyone, steady_kinds.enumeration),
    "shared_id": Kind(3.0, _anyone, access_kinds.shared_id),
    "night": Kind(2.0, _anyone, access_kinds.night),
}


def let_insiders_in(ward: Ward) -> None:
    """Commit all misuse of a run on top of the honest work."""
    rng = ward.stream("insiders")
    free = list(ward.staff)
    rng.shuffle(free)
    for name in _kinds_of_run(ward, rng):
        kind = KINDS[name]
        able = [one for one in free if kind.could(ward, one)]
        for operator in able[:6]:
            misuse = Misuse(name, operator.operator_id)
            care = rng.betavariate(3, 1.6)
            insider = Insider(ward, rng, operator, misuse, care, rng.random() < 0.42)
            kind.commit(insider)
            if len(misuse.acts) >= FEWEST_LOOK_UPS:
                ward.misuses.append(misuse)
                ward.signs += insider.signs
                ward.passages += insider.passages
                free.remove(operator)
                break


def _kinds_of_run(ward: Ward, rng: Random) -> list[str]:
    """Return the kinds of all cases, in the order of `KINDS`."""
    operator_days = len(ward.staff) * ward.year.length_days
    number = max(2, round(operator_days * CASES_AN_OPERATOR_DAY * rng.uniform(0.93, 1.07)))
    number = min(number, len(ward.staff) // 2 + 6)
    shares = {name: kind.share * rng.uniform(0.7, 1.3) for name, kind in KINDS.items()}
    whole = sum(shares.values())
    counts = {name: int(number * share / whole) for name, share in shares.items()}
    while (left := number - sum(counts.values())) > 0:
        fewest = [name for name in KINDS if not counts[name]] or list(KINDS)
        for name in rng.sample(fewest, min(left, len(fewest))):
            counts[name] += 1
    return [name for name in KINDS for _ in range(counts[name])]
