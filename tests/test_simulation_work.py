"""The honest work of the simulated ward: cases, presence, hours and seasons."""

from __future__ import annotations

from collections import Counter, defaultdict
from datetime import timedelta

from tests.wards import (
    FOUNDING_DAYS,
    Coverage,
    fortnight,
    labelled,
    long_ward,
    moment,
    office,
    once,
)


def test_each_desk_has_its_share_of_honest_look_ups_without_a_case() -> None:
    """Nearly none to over a third, and some of them get their case within hours."""
    ward = office()
    coverage, kinds = Coverage(ward), labelled(ward)
    of, without, later = Counter[str](), Counter[str](), 0
    terminals = {t["terminal_id"]: t["section_id"] for t in ward.context["directory.terminals"]}
    for row in once(ward.events["access.queries"]):
        if row["resident_id"] is None or row["event_id"] in kinds:
            continue
        desk = terminals[row["terminal_id"]]
        of[desk] += 1
        if not coverage.covers(row):
            explained = coverage.covers(row, waiting=timedelta(days=1))
            later += explained
            without[desk] += not explained
    share = {desk: without[desk] / look_ups for desk, look_ups in of.items()}
    assert len(share) == 7
    assert 0.28 < share["fukushi"] < 0.4
    for desk in ("tax", "kokuho", "kosodate", "nenkin"):
        assert 0.08 < share[desk] < 0.26, desk
    for desk in ("juminhyo", "shutchojo"):
        assert share[desk] < 0.06, desk
    assert later / of.total() > 0.005


def test_honest_uncovered_repeats_happen_and_are_rare() -> None:
    """Fewer than five a supervisor and week, more than one in ten weeks."""
    ward = long_ward()
    coverage, kinds = Coverage(ward), labelled(ward)
    days: dict[tuple[str, str], set[str]] = defaultdict(set)
    for row in ward.events["access.queries"]:
        if row["resident_id"] and row["event_id"] not in kinds and not coverage.covers(row):
            days[row["operator_id"], row["resident_id"]].add(row["occurred_at"][:10])
    repeats = sum(len(seen) > 1 for seen in days.values())
    supervisor_weeks = 4 * FOUNDING_DAYS / 7
    assert 0.1 < repeats / supervisor_weeks < 5


def test_look_ups_mostly_follow_a_sign_in_of_their_session() -> None:
    """All but a few sessions have a record of success before their first look-up."""
    ward = fortnight()
    signed = {
        (row["operator_id"], row["session_id"], row["terminal_id"]): row["occurred_at"]
        for row in ward.events["presence.signins"]
        if row["outcome"] == "success"
    }
    known = [
        signed.get((row["operator_id"], row["session_id"], row["terminal_id"]), "9999")
        < row["occurred_at"]
        for row in ward.events["access.queries"]
    ]
    assert 0.97 < sum(known) / len(known) < 1.0


def test_signed_out_sessions_see_no_more_look_ups() -> None:
    """A sign-out ends its session."""
    ward = fortnight()
    ended = {
        row["session_id"]: row["occurred_at"]
        for row in ward.events["presence.signins"]
        if row["outcome"] == "sign_out"
    }
    assert ended
    for row in ward.events["access.queries"]:
        assert row["occurred_at"] <= ended.get(row["session_id"], "9999")


def test_people_walk_in_before_they_look_up() -> None:
    """Most look-ups have a door record `in` of that day before them."""
    ward = fortnight()
    entries: dict[tuple[str, str], str] = {}
    for row in ward.events["presence.doors"]:
        if row["direction"] == "in":
            entries.setdefault((row["operator_id"], row["occurred_at"][:10]), row["occurred_at"])
    inside = [
        entries.get((row["operator_id"], row["occurred_at"][:10]), "9999") < row["occurred_at"]
        for row in ward.events["access.queries"]
    ]
    assert 0.93 < sum(inside) / len(inside) < 1.0


def test_closed_days_belong_to_openings_shifts_and_insiders() -> None:
    """On weekends, holidays and at the year's end honest work has an approved shift."""
    ward, kinds = long_ward(), labelled(long_ward())
    on_shift = {(row["operator_id"], row["starts_at"][:10]) for row in ward.context["work.shifts"]}
    new_year = [f"2014-01-0{day}" for day in (1, 2, 3)]
    for row in ward.events["access.queries"]:
        if row["event_id"] not in kinds:
            assert (row["operator_id"], row["occurred_at"][:10]) in on_shift
            assert row["occurred_at"][:10] not in new_year
    sundays = [row for row in ward.events["access.queries"] if moment(row).weekday() == 6]
    openings = {
        opening["date"]
        for section in ward.context["directory.sections"]
        for opening in section["openings"]
    }
    assert {row["occurred_at"][:10] for row in sundays if row["event_id"] not in kinds} <= openings
    assert openings


def test_the_day_dips_at_lunch_and_the_year_peaks_with_the_moves() -> None:
    """Noon has under half of eleven's work; the movers' desk is busiest around 1 April."""
    look_ups = office().events["access.queries"]
    hours = Counter(row["occurred_at"][11:13] for row in look_ups)
    assert hours["12"] < hours["11"] / 2
    moves = [row["occurred_at"] for row in look_ups if row["function"] == "juminhyo.update"]
    spring = sum("2014-03-20" <= at < "2014-04-10" for at in moves) / 21
    winter = sum("2014-01-10" <= at < "2014-02-28" for at in moves) / 49
    assert spring > 1.4 * winter


def test_now_and_then_an_afternoon_of_returned_mail_comes() -> None:
    """Some honest clerk looks up more than a hundred residents in an afternoon."""
    ward, kinds = long_ward(), labelled(long_ward())
    afternoons = Counter(
        (row["operator_id"], row["occurred_at"][:10])
        for row in ward.events["access.queries"]
        if row["event_id"] not in kinds and row["occurred_at"][11:13] >= "12"
    )
    assert max(afternoons.values()) > 100


def test_the_mean_day_is_the_plans() -> None:
    """A person on duty makes about as many look-ups as the plan asks for."""
    look_ups = fortnight().events["access.queries"]
    days = {(row["operator_id"], row["occurred_at"][:10]) for row in look_ups}
    assert 0.8 < len(look_ups) / len(days) / fortnight().plan.lookups_per_day < 1.25
