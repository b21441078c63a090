"""How alerts are measured: the contract's rules, worked by hand."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.evaluation import AtBudget, counting_day, evaluate, parse_budget
from schemas.alerts import Alert
from schemas.errors import MonomiError
from schemas.files import Label

TOKYO = ZoneInfo("Asia/Tokyo")


def at(text: str) -> datetime:
    """Return a time of Tokyo, `2014-10-22 10:00` (a Wednesday)."""
    return datetime.fromisoformat(text).replace(tzinfo=TOKYO)


def alert(
    alert_id: str,
    when: str | datetime,
    risk: float = 0.5,
    revision: int = 1,
    operator: str = "op1",
    supervisor: str | None = "sup1",
    events: tuple[str, ...] = ("x1",),
) -> Alert:
    """Return one revision; its look-ups belong to no case unless named."""
    moment = at(when) if isinstance(when, str) else when
    return Alert(
        alert_id=alert_id,
        revision=revision,
        operator_id=operator,
        section_id=None,
        supervisor_id=supervisor,
        resident_id=None,
        opened_at=moment,
        updated_at=moment,
        first_event_at=moment,
        severity="low",
        risk=risk,
        reasons=(),
        event_ids=events,
        event_count=len(events),
        model_version="none",
    )


def case(
    label_id: str = "c1",
    events: tuple[str, ...] = ("e1",),
    operator: str = "op1",
    kind: str = "founding",
    starts: str = "2014-10-20 10:00",
    ends: str = "2014-10-22 10:00",
) -> Label:
    """Return one labelled case."""
    return Label(
        label_id=label_id,
        kind=kind,
        operator_id=operator,
        resident_id=None,
        event_ids=events,
        starts_at=at(starts),
        ends_at=at(ends),
    )


def at_budget(alerts: list[Alert], labels: list[Label], budget: float) -> AtBudget:
    """Return the measurement at one budget, in Tokyo."""
    return evaluate(alerts, labels, TOKYO, (budget,)).budgets[budget]


@pytest.mark.parametrize(
    ("when", "day"),
    [
        ("2014-10-24T14:59:59+00:00", date(2014, 10, 24)),  # Friday 23:59:59 in Tokyo
        ("2014-10-24T15:00:00+00:00", date(2014, 10, 27)),  # Saturday there
        ("2014-10-26T23:59:59+09:00", date(2014, 10, 27)),  # Sunday
        ("2014-10-27T00:00:00+09:00", date(2014, 10, 27)),  # Monday
    ],
)
def test_days_are_the_deployments_and_weekends_count_to_monday(when: str, day: date) -> None:
    """The deployment's midnight decides, not UTC's or the record's."""
    assert counting_day(datetime.fromisoformat(when), TOKYO) == day


def test_the_riskiest_alerts_of_a_supervisors_day_count() -> None:
    """With one place a day the alert of higher risk shuts out the case's."""
    alerts = [
        alert("a1", "2014-10-22 09:00", risk=0.4, events=("e1",)),
        alert("a2", "2014-10-22 11:00", risk=0.6),
    ]
    assert at_budget(alerts, [case()], 1) == AtBudget(0.0, 0.0, 1, None, {"founding": (0, 1)})
    two = at_budget(alerts, [case()], 2)
    assert (two.recall, two.precision, two.alerts) == (1.0, 0.5, 2)


def test_every_supervisor_has_a_budget_and_so_has_the_privacy_officer() -> None:
    """An alert without a supervisor competes only with others without one."""
    alerts = [
        alert("a1", "2014-10-22 09:00", risk=0.1, supervisor=None, events=("e1",)),
        alert("a2", "2014-10-22 09:00", risk=0.9, supervisor="sup1"),
        alert("a3", "2014-10-22 09:00", risk=0.8, supervisor="sup2"),
    ]
    found = at_budget(alerts, [case()], 1)
    assert (found.recall, found.alerts) == (1.0, 3)


def test_ties_go_to_the_earlier_then_to_the_lower_id() -> None:
    """Equal risk leaves no choice to the order of the file."""
    later = alert("a1", "2014-10-22 10:00", events=("e1",))
    earlier = alert("a2", "2014-10-22 09:00")
    assert at_budget([later, earlier], [case()], 1).recall == 0.0
    same = [alert("a4", "2014-10-22 09:00"), alert("a3", "2014-10-22 09:00", events=("e1",))]
    assert at_budget(same, [case()], 1).recall == 1.0


def test_an_alert_is_ranked_by_its_first_revision_of_the_day() -> None:
    """That it grew by the evening does not win it the morning's place, nor does Saturday's."""
    alerts = [
        alert("a1", "2014-10-25 09:00", risk=0.2, events=("e1",)),  # Saturday
        alert("a1", "2014-10-27 09:00", risk=0.9, revision=2, events=("e1",)),  # Monday
        alert("a2", "2014-10-27 10:00", risk=0.5),
    ]
    assert at_budget(alerts, [case()], 1).recall == 0.0
    assert at_budget(alerts[::-1], [case()], 1).recall == 0.0
    assert at_budget(alerts, [case()], 2).alerts == 2


def test_any_revision_of_a_day_that_counts_can_find_the_case() -> None:
    """The place was won by the first revision; the second one tells of the case."""
    alerts = [
        alert("a1", "2014-10-22 09:00"),
        alert("a1", "2014-10-22 12:00", revision=2, events=("x1", "e1")),
        alert("a1", "2014-10-23 12:00", revision=3, events=("x1", "e1")),
    ]
    found = at_budget(alerts, [case(starts="2014-10-20 12:00")], 1)
    assert found.median_days_to_find == 2.0
    assert found.alerts == 1


def test_a_budget_of_a_fifth_is_one_place_a_supervisor_and_iso_week() -> None:
    """Of two days of a week one counts; Saturday's alert is of Monday's week."""
    alerts = [
        alert("a1", "2014-10-20 09:00", risk=0.5),
        alert("a2", "2014-10-23 09:00", risk=0.6),
        alert("a3", "2014-10-25 09:00", risk=0.1, events=("e1",)),  # counts to the 27th
    ]
    found = at_budget(alerts, [case()], 0.2)
    assert (found.recall, found.precision, found.alerts) == (1.0, 0.5, 2)


@pytest.mark.parametrize(("strangers", "recall"), [(4, 1.0), (5, 0.0)])
def test_a_fifth_of_the_look_ups_must_be_the_cases(strangers: int, recall: float) -> None:
    """One of five is enough, one of six is not."""
    events = ("e1", *(f"x{n}" for n in range(strangers)))
    alerts = [alert("a1", "2014-10-22 12:00", events=events)]
    assert at_budget(alerts, [case()], 1).recall == recall


def test_another_operators_alert_finds_nothing() -> None:
    """The look-ups' ids alone do not do."""
    alerts = [alert("a1", "2014-10-22 12:00", operator="op2", events=("e1",))]
    assert at_budget(alerts, [case()], 1).recall == 0.0


@pytest.mark.parametrize(("when", "recall"), [("10:00:00", 1.0), ("10:00:01", 0.0)])
def test_a_case_is_missed_more_than_14_days_after_its_last_look_up(
    when: str, recall: float
) -> None:
    """Exactly 14 days is still in time."""
    alerts = [alert("a1", f"2014-11-05 {when}", events=("e1",))]
    found = at_budget(alerts, [case()], 1)
    assert (found.recall, found.precision) == (recall, recall)


def test_one_alert_can_find_two_cases_and_two_alerts_one() -> None:
    """Recall counts cases, precision counts alerts."""
    two_cases = [case("c1", ("e1",)), case("c2", ("e2",), kind="burst")]
    both = at_budget([alert("a1", "2014-10-22 12:00", events=("e1", "e2"))], two_cases, 1)
    assert both.kinds == {"burst": (1, 1), "founding": (1, 1)}
    assert both.precision == 1.0
    twice = [
        alert("a1", "2014-10-22 12:00", events=("e1",)),
        alert("a2", "2014-10-23 12:00", events=("e1",)),
    ]
    found = at_budget(twice, [case()], 1)
    assert (found.recall, found.precision, found.alerts) == (1.0, 1.0, 2)


def test_emitted_is_places_by_supervisors_and_weekdays_of_the_span() -> None:
    """Five places, two supervisors, Friday to the next Tuesday: three weekdays."""
    alerts = [
        alert("a1", "2014-10-24 09:00"),
        alert("a1", "2014-10-24 10:00", revision=2),  # the same place
        alert("a1", "2014-10-25 09:00", revision=3),  # Monday's
        alert("a1", "2014-10-27 09:00", revision=4),  # the same place
        alert("a2", "2014-10-27 09:00", supervisor="sup2"),
        alert("a2", "2014-10-28 09:00", revision=2, supervisor="sup2"),
        alert("a3", "2014-10-28 09:00"),
    ]
    assert evaluate(alerts, [], TOKYO).emitted == 5 / (2 * 3)


def test_nothing_in_gives_no_shares_and_no_division_by_zero() -> None:
    """A share of nothing is not zero."""
    result = evaluate([], [], TOKYO)
    assert result.emitted == 0.0
    assert result.budgets[1] == AtBudget(None, None, 0, None, {})


@pytest.mark.parametrize("text", ["0.2", "1", "2.0", "50"])
def test_budgets_are_a_fifth_or_whole(text: str) -> None:
    """What the contract allows is taken."""
    assert parse_budget(text) == float(text)


@pytest.mark.parametrize("text", ["0", "0.5", "1.5", "-1", "nan", "inf", "two"])
def test_other_budgets_are_refused(text: str) -> None:
    """There is no half a place."""
    with pytest.raises(MonomiError, match=r"0\.2 .* whole number"):
        parse_budget(text)


REVISIONS = st.lists(
    st.builds(
        alert,
        alert_id=st.sampled_from(["a1", "a2", "a3", "a4"]),
        when=st.integers(0, 20 * 24).map(lambda h: at("2014-10-20 00:00") + timedelta(hours=h)),
        risk=st.sampled_from([0.1, 0.5, 0.9]),
        revision=st.integers(1, 9),
        operator=st.sampled_from(["op1", "op2"]),
        supervisor=st.sampled_from(["sup1", "sup2", None]),
        events=st.lists(st.sampled_from(["e1", "e2", "x1", "x2"]), min_size=1).map(tuple),
    ),
    max_size=25,
)
CASES = [case("c1", ("e1",)), case("c2", ("e2",), operator="op2", kind="burst")]


@settings(deadline=None, max_examples=60)
@given(REVISIONS)
def test_a_larger_budget_never_finds_less(alerts: list[Alert]) -> None:
    """What one alert a week shows, more a day show too, and not later."""
    found = list(evaluate(alerts, CASES, TOKYO, (0.2, 1, 2, 5, 100)).budgets.values())
    for smaller, larger in pairwise(found):
        assert smaller.recall is not None
        assert larger.recall is not None
        assert smaller.recall <= larger.recall
        assert smaller.alerts <= larger.alerts
        assert all(smaller.kinds[kind][0] <= larger.kinds[kind][0] for kind in larger.kinds)
