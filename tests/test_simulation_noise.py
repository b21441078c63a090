"""The noise of the simulated ward: what goes astray, and honest work that looks odd."""

from __future__ import annotations

from collections import Counter, defaultdict
from datetime import date, timedelta
from functools import cache
from itertools import pairwise

import pytest

from schemas.topics import EVENT_TOPICS
from simulation.presence import _MOST_SKEW_S
from tests.wards import Coverage, Row, crowd, labelled, long_ward, moment, office, once

TOPICS = [topic.name for topic in EVENT_TOPICS]


@cache
def honest() -> list[Row]:
    """Return the office's look-ups that are no misuse, each once."""
    kinds = labelled(office())
    return [row for row in once(office().events["access.queries"]) if row["event_id"] not in kinds]


@cache
def uncovered() -> list[Row]:
    """Return the honest look-ups of a resident that no case explains within a day."""
    coverage = Coverage(office())
    return [
        row
        for row in honest()
        if row["resident_id"] and not coverage.covers(row, waiting=timedelta(days=1))
    ]


def day_of(row: Row) -> tuple[str, str]:
    """Return operator and day of a record."""
    return row["operator_id"], row["occurred_at"][:10]


@pytest.mark.parametrize("topic", TOPICS)
def test_a_few_records_come_twice_and_a_few_late(topic: str) -> None:
    """Two in a thousand twice; as many and more minutes late, and the latest by days."""
    rows = [row for ward in (office(), long_ward()) for row in ward.events[topic]]
    assert 0.001 < 1 - len(once(rows)) / len(rows) < 0.004
    behind, seen = [], set()
    for ward in (office(), long_ward()):
        newest = moment(ward.events[topic][0])
        for row in ward.events[topic]:
            if row["event_id"] not in seen:
                behind.append(newest - moment(row))
                newest = max(newest, moment(row))
                seen.add(row["event_id"])
    assert 0.002 < sum(lag > timedelta(minutes=1) for lag in behind) / len(rows) < 0.006
    assert 0 < sum(lag > timedelta(hours=12) for lag in behind) / len(rows) < 0.0004
    assert max(behind) < timedelta(days=5)


def test_some_days_have_no_door_record_and_some_sessions_no_sign_in() -> None:
    """A forgotten badge in seventy days; six sign-ins in a thousand are lost."""
    worked = {day_of(row) for row in honest()}
    seen = {day_of(row) for row in office().events["presence.doors"]}
    assert 0.007 < len(worked - seen) / len(worked) < 0.025
    signed = {
        row["session_id"]
        for row in office().events["presence.signins"]
        if row["outcome"] == "success"
    }
    sessions = {row["session_id"] for row in honest()}
    assert 0.002 < len(sessions - signed) / len(sessions) < 0.012


def test_fingers_fail_and_a_password_follows() -> None:
    """One fingerprint in fifteen fails or so; the third failure in a row ends in another way."""
    rows = once(office().events["presence.signins"])
    outcomes = Counter((row["method"], row["outcome"]) for row in rows)
    tries = outcomes["fingerprint", "success"] + outcomes["fingerprint", "failure"]
    assert 0.03 < outcomes["fingerprint", "failure"] / tries < 0.15
    assert 0.005 < outcomes["password", "success"] / tries < 0.04
    last: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        if row["outcome"] != "sign_out":
            last[row["operator_id"]].append(row)
    after_failure = [
        later["method"]
        for tries_of_one in last.values()
        for earlier, later in pairwise(tries_of_one)
        if earlier["outcome"] == "failure" and later["outcome"] == "success"
    ]
    assert Counter(after_failure)["password"] > 10


def test_door_clocks_are_up_to_two_minutes_off() -> None:
    """People come in after they sign in, by the clocks; never by more than the clocks allow."""
    first: dict[tuple[str, str], Row] = {}
    for row in once(office().events["presence.signins"]):
        first.setdefault(day_of(row), row)
    ahead_s = []
    for row in once(office().events["presence.doors"]):
        signed = first.pop(day_of(row), None)
        if signed and row["direction"] == "in":
            ahead_s.append((moment(row) - moment(signed)).total_seconds())
    early = [s for s in ahead_s if 0 < s < _MOST_SKEW_S]
    assert 0.003 < len(early) / len(ahead_s) < 0.15


def test_case_numbers_are_left_out_and_mistyped() -> None:
    """Of covered look-ups some give none, and one in a hundred or so another or none that is."""
    coverage = Coverage(office())
    cases = {case["case_id"]: case for case in office().context["work.cases"]}
    covered = [row for row in honest() if row["resident_id"] and coverage.covers(row)]
    assert 0.03 < sum(row["case_id"] is None for row in covered) / len(covered) < 0.16
    wrong = [
        row
        for row in covered
        if row["case_id"]
        and row["resident_id"]
        not in cases.get(row["case_id"], {"resident_ids": ()})["resident_ids"]
    ]
    assert 0.005 < len(wrong) / len(covered) < 0.06


def test_returned_mail_brings_hundreds_of_look_ups_without_a_case() -> None:
    """Afternoons of over a hundred, up to four hundred, mostly by one clerk."""
    a_day = Counter(day_of(row) for row in uncovered())
    batches = [count for count in a_day.values() if count > 100]
    assert 3 <= len(batches) < 40
    assert max(batches) <= 440


def test_phone_desks_hear_from_the_same_people_again() -> None:
    """About two pairs a week and section of one clerk and one home without a case, on days."""
    ward = office()
    homes = {r["resident_id"]: r["household_id"] for r in ward.context["directory.residents"]}
    terminals = {t["terminal_id"]: t["section_id"] for t in ward.context["directory.terminals"]}
    days: dict[tuple[str, str, str], set[date]] = defaultdict(set)
    for row in uncovered():
        key = (terminals[row["terminal_id"]], row["operator_id"], homes[row["resident_id"]])
        days[key].add(moment(row).date())
    pairs = Counter(
        section
        for (section, *_), seen in days.items()
        if any(later - earlier <= timedelta(days=60) for earlier, later in pairwise(sorted(seen)))
    )
    weeks = ward.plan.days / 7
    for section in ("tax", "kokuho", "kosodate", "fukushi"):
        assert 0.7 < pairs[section] / weeks < 4, section
    assert pairs["shutchojo"] / weeks < 0.5


def test_substitutes_work_elsewhere_with_or_without_an_assignment() -> None:
    """Some days of look-ups by another section's function have an assignment, some do not."""
    ward = office()
    granted = {
        row["operator_id"]: row["assignments"] for row in ward.context["directory.operators"]
    }
    substituted, unrecorded = set(), set()
    for row in honest():
        day = row["occurred_at"][:10]
        held = [
            a
            for a in granted[row["operator_id"]]
            if a["starts_on"] <= day <= (a["ends_on"] or "9999")
        ]
        if any(a["role"] == "substitute" for a in held):
            substituted.add(day_of(row))
        elif held and not any(row["function"] in a["functions"] for a in held):
            unrecorded.add(day_of(row))
    assert len(substituted) > 10
    assert len(unrecorded) > 5


def test_renewals_are_entered_some_days_late() -> None:
    """After 31 March some work on for days that no assignment of theirs knows, then it does."""
    coverage = Coverage(office())
    homeless = [row for row in honest() if not coverage.sections(row)]
    assert {row["occurred_at"][:7] for row in homeless} == {"2014-04"}
    assert max(row["occurred_at"][8:10] for row in homeless) <= "11"
    assert 2 <= len({row["operator_id"] for row in homeless}) < 20


def test_new_clerks_do_less_and_slip_more() -> None:
    """In their first five weeks they look up less a day, and leave the number out more often."""
    ward = long_ward()
    joined = {
        row["operator_id"]: date.fromisoformat(min(a["starts_on"] for a in row["assignments"]))
        for row in ward.context["directory.operators"]
    }
    given: dict[bool, list[bool]] = {True: [], False: []}
    worked: dict[bool, set[tuple[str, str]]] = {True: set(), False: set()}
    coverage = Coverage(ward)
    for row in once(ward.events["access.queries"]):
        new = moment(row).date() - joined[row["operator_id"]] < timedelta(days=35)
        worked[new].add(day_of(row))
        if row["resident_id"] and coverage.covers(row):
            given[new].append(row["case_id"] is None)
    blank = {new: sum(rows) / len(rows) for new, rows in given.items()}
    assert blank[True] > 1.3 * blank[False]


def test_a_figure_in_the_news_is_looked_at_by_honest_people_too() -> None:
    """Within some days of the news several look at one figure, with a case and without."""
    known = {
        r["resident_id"] for r in office().context["directory.residents"] if r["public_figure"]
    }
    looks = [row for row in honest() if row["resident_id"] in known]
    soon = timedelta(days=10)
    crowds = [
        {
            row["operator_id"]
            for row in looks
            if row["resident_id"] == first["resident_id"]
            and timedelta(0) <= moment(row) - moment(first) < soon
        }
        for first in looks
    ]
    assert max(map(len, crowds)) >= 4
    without = sum(row["resident_id"] in known for row in uncovered())
    assert 0 < without < 0.6 * len(looks)


def test_clerks_serve_whom_they_know_and_the_protected_mostly_with_a_case() -> None:
    """Neighbours, colleagues and protected residents come too; without a case it is rare."""
    residents = {r["resident_id"]: r for r in office().context["directory.residents"]}
    homes = {r["operator_id"]: r for r in office().context["directory.operators"]}
    colleagues = {row["resident_token"] for row in homes.values()}
    looks, bare = Counter[str](), {row["event_id"] for row in uncovered()}
    for row in honest():
        resident = residents.get(row["resident_id"])
        if resident is None:
            continue
        state = "without" if row["event_id"] in bare else "with"
        looks["protected " + state] += resident["protected"]
        looks["neighbour " + state] += resident["block_id"] == homes[row["operator_id"]]["block_id"]
        looks["colleague " + state] += row["resident_id"] in colleagues
    for whom, most in (("protected", 0.15), ("neighbour", 0.3), ("colleague", 0.3)):
        assert looks[whom + " with"] > 30
        assert 0 < looks[whom + " without"] / looks[whom + " with"] < most, whom


def test_lists_and_streets_are_the_work_of_a_few() -> None:
    """Lists of hundreds come early in the month; most lists and long wildcards from few people."""
    lists = [row for row in honest() if row["function"].endswith(".list")]
    assert len(lists) > 10
    assert {row["action"] for row in lists} == {"export", "print"}
    assert all(row["occurred_at"][8:10] <= "07" for row in lists)
    streets = Counter(
        row["operator_id"]
        for row in honest()
        if row["search"]
        and row["search"]["wildcard"]
        and row["resident_id"] is None
        and row["search"]["kind"] == "address"
        and row["search"]["hits"] >= 5
    )
    assert streets


def test_some_are_away_for_months_and_come_back() -> None:
    """An account that rests is not yet a sign: some honest ones rest over two months."""
    ward = crowd(2)
    days: dict[str, list[date]] = defaultdict(list)
    for row in once(ward.events["presence.doors"]):
        days[row["operator_id"]].append(moment(row).date())
    guilty = {label["operator_id"] for label in ward.labels}
    permanent = {
        row["operator_id"]
        for row in ward.context["directory.operators"]
        if row["assignments"][-1]["employment"] == "permanent"
    }
    rested = {
        operator_id
        for operator_id, seen in days.items()
        if any(later - earlier > timedelta(days=60) for earlier, later in pairwise(seen))
    }
    assert rested & permanent - guilty
