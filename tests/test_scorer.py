"""Which detectors judge, and what a desk and a day's sum are made of."""

from __future__ import annotations

from itertools import permutations

import msgspec
import pytest

from models import contribution
from models.context import Context
from models.contribution import Contribution
from models.desk import Desks
from models.policy import Policy
from models.scorer import Scorer
from models.shared import SharedState, encode_shared
from models.tally import Tally
from schemas.work import Shift
from tests.scenes import CALENDAR, DAY, office, practised, seen


def without_sign_in() -> Policy:
    """Return a policy that switches off who would miss a sign-in."""
    return Policy(switched_off=("identity_presence",))


def test_a_detector_that_is_switched_off_judges_nothing_at_any_time() -> None:
    """Neither on arrival nor when a sign-in record had its time to come, and not."""
    operator = practised()
    operator.profile.sign_in("t-9", 1.0, "fingerprint", success=True)
    features = seen(operator=operator, firm=True)
    on, off = Scorer(office(), Policy()), Scorer(office(), without_sign_in())
    assert on.judge_presence(features, []) is not None
    assert off.judge_presence(features, []) is None
    assert "identity_presence" not in off.judge(features).scores


def test_what_no_context_feeds_is_switched_off() -> None:
    """Silence is no evidence; once a topic is fed, its detectors are on."""
    context = Context()
    scorer = Scorer(context, Policy())
    assert not any(detector.needs for detector in scorer.switched_on)
    context.fed.update(office().fed)
    assert len(scorer.switched_on) == 14


def test_a_shift_that_is_fed_during_the_day_is_known_at_the_desk() -> None:
    """Overtime is often approved on its own day."""
    context = Context()
    desks = Desks(context, CALENDAR)
    row = {"shift_id": "sh-1", "operator_id": "op-1", "kind": "overtime"}
    on = {"starts_at": "2014-10-20T18:00:00+09:00", "ends_at": "2014-10-20T20:00:00+09:00"}
    context.put("work.shifts", "sh-1", Shift.parse(msgspec.json.encode(row | on)))
    assert desks.desk("op-1", DAY, "tax.inquiry").on_duty is False
    today = {key: text.replace("10-20", "10-21") for key, text in on.items()}
    context.put("work.shifts", "sh-1", Shift.parse(msgspec.json.encode(row | today)))
    assert desks.desk("op-1", DAY, "tax.inquiry").on_duty is True


def test_a_day_with_more_residents_than_are_kept_is_the_same_on_any_partitions(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The lowest hashes are kept of the sum, as they are of each part."""
    monkeypatch.setattr(contribution, "_MOST_RESIDENTS", 50)
    tallies = [
        Tally("tax/clerk", "s-1", look_ups=1, residents=[(7 * n * m) % 997 for m in range(30)])
        for n in range(1, 10)
    ]
    together = Contribution(DAY)
    for tally in tallies:
        together.add_tallies([tally])
    whole = SharedState().folded(together)
    for order in list(permutations(range(3)))[:4]:
        parts = [Contribution(DAY) for _ in range(3)]
        for n, tally in enumerate(tallies):
            parts[n % 3].add_tallies([tally])
        total = Contribution(DAY)
        for place in order:
            total.merge(parts[place])
        assert len(total.residents) == 50
        assert encode_shared(SharedState().folded(total)) == encode_shared(whole)
